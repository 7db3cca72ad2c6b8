"""A page on a wall, and the pictures that people put on it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Profile(models.TextChoices):
    """For whom a board is. The floor sees first names or initials, executives no names, supervisors all of it."""

    FLOOR = "floor"
    SUPERVISOR = "supervisor"
    EXECUTIVE = "executive"


class Names(models.TextChoices):
    """How much of an agent's name leaves the server for this board."""

    FULL = "full"
    FIRST = "first"
    INITIALS = "initials"
    NONE = "none"


class Board(models.Model):
    """`account` names an account of the environment. `line_ids` and `group_ids` filter its feeds; empty means all.

    `distance_m` is how far away the viewers stand (3, 5 or 8) and `screen_inches` the diagonal they look at: they choose the size of type
    and what the editor warns of. `time_zone` empty: the account's. `bands`: counts of waiting callers are shown as bands ("1–3").
    `widgets` is the list of tiles in the form of `dashboard.widgets.layout`; None: the standard layout. `revision` grows with every save,
    so that two editors cannot overwrite each other unseen.
    """

    slug = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=80)
    account = models.CharField(max_length=60, default="main")
    line_ids = models.JSONField(default=list, blank=True)
    group_ids = models.JSONField(default=list, blank=True)
    theme = models.CharField(max_length=10, default="dark")
    distance_m = models.PositiveSmallIntegerField(default=5)
    screen_inches = models.PositiveSmallIntegerField(default=55)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, blank=True, default="")
    profile = models.CharField(max_length=12, choices=Profile.choices, default=Profile.SUPERVISOR)
    names = models.CharField(max_length=10, choices=Names.choices, default=Names.FULL)
    bands = models.BooleanField(default=False)
    chime = models.BooleanField(default=True)
    speech = models.BooleanField(default=False)
    widgets = models.JSONField(null=True, blank=True, default=None)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=254, blank=True)

    def __str__(self) -> str:
        return self.slug


class BoardImage(models.Model):
    """A picture for the image widget, in the database so that every machine that serves pages has it. `digest` is the SHA-256 of `content`,
    which was decoded and encoded anew before it was kept (boards/images.py): nothing that came from outside is served as it came."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    uploaded_by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.name
