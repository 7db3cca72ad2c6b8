"""`manage.py run_emulator`: the emulated vendor as a process of its own; needs neither Redis nor a database.

In:  options, or EMULATOR_* variables for the credentials, which other users of the machine could read from a command line.
Out: one line `EMULATOR READY http://host:port` once it answers; ends with 0 on SIGINT or SIGTERM.
"""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dashboard.emulator.clock import EmulatorClock
from dashboard.emulator.options import PLANS, EmulatorSettings
from dashboard.emulator.scenarios import SCENARIOS
from dashboard.emulator.server import bound_socket, server_for, url_of
from dashboard.emulator.simulated import SimulatedFloor

CREDENTIALS = (
    "email",
    "token",
    "password",
    "oauth_token",
    "oauth_client_id",
    "oauth_client_secret",
    "agent_email",
    "agent_token",
    "restricted_email",
    "restricted_token",
)
_FIELD = {"token": "api_token", "oauth_token": "bearer_token"}


class Command(BaseCommand):
    """Serve an emulated Zendesk account."""

    help = "Serve an emulated Zendesk account: a simulated call centre and its help desk behind the vendor's own API."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration)

    def add_arguments(self, parser: ArgumentParser) -> None:
        defaults = EmulatorSettings()
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8100, help="0 takes a free one (default: 8100)")
        parser.add_argument("--seed", type=int, default=defaults.seed, help="the same seed gives the same day (default: 1)")
        parser.add_argument("--speed", type=float, default=defaults.speed, help="simulated seconds a second, 0 to 3600 (default: 1)")
        parser.add_argument("--start", type=_moment, help="simulated time at the start, such as 2026-11-21T09:00:00Z (default: now)")
        parser.add_argument("--scenario", default=defaults.scenario, help=f"{', '.join(SCENARIOS)} (default: normal)")
        parser.add_argument("--plan", default=defaults.plan, choices=PLANS)
        parser.add_argument(
            "--timezone", default=defaults.time_zone, help="of the account: its midnight resets the counters (default: UTC)"
        )
        parser.add_argument("--agents", type=int, default=defaults.agents_count, help="default: 18")
        parser.add_argument(
            "--tickets", type=int, default=defaults.tickets_count, help="that there are at the start's midnight (default: 400)"
        )
        parser.add_argument("--token-ttl-s", type=int, default=defaults.token_ttl_s, help="life of an OAuth access token (default: 1800)")
        for name in CREDENTIALS:
            default = getattr(defaults, _FIELD.get(name, name))
            parser.add_argument(
                f"--{name.replace('_', '-')}",
                default=os.environ.get(f"EMULATOR_{name.upper()}", default),
                help=f"also EMULATOR_{name.upper()} (default: {default})",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            settings = EmulatorSettings(
                seed=options["seed"],
                time_zone=options["timezone"],
                agents_count=options["agents"],
                tickets_count=options["tickets"],
                scenario=options["scenario"],
                plan=options["plan"],
                speed=options["speed"],
                start=options["start"],
                token_ttl_s=options["token_ttl_s"],
                **{_FIELD.get(name, name): options[name] for name in CREDENTIALS},
            )
            if not 0 <= options["port"] <= 65535:
                raise ValueError(f"The port must be from 0 to 65535, not {options['port']}.")
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong
        try:
            bound = bound_socket(options["host"], options["port"])
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise CommandError(f"The emulator cannot listen on {options['host']}:{options['port']}: {reason}.") from error
        with bound:
            signal.signal(signal.SIGTERM, _end)
            signal.signal(signal.SIGINT, _end)
            try:
                server = server_for(
                    settings, SimulatedFloor, EmulatorClock(settings.start, settings.speed), lambda: self._ready(url_of(bound))
                )
            except ValueError as wrong:
                raise CommandError(str(wrong)) from wrong
            # uvicorn catches the signals, ends in good order and raises them again, which then comes to `_end`.
            server.run(sockets=[bound])
        if not server.started:
            sys.exit(1)

    def _ready(self, url: str) -> None:
        self.stdout.write(f"EMULATOR READY {url}")
        self.stdout.flush()


def _moment(text: str) -> datetime:
    """An aware time. ArgumentTypeError, which argparse prints, for anything else."""
    try:
        moment: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} is no time with its offset from UTC, such as 2026-11-21T09:00:00Z")
    return moment


def _end(signum: int, frame: object) -> None:
    raise SystemExit(0)
