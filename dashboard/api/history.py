"""A metric over the last 400 days: what the walls showed, at poll resolution for 48 hours, by the minute before.

In:  a metric of the catalogue, a range, a step. Out: one point per step with min, mean, max and last; a step without a value has none.
Daily totals also say how much they grew in each step. Nothing is interpolated: a gap is a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from dashboard.accounts.access import Viewer
from dashboard.accounts.first import FIRST_BOARD
from dashboard.api.answers import ApiError, answer
from dashboard.api.frame import board_of
from dashboard.api.guard import Allowed, api
from dashboard.api.parameters import Given, moment, number
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.minutes import MINUTE_S
from dashboard.history.prune import KEPT
from dashboard.history.span import Span, StepOver, by_minute, steps
from dashboard.live.messages import stamp
from dashboard.models import Board
from dashboard.polling.feeds import base_interval_s, scope_feeds
from dashboard.sources.registry import ACCOUNT, KAYAKO
from dashboard.store.connection import client

DEFAULT_SPAN = timedelta(hours=2)
MOST_POINTS = 5000
DEFAULT_POINTS = 720
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400)


@api(Allowed.EVERYBODY_KNOWN)
def history(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """`?account=` or `?board=` say whose, `from` and `to` when (ISO 8601 or Unix seconds; default: the last two hours, from a whole step),
    `step` in s.

    A screen reads what its own wall shows: its board's lines and groups, also without `?board=`.
    """
    metric = CATALOGUE.get(name)
    if metric is None:
        raise ApiError(404, "not_found", f"There is no metric {name!r}.")
    interval_s = base_interval_s(metric.endpoint)
    now = timezone.now()
    span = parse(request.GET, now, interval_s)
    feed = _feed(request.GET, viewer, metric.endpoint)
    return answer(
        {
            "metric": metric.name,
            "label": metric.label,
            "unit": metric.unit.value,
            "feed": feed.id,
            "from": stamp(span.start),
            "to": stamp(span.end),
            "step_s": span.step_s,
            "interval_s": interval_s,
            "points": [_point(step) for step in steps(client(), feed, metric, span, now)],
        }
    )


def parse(given: Given, now: datetime, interval_s: float, *, most_points: int = MOST_POINTS) -> Span:
    """ApiError 400 with one sentence for the first parameter that is wrong."""
    end = moment(given, "to", now)
    start = moment(given, "from", end - DEFAULT_SPAN)
    length = end - start
    if length <= timedelta(0):
        raise ApiError(400, "bad_parameter", "from must be earlier than to.")
    if length > KEPT:
        raise ApiError(400, "bad_parameter", f"from and to may be at most {KEPT.days} days apart: so much is kept.")
    text = given.get("step")
    if not text:
        wanted_s = max(interval_s, length.total_seconds() / DEFAULT_POINTS, MINUTE_S if by_minute(start, now) else 1)
        return _span(given, start, end, float(next((step for step in STEPS_S if step >= wanted_s), STEPS_S[-1])))
    step_s = number(text)
    if step_s is None or not 1 <= step_s <= 86_400:
        raise ApiError(400, "bad_parameter", "step must be a number of seconds from 1 to 86400.")
    if by_minute(start, now) and step_s < MINUTE_S:
        raise ApiError(400, "bad_parameter", "step must be 60 or more when from is over 48 hours ago: only minutes are kept for longer.")
    if length.total_seconds() / step_s > most_points:
        raise ApiError(400, "bad_parameter", f"step is too small: it would make more than {most_points} points.")
    return _span(given, start, end, step_s)


def _span(given: Given, start: datetime, end: datetime, step_s: float) -> Span:
    """Of whom did not say from when on, the first step is a whole one of the clock: 14:00, and not 14:00:37."""
    if not given.get("from"):
        start = datetime.fromtimestamp(start.timestamp() // step_s * step_s, UTC)
    return Span(start, end, step_s)


def _point(over: StepOver) -> Mapping[str, object]:
    """A step is named by its beginning. What is not known is not there."""
    step, grown = over.step, over.increment
    found: dict[str, object] = {"at": stamp(over.at), "count": step.count}
    if step.count:
        found |= {"min": step.min, "mean": round(step.mean, 4), "max": step.max, "last": step.last, "live_ratio": round(over.live_ratio, 4)}
    if grown is not None:
        found |= {} if grown.value is None else {"increase": grown.value}
        found |= {"reset": True} if grown.reset else {}
        found |= {"corrected": True} if grown.corrected else {}
    return found


def _feed(given: QueryDict, viewer: Viewer, endpoint: Endpoint) -> Feed:
    """The feed of the board that was asked for, or the account's own, without a filter. A screen's is always its board's: one that waits
    for a board reads nothing."""
    account = given.get("account")
    if viewer.kind == "screen" and not viewer.board_slugs:
        raise ApiError(403, "forbidden", "This screen waits for a board, so there is nothing that it may show.")
    slug = given.get("board", next(iter(viewer.board_slugs), None))
    if slug is not None:
        board = board_of(viewer, slug)
        if account not in (None, "", board.account):
            raise ApiError(400, "bad_parameter", f"The board {board.slug!r} does not belong to the account {account!r}.")
        return scope_feeds(board)[endpoint]
    is_kayakos = endpoint is Endpoint.CASES
    if account and not (is_kayakos and account == KAYAKO) and not Board.objects.filter(account=account).exists():
        raise ApiError(404, "not_found", f"There is no account {account!r}.")
    if is_kayakos:  # there is one, whatever the boards' account
        return Feed(KAYAKO, endpoint)
    if not account:
        first = Board.objects.filter(slug=FIRST_BOARD).first()
        account = first.account if first else ACCOUNT
    return Feed(account, endpoint)
