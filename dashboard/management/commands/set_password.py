"""`manage.py set_password <e-mail>`: for whoever lost theirs, the first administrator too."""

from __future__ import annotations

from typing import Any

from axes.utils import reset
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.accounts.keys import new_password
from dashboard.models import User


class Command(BaseCommand):
    help = "Give a person a new random password, which stands alone on the last line. Ends their sessions and any lock after failed logins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        email, password = options["email"].strip().lower(), new_password()
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(f"There is no user {email!r}.")
        user.set_password(password)
        user.save(update_fields=["password"])
        reset(username=email)
        self.stdout.write(f"{email} has a new password{'' if user.is_active else ', but is not active'}. It is shown this once:")
        self.stdout.write(password)
