"""`manage.py create_user <e-mail>`: another person who may log in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import IntegrityError

from dashboard.accounts.keys import new_password
from dashboard.models import Role, User


class Command(BaseCommand):
    help = "Make a person with a random password, which stands alone on the last line; they change it after the first login."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.values, default=Role.VIEWER.value)

    def handle(self, *args: Any, **options: Any) -> None:
        email, password = options["email"].strip().lower(), new_password()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None
        try:
            User.objects.create(email=email, role=options["role"], password=password)
        except IntegrityError:
            raise CommandError(f"{email} exists already; `manage.py set_password {email}` gives a new password.") from None
        self.stdout.write(f"{email} may log in as {options['role']}. The password is shown this once:")
        self.stdout.write(password)
