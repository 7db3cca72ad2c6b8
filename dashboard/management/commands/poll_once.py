"""`manage.py poll_once [feed …]`: asks the vendor now, within the budget, and prints what came.

Prints numbers and counts, no names, phone numbers or credentials. What comes is stored as if a worker had asked.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

import redis as redis_py
from django.core.management.base import BaseCommand, CommandError

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AgentsActivity, Body
from dashboard.domain.totals import totals
from dashboard.models import Board
from dashboard.polling import poller
from dashboard.polling.budget import BudgetError
from dashboard.polling.feeds import Plan, base_interval_s, planned
from dashboard.polling.poller import utc_now
from dashboard.polling.which import source_of
from dashboard.sources import registry
from dashboard.sources.errors import SourceError
from dashboard.store import snapshots
from dashboard.store.connection import client
from dashboard.store.snapshots import Outcome


class Command(BaseCommand):
    help = "Polls the feeds that the boards need, or those named, and prints what came."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ", ".join(endpoint.value for endpoint in Endpoint)
        parser.add_argument("feeds", nargs="*", metavar="feed", help=f"such as main:current_queue_activity, or one of {names}")

    def handle(self, *_args: Any, **options: Any) -> None:
        feeds = [_feed(name) for name in options["feeds"]] or sorted(planned(Board.objects.all(), set()))
        if not feeds:
            raise CommandError("There is no board yet, so no feed is needed; name one, or run `manage.py prepare`.")
        good = [self._poll(feed) for feed in feeds]  # all of them, also when the first fails
        if not all(good):
            sys.exit(1)

    def _poll(self, feed: Feed) -> bool:
        redis = client()
        try:
            source = source_of(feed)
            outcome = poller.poll(feed, redis=redis, source=source, plan=Plan(base_interval_s(feed.endpoint), watched=False), clock=utc_now)
            reading = snapshots.load_readings(redis, [feed]).get(feed)
        except SourceError as error:
            raise CommandError(f"{error.message} Set ZENDESK_URL, or run `manage.py up`, which starts the emulator.") from error
        except (BudgetError, redis_py.RedisError) as error:
            raise CommandError(f"Redis does not answer ({type(error).__name__}); nothing is asked without the budget.") from error
        said = told(outcome)
        self.stdout.write(f"{feed.id}: {said or 'ok'}")
        if not said and reading is not None:
            for name, value in shown(reading.body).items():
                self.stdout.write(f"  {name:<36} {'not sent' if value is None else value}")
        return not said


def _feed(name: str) -> Feed:
    try:
        account = registry.KAYAKO if name == Endpoint.CASES else registry.ACCOUNT
        return Feed.parse(name if ":" in name else f"{account}:{name}")
    except ValueError:
        raise CommandError(f"{name!r} is no feed; the endpoints are {', '.join(endpoint.value for endpoint in Endpoint)}.") from None


def told(outcome: Outcome) -> str:
    """Why nothing came, in a sentence; empty when something did."""
    if outcome.waiting:
        return f"not asked: it waits until {outcome.retry_at:%H:%M:%S} UTC" if outcome.retry_at else "not asked: it waits"
    return outcome.error_message or ""


def shown(body: Body) -> dict[str, float | int | None]:
    """The numbers of an answer by their names; of agents the sums over all, since a person's name is not for a terminal."""
    if isinstance(body, AgentsActivity):
        return dict(totals(body))
    return {name: value for name, value in asdict(body).items() if value is None or isinstance(value, int)}
