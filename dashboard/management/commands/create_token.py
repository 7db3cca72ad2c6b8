"""`manage.py create_token`: a Bearer token for another program."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.accounts.keys import digest_of, new_token
from dashboard.models import ApiToken, Role, User


class Command(BaseCommand):
    help = "Make a token for `Authorization: Bearer`. It may what its user may. It stands alone on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", default="", help="whose eyes it reads with, by e-mail address (default: the first administrator)")
        parser.add_argument("--name", default="Token", help="what it is for, such as data warehouse")

    def handle(self, *args: Any, **options: Any) -> None:
        active = User.objects.filter(is_active=True).order_by("pk")
        email = options["user"].lower()
        user = (active.filter(email=email) if email else active.filter(role=Role.ADMINISTRATOR)).first()
        if user is None:
            raise CommandError(f"There is no active user {email!r}." if email else "There is no active administrator; say --user.")
        token = new_token()
        ApiToken.objects.create(name=options["name"][:80], user=user, digest=digest_of(token))
        self.stdout.write(f"A token that reads as {user.email} ({user.role}). It is shown this once:")
        self.stdout.write(token)
