"""`manage.py prepare`: what must be done once before the processes of an installation start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dashboard.launch.errors import LaunchError
from dashboard.launch.preparation import prepare


class Command(BaseCommand):
    help = "Migrates the database, collects the static files, and makes the first board, administrator and screen where they are missing."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            first = prepare(settings.ENV)
        except LaunchError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Prepared. The board is /wall/{first.board_slug}/; log in as {first.admin_email}.")
        if first.admin_password:
            self.stdout.write(f"The password, shown this once: {first.admin_password}")
