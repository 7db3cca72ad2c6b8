"""History to take away: /api/v1/history/export, CSV or Parquet.

In:  a board (or an account), metrics, a range, a step, a format. Out: a file that is sent while it is made; a mistake is said before.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from dashboard.accounts.access import Viewer
from dashboard.api.answers import ApiError
from dashboard.api.frame import board_of
from dashboard.api.guard import Allowed, api
from dashboard.api.history import parse
from dashboard.api.parameters import Given
from dashboard.domain.catalogue import CATALOGUE, Metric
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.minutes import MINUTE_S
from dashboard.history import export as table
from dashboard.history.span import Span
from dashboard.models import Board
from dashboard.polling.feeds import scope_feeds
from dashboard.store.connection import client

# Of 12 exports of 400 days side by side each takes 12 times as long, and their pieces 200 MB together.
AT_ONCE = 2
_TURNS = asyncio.Semaphore(AT_ONCE)
# Those of one asker come one after the other, so that who asks for a hundred leaves the other turn to the others.
_OWN: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported, checked. `form` is a key of `history.export.FORMATS`."""

    feeds: Mapping[Endpoint, Feed]
    metrics: Sequence[Metric]
    span: Span
    form: str
    name: str


@api(Allowed.PEOPLE)
def export(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """`?board=&metrics=a,b&from=&to=&step=&format=csv|parquet`. Without metrics: all that have a history."""
    now = timezone.now()
    board = board_of(viewer, request.GET.get("board", "main"))
    wanted = parsed(request.GET, board, now)
    redis = client()
    redis.ping()  # said before the first byte: a file that breaks off in the middle says nothing
    found = table.FORMATS[wanted.form](table.rows(redis, wanted.feeds, wanted.metrics, wanted.span, now))
    response = StreamingHttpResponse(sent(found, viewer.key), content_type=table.CONTENT_TYPES[wanted.form])
    response["Content-Disposition"] = f'attachment; filename="{wanted.name}"'
    response["Cache-Control"] = "no-store"
    return response


def parsed(given: Given, board: Board, now: datetime) -> Wanted:
    """ApiError 400 with one sentence for the first parameter that is wrong."""
    form = given.get("format") or "csv"
    if form not in table.FORMATS:
        raise ApiError(400, "bad_parameter", "format must be csv or parquet.")
    metrics = _metrics(given)
    span = parse(given, now, MINUTE_S, most_points=table.MOST_ROWS)
    if (many := table.rows_count(metrics, span)) > table.MOST_ROWS:
        raise ApiError(
            400,
            "bad_parameter",
            f"That would be {many:,} rows; at most {table.MOST_ROWS:,} go into one file. Choose a longer step or fewer metrics.",
        )
    first, last = (at.strftime("%Y%m%dT%H%MZ") for at in (span.start, span.end))
    return Wanted(scope_feeds(board), metrics, span, form, f"queuelight-{board.slug}-{first}-{last}.{form}")


def _metrics(given: Given) -> list[Metric]:
    names = [name.strip() for text in _texts(given, "metrics") for name in text.split(",") if name.strip()]
    found = []
    for name in dict.fromkeys(names):
        metric = CATALOGUE.get(name)
        if metric is None:
            raise ApiError(400, "bad_parameter", f"There is no metric {name[:80]!r}.")
        if metric.also:
            raise ApiError(400, "bad_parameter", f"{metric.name} has no history: it is worked out from two feeds at once.")
        found.append(metric)
    return found or [metric for metric in CATALOGUE.values() if not metric.also]


def _texts(given: Given, name: str) -> Sequence[str]:
    several = getattr(given, "getlist", None)
    return list(several(name)) if several is not None else [given.get(name) or ""]


async def sent(pieces: Iterator[str] | Iterator[bytes], who: str) -> AsyncIterator[str | bytes]:
    """Each piece is made in a thread: neither the database nor the encoding may hold up the sockets of the process. Further exports wait
    for their first byte until one of AT_ONCE has ended, and until `who` has no other under way."""
    following = sync_to_async(lambda: next(pieces, None))
    own = _OWN.setdefault(who, asyncio.Lock())
    async with own, _TURNS:
        while (piece := await following()) is not None:
            if piece:
                yield piece
