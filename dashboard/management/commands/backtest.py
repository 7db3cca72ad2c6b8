"""`manage.py backtest 3`, or `manage.py backtest --metric longest_wait_time --above 3:00 --for 30`: what a rule would have told.

In:  a rule's number, or a rule in words; how many days. Out: the sentence of the rules' page, the incidents, a small picture of text.
"""

from __future__ import annotations

import zoneinfo
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from dashboard.alerts.rules import feed_of, spec_of
from dashboard.domain.amounts import AmountError, duration_s, leave_for, parse, say, span
from dashboard.domain.catalogue import CATALOGUE, Unit
from dashboard.domain.rules import RuleSpec, problems
from dashboard.incidents.rules_try import DEFAULT_DAYS, MOST_DAYS, Tried, try_on, verdict
from dashboard.models import Direction, Kind, Rule
from dashboard.sources.registry import ACCOUNT
from dashboard.store.connection import client

BLOCKS = " ▁▂▃▄▅▆▇█"
NO_DATA = "·"
WIDTH = 72
SHOWN = 20


class Command(BaseCommand):
    help = "Run a rule over the stored history, by the code that judges live: how often, how long and when it would have told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", nargs="?", type=int, help="a rule's number, as in the address of its page")
        parser.add_argument("--metric", help="instead of a rule: a metric of the catalogue, such as longest_wait_time")
        parser.add_argument("--above", help="its limit, such as 3:00, 8 or 5%%")
        parser.add_argument("--below", help="the same for a metric that is bad when it is low")
        parser.add_argument("--leave", help="where it is over again (a tenth on the calm side of the limit)")
        parser.add_argument("--for", dest="held_for", default="0", help="for how long, such as 30 or 2min (0)")
        parser.add_argument("--keep", default="60", help="over when it is back for so long (60)")
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help=f"over the last so many days, 1 to {MOST_DAYS} ({DEFAULT_DAYS})")

    def handle(self, **options: Any) -> None:
        days = options["days"]
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(f"--days must be from 1 to {MOST_DAYS}.")
        rule = _stored(options["rule"]) if options["rule"] is not None else _typed(options)
        spec, feed = spec_of(rule), feed_of(rule)
        for problem in problems(spec):
            raise CommandError(problem.message)
        if feed is None:
            raise CommandError("A rule about the data itself has no past to be tried on.")
        zone = zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)
        try:
            tried = try_on(client(), spec, feed, days=days, now=timezone.now(), zone=zone)
        except DatabaseError as error:
            raise CommandError("The history cannot be read: the database does not answer.") from error
        self._print(tried, spec, CATALOGUE[spec.metric].unit, zone)

    def _print(self, tried: Tried, spec: RuleSpec, unit: Unit, zone: zoneinfo.ZoneInfo) -> None:
        found = tried.found
        self.stdout.write(verdict(found))
        self.stdout.write("")
        self.stdout.write(_picture(tried, spec))
        self.stdout.write(f"{found.start.astimezone(zone):%-d %b %Y} to {found.end.astimezone(zone):%-d %b %Y}; {NO_DATA} no data")
        if not found.incidents:
            return
        self.stdout.write("")
        self.stdout.write("By hour   " + "".join(f"{hour:>3}" for hour in range(24)))
        self.stdout.write("openings  " + "".join(f"{count or NO_DATA:>3}" for count in found.by_hour))
        self.stdout.write("")
        for each in found.incidents[-SHOWN:]:
            lasted = span(each.lasted_s(found.end)) if each.resolved_at else "still open"
            when = f"{each.opened_at.astimezone(zone):%a %-d %b %H:%M:%S}"
            self.stdout.write(f"{when:<20} {each.severity.value:<9} for {lasted:<12} worst {say(each.worst_value, unit)}")
        if len(found.incidents) > SHOWN:
            self.stdout.write(f"and {len(found.incidents) - SHOWN} before them.")


def _stored(pk: int) -> Rule:
    found = Rule.objects.filter(pk=pk, deleted_at=None).first()
    if found is None:
        known = ", ".join(f"{rule.pk} ({rule.name})" for rule in Rule.objects.filter(deleted_at=None).order_by("pk")[:20])
        raise CommandError(f"There is no rule {pk}. There are: {known or 'none'}.")
    return found


def _typed(options: dict[str, Any]) -> Rule:
    metric = CATALOGUE.get(options["metric"] or "")
    if metric is None:
        raise CommandError("Give a rule's number, or --metric with a name of the catalogue (manage.py print_catalogue).")
    if (options["above"] is None) == (options["below"] is None):
        raise CommandError("Give one limit: --above or --below.")
    higher = options["above"] is not None
    try:
        enter = parse(options["above"] if higher else options["below"], metric.unit)
        leave = leave_for(enter, metric.unit, higher_is_worse=higher) if options["leave"] is None else parse(options["leave"], metric.unit)
        held_for_s, keep_s = duration_s(options["held_for"]), duration_s(options["keep"])
    except AmountError as error:
        raise CommandError(str(error)) from error
    return Rule(
        name="typed",
        account=ACCOUNT,
        kind=Kind.THRESHOLD,
        metric=metric.name,
        direction=Direction.ABOVE if higher else Direction.BELOW,
        warning_enter=enter,
        warning_leave=leave,
        warning_for_s=round(held_for_s),
        keep_s=round(keep_s),
    )


def _picture(tried: Tried, spec: RuleSpec) -> str:
    """One line: the worst value of each step as a block of its height, and under it where the rule would have told."""
    past = tried.past
    step = max(timedelta(minutes=1), (past.end - past.start) / WIDTH)
    values: list[float | None] = [None] * WIDTH
    for block in past.blocks:
        place = min(WIDTH - 1, int((block.at - past.start) / step))
        if block.last is not None:
            worst, held = (block.high, values[place]) if spec.higher_is_worse else (block.low, values[place])
            values[place] = worst if held is None else max(held, worst) if spec.higher_is_worse else min(held, worst)
    known = [value for value in values if value is not None]
    low, top = min([0.0, *known]), max([0.0, *known])  # a difference may be below 0
    height = (len(BLOCKS) - 1) / ((top - low) or 1.0)
    line = "".join(NO_DATA if value is None else BLOCKS[round((value - low) * height)] for value in values)
    told = [" "] * WIDTH
    for incident in tried.found.incidents:
        told[min(WIDTH - 1, max(0, int((incident.opened_at - past.start) / step)))] = "^"
    return f"{line}\n{''.join(told)}"
