"""`manage.py serve`: the web server alone, for installations of several processes."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dashboard.launch.errors import LaunchError
from dashboard.launch.web import serve


class Command(BaseCommand):
    help = "Serves the pages, the API and the sockets on HOST and PORT."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            code = serve(settings.ENV.host, settings.ENV.port)
        except LaunchError as error:
            raise CommandError(str(error)) from error
        sys.exit(code)
