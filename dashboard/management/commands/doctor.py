"""`manage.py doctor`: what is right, what is wrong, and the remedy, line by line."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dashboard.alerts import smtp
from dashboard.launch.doctor.finding import examine
from dashboard.launch.doctor.mail import sent_test
from dashboard.launch.doctor.report import as_json, as_text, checks, failed


class Command(BaseCommand):
    help = "Looks at everything an installation stands on; exit code 1 when anything fails."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--send-test", metavar="ADDRESS", default="", help="also sends a test mail there")

    def handle(self, *_args: Any, **options: Any) -> None:
        findings = examine(checks(settings.ENV))
        if address := options["send_test"]:
            test = ("Test mail", lambda: sent_test(settings.ENV, address, datetime.now(UTC)))
            findings += examine([test], smtp.DEADLINE_S + smtp.ANSWER_S + 1)
        self.stdout.write(as_json(findings) if options["json"] else as_text(findings))
        if failed(findings):
            sys.exit(1)
