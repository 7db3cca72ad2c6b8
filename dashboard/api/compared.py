"""Metrics over a while that people name, beside the same weekday before: what the supervisor's charts are drawn from.

In:  a board, a span's name, up to four metrics. Out: one value a step for now and for then; steps begin by the board's clock.
A gap is null. Which metrics go together is the asker's choice; all of one answer have one step.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping

import redis as redis_py
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dashboard.accounts.access import Viewer
from dashboard.api.answers import ApiError, answer
from dashboard.api.frame import board_of
from dashboard.api.guard import Allowed, api
from dashboard.domain.catalogue import CATALOGUE, Metric
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.history.compared import Axis, Reach, axis, compared
from dashboard.live.messages import stamp
from dashboard.models import Board
from dashboard.polling.feeds import Scope, scope_feeds
from dashboard.store.connection import client

MOST_METRICS = 4


@api(Allowed.EVERYBODY_KNOWN)
def comparison(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """`?span=1h|4h|today|7d|28d` (default: today), `metrics=` names with commas between them, `scope=board|account` (default: board):
    of the board's lines and groups, or of all."""
    board = board_of(viewer, slug)
    metrics = _metrics(request.GET.get("metrics", ""))
    reach = _reach(request.GET.get("span", Reach.TODAY.value))
    zone = zoneinfo.ZoneInfo(board.time_zone or settings.ACCOUNT_TIME_ZONE)
    now = timezone.now()
    over = axis(reach, now, zone, totals=any(metric.daily_total for metric in metrics))
    feeds = scope_feeds(_scope(request.GET.get("scope", "board"), viewer, board))
    found: dict[str, object] = {
        "board": board.slug,
        "span": reach.value,
        "time_zone": zone.key,
        "at": stamp(now),
        "step_s": over.step_s,
        "days_before": over.days_before,
        "steps": [each.isoformat(timespec="seconds") for each in over.starts],
        "series": [_series(client(), feeds, metric, over) for metric in metrics],
    }
    return answer(found | ({} if over.running is None else {"running": over.running}))


def _series(redis: redis_py.Redis, feeds: Mapping[Endpoint, Feed], metric: Metric, over: Axis) -> Mapping[str, object]:
    found = compared(redis, feeds[metric.endpoint], metric, over, timezone.now())
    return {
        "metric": metric.name,
        "label": metric.label,
        "unit": metric.unit.value,
        "figure": "increase" if metric.daily_total else "max",
        "values": list(found.values),
        "then": list(found.then),
        "corrected": list(found.corrected),
    }


def _metrics(text: str) -> list[Metric]:
    names = [name for name in text.split(",") if name]
    unknown = next((name for name in names if name not in CATALOGUE), None)
    if unknown is not None:
        raise ApiError(404, "not_found", f"There is no metric {unknown[:60]!r}.")
    if not 1 <= len(names) <= MOST_METRICS:
        raise ApiError(400, "bad_parameter", f"metrics must name 1 to {MOST_METRICS} metrics, with commas between them.")
    return [CATALOGUE[name] for name in names]


def _scope(text: str, viewer: Viewer, board: Board) -> Scope:
    if text == "board":
        return board
    if text != "account":
        raise ApiError(400, "bad_parameter", "scope must be board or account.")
    if viewer.kind == "screen":
        raise ApiError(403, "forbidden", "A screen shows its boards, not the whole account.")
    return Board(account=board.account)


def _reach(text: str) -> Reach:
    try:
        return Reach(text)
    except ValueError:
        raise ApiError(400, "bad_parameter", f"span must be one of {', '.join(reach.value for reach in Reach)}.") from None
