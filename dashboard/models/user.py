"""A person who logs in, by e-mail address."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Role(models.TextChoices):
    """What a person may do: administrators change settings, supervisors act, viewers look."""

    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    VIEWER = "viewer"


class Users(BaseUserManager["User"]):
    """Makes people; the address is kept in lower case so that one person is one row."""

    def create(self, **fields: Any) -> User:
        password = fields.pop("password", None)
        user = self.model(**{**fields, "email": fields["email"].lower()})
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """`password` is hashed with Argon2. A person who left is made inactive, never deleted: what they did keeps a name."""

    email = models.EmailField(unique=True)
    role = models.CharField(max_length=20, default=Role.VIEWER)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    objects: ClassVar[Users] = Users()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.email
