"""`manage.py up`: start everything and watch it."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dashboard.launch.console import Console
from dashboard.launch.stop_signals import StopSignals
from dashboard.launch.up import run


class Command(BaseCommand):
    help = "Starts everything that no variable says is there already, and watches it; Ctrl-C ends all."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        os.umask(0o077)  # the database, logs and dumps that the children write are their owner's alone
        with StopSignals() as signals:
            code = run(settings.ENV, Console(sys.stdout), signals)
        sys.exit(code)
