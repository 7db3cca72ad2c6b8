"""A metric over the last hours, from today's series: what the walls showed, at poll resolution or in steps.

In:  a metric of the catalogue, a range, a step. Out: one point per step with min, mean, max and last; a step without a value has none.
Formulas are those of the catalogue, applied to each moment's totals. Nothing is interpolated: a gap is a gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dashboard.accounts.access import Viewer
from dashboard.accounts.first import FIRST_BOARD
from dashboard.api.answers import ApiError, answer
from dashboard.api.frame import board_of
from dashboard.api.guard import Allowed, api
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.totals import value_of
from dashboard.live.messages import stamp
from dashboard.models import Board
from dashboard.polling.feeds import base_interval_s, board_feeds
from dashboard.sources.registry import ACCOUNT
from dashboard.store.connection import client
from dashboard.store.series import series_of

DEFAULT_SPAN = timedelta(hours=2)
LONGEST_SPAN = timedelta(hours=24)
MOST_POINTS = 5000
DEFAULT_POINTS = 720
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)

Sample = tuple[datetime, float | None]


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: start <= t < end, in steps of `step_s` seconds."""

    start: datetime
    end: datetime
    step_s: float


@api(Allowed.EVERYBODY_KNOWN)
def history(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """`?account=` or `?board=` say whose, `from` and `to` when (ISO 8601 or Unix seconds; default: the last two hours), `step` in s.

    A screen reads what its own wall shows: its board's lines and groups, also without `?board=`.
    """
    metric = CATALOGUE.get(name)
    if metric is None:
        raise ApiError(404, "not_found", f"There is no metric {name!r}.")
    interval_s = base_interval_s(metric.endpoint)
    query = parse(request.GET, timezone.now(), interval_s)
    feed = _feed(request.GET, viewer, metric.endpoint)
    value = value_of(metric)
    samples = ((point.at, value(point.values)) for point in series_of(feed, interval_s).read(client(), query.start, query.end))
    return answer(
        {
            "metric": metric.name,
            "label": metric.label,
            "unit": metric.unit.value,
            "feed": feed.id,
            "from": stamp(query.start),
            "to": stamp(query.end),
            "step_s": query.step_s,
            "interval_s": interval_s,
            "points": steps(samples, query),
        }
    )


def parse(given: QueryDict | Mapping[str, str], now: datetime, interval_s: float) -> Query:
    """ApiError 400 with one sentence for the first parameter that is wrong."""
    end = _time(given, "to", now)
    start = _time(given, "from", end - DEFAULT_SPAN)
    span = end - start
    if span <= timedelta(0):
        raise ApiError(400, "bad_parameter", "from must be earlier than to.")
    if span > LONGEST_SPAN:
        raise ApiError(400, "bad_parameter", "from and to may be at most 24 hours apart: a day is what is kept.")
    text = given.get("step")
    if not text:
        wanted_s = max(interval_s, span.total_seconds() / DEFAULT_POINTS)
        return Query(start, end, float(next((step for step in STEPS_S if step >= wanted_s), STEPS_S[-1])))
    step_s = _number(text)
    if step_s is None or not 1 <= step_s <= 86_400:
        raise ApiError(400, "bad_parameter", "step must be a number of seconds from 1 to 86400.")
    if span.total_seconds() / step_s > MOST_POINTS:
        raise ApiError(400, "bad_parameter", f"step is too small: it would make more than {MOST_POINTS} points.")
    return Query(start, end, step_s)


def steps(samples: Iterable[Sample], query: Query) -> list[Mapping[str, object]]:
    """One point per step, each named by its beginning. `count` of values; without any, no min, mean, max and last.

    The samples must be in the order of time; those outside [start, end) are left out.
    """
    buckets: dict[int, list[float]] = {}
    for at, value in samples:
        if value is not None and query.start <= at < query.end:
            buckets.setdefault(int((at - query.start).total_seconds() / query.step_s), []).append(value)
    many = math.ceil((query.end - query.start).total_seconds() / query.step_s)
    return [_point(query.start + timedelta(seconds=query.step_s * number), buckets.get(number, ())) for number in range(many)]


def _point(at: datetime, values: Sequence[float]) -> Mapping[str, object]:
    if not values:
        return {"at": stamp(at), "count": 0}
    mean = round(sum(values) / len(values), 4)
    return {"at": stamp(at), "count": len(values), "min": min(values), "mean": mean, "max": max(values), "last": values[-1]}


def _feed(given: QueryDict, viewer: Viewer, endpoint: Endpoint) -> Feed:
    """The feed of the board that was asked for, or the account's own, without a filter. A screen's is always its board's."""
    account = given.get("account")
    slug = given.get("board", viewer.board_slug)
    if slug is not None:
        board = board_of(viewer, slug)
        if account not in (None, "", board.account):
            raise ApiError(400, "bad_parameter", f"The board {board.slug!r} does not belong to the account {account!r}.")
        return board_feeds(board)[endpoint]
    if account and not Board.objects.filter(account=account).exists():
        raise ApiError(404, "not_found", f"There is no account {account!r}.")
    if not account:
        first = Board.objects.filter(slug=FIRST_BOARD).first()
        account = first.account if first else ACCOUNT
    return Feed(account, endpoint)


def _time(given: QueryDict | Mapping[str, str], name: str, default: datetime) -> datetime:
    text = given.get(name)
    if not text:
        return default
    try:
        unix_s = _number(text)
        found = parse_datetime(text) if unix_s is None else datetime.fromtimestamp(unix_s, UTC)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None or found.tzinfo is None or not 1970 < found.year < 9999:
        raise ApiError(400, "bad_parameter", f"{name} must be a time such as 2026-11-21T09:00:00Z, or Unix seconds.")
    return found.astimezone(UTC)


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
