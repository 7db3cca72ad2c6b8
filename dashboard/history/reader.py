"""What a metric was, minute by minute, from the database.

In:  a feed, a metric's name, a time. Out: minutes in the order of time; a minute without a value is not there.
Only the wanted metric is unpacked. Must not read Redis: the newest minutes, not written yet, are in the ring (span.py).
"""

from __future__ import annotations

import logging
import math
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.db.models import Q

from dashboard.domain.feeds import Feed
from dashboard.domain.minutes import MINUTE_S, Folded
from dashboard.history import layouts
from dashboard.history.feeds import stored_name
from dashboard.history.packing import UnreadableError, unpacked
from dashboard.models import Minute

logger = logging.getLogger(__name__)

QUARTER_MINUTES = 15
QUARTER = timedelta(minutes=QUARTER_MINUTES)
CHUNK = 2000

Figure = Literal["min", "mean", "max", "last"]


@dataclass(frozen=True, slots=True)
class MinuteValue:
    """One metric in the minute that begins `at` (aware UTC), in its own unit; `live_ratio` of its feed, 0..1.

    `mean` weighs each reading by how long it stood. `reset`: a daily total fell at the account's midnight; `corrected`: at another time.
    """

    at: datetime
    min: float
    mean: float
    max: float
    last: float
    live_ratio: float
    reset: bool
    corrected: bool


def minutes(feed: Feed, metric_name: str, start: datetime, end: datetime) -> list[MinuteValue]:
    """The minutes that begin at start <= at < end (aware), oldest first; empty for a feed or a metric without history."""
    found = rows(feed, metric_name, start, end)
    return [value(minute, live_ratio, figures) for minute, live_ratio, figures in found if figures is not None]


def rows(feed: Feed, metric_name: str, start: datetime, end: datetime) -> Iterator[tuple[int, float, Folded | None]]:
    """The same for those who fold thousands: (minute since 1970, live ratio, the metric's figures). Without figures: the minute had no
    reading of it, though its feed was live for a part of it."""
    first, last = (math.ceil(at.timestamp() / MINUTE_S) for at in (start, end))
    return _rows(feed, metric_name, Q(minute__gte=first, minute__lt=last))


def quarter_values(feed: Feed, metric_name: str, at: datetime, weeks: int, time_zone: str, *, figure: Figure = "max") -> list[float]:
    """One figure of each minute in the same quarter of an hour of the same weekday, in each of the `weeks` before that of `at`.

    By the clock of `time_zone`: 9:15 stays 9:15 over a change to summer time. Of a quarter that a change back made happen twice, both;
    of one that it skipped, none. Oldest first. zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    starts = [int(start.timestamp()) // MINUTE_S for start in _quarters(at, weeks, zoneinfo.ZoneInfo(time_zone))]
    # By number, not by range: for several ranges joined by "or", SQLite would look at every minute of the feed.
    wanted = Q(minute__in=[minute for start in starts for minute in range(start, start + QUARTER_MINUTES)])
    return [getattr(found, figure) for _, _, found in _rows(feed, metric_name, wanted) if found is not None]


def quarters(
    feed: Feed, metric_name: str, at: datetime, weeks: int, time_zone: str, *, around: int, figure: Figure = "max"
) -> dict[int, list[list[float]]]:
    """The same of that quarter and of `around` before and after it: by the distance from it (-around to around) the values of each."""
    zone = zoneinfo.ZoneInfo(time_zone)
    found: dict[int, list[list[float]]] = {}
    of_minute: dict[int, list[float]] = {}
    for distance in range(-around, around + 1):
        for start in _quarters(at, weeks, zone, distance):
            values: list[float] = []
            found.setdefault(distance, []).append(values)
            first = int(start.timestamp()) // MINUTE_S
            of_minute |= dict.fromkeys(range(first, first + QUARTER_MINUTES), values)
    for minute, _, figures in _rows(feed, metric_name, Q(minute__in=list(of_minute))):  # by number, as above
        if figures is not None:
            of_minute[minute].append(getattr(figures, figure))
    return found


def _quarters(at: datetime, weeks: int, zone: zoneinfo.ZoneInfo, distance: int = 0) -> Iterator[datetime]:
    """When those quarters began, aware UTC; with a distance, those so many quarters later by the clock."""
    local = at.astimezone(zone)
    local = local.replace(minute=local.minute - local.minute % QUARTER_MINUTES, second=0, microsecond=0, tzinfo=None)
    for week in range(1, weeks + 1):
        then = local + distance * QUARTER - timedelta(weeks=week)
        found = {then.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        yield from sorted(start for start in found if start.astimezone(zone).replace(tzinfo=None) == then)


def value(minute: int, live_ratio: float, found: Folded) -> MinuteValue:
    """A minute (since 1970) with what its metric was."""
    at = datetime.fromtimestamp(minute * MINUTE_S, UTC)
    return MinuteValue(at, found.min, found.mean, found.max, found.last, live_ratio, found.reset, found.corrected)


def _rows(feed: Feed, metric_name: str, wanted: Q) -> Iterator[tuple[int, float, Folded | None]]:
    places = layouts.places(metric_name)
    found = Minute.objects.filter(wanted, feed__feed=stored_name(feed)).order_by("minute")
    unreadable = 0
    for minute, live_ratio, layout, packed in found.values_list("minute", "live_ratio", "layout", "packed").iterator(CHUNK):
        if (place := places.get(layout)) is None:
            continue
        try:
            yield minute, live_ratio, unpacked(bytes(packed), place.count, place.index)
        except UnreadableError:
            unreadable += 1
    if unreadable:
        logger.warning("%d minutes of %s cannot be read: damaged, or written by a newer version. They are gaps.", unreadable, feed.id)
