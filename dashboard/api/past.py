"""The past of a board: frames as they were, and what is worth jumping to.

In:  a board, a span, a step. Out: the first frame whole, then a merge patch each; marks. At most 300 frames an answer, for people alone.
Nothing is stored. Where Redis is away or has lost the time asked for, the frames are made of the database's minutes, and say so.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis as redis_py
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page

from dashboard.accounts.access import Viewer
from dashboard.alerts.then import IncidentsThen
from dashboard.api.answers import ApiError, answer
from dashboard.api.frame import board_of
from dashboard.api.guard import Allowed, api
from dashboard.api.parameters import Given, moment, number
from dashboard.api.turns import Turns
from dashboard.domain.feeds import Endpoint
from dashboard.history.marks import begins_at, falls, gaps
from dashboard.history.prune import KEPT
from dashboard.history.span import by_minute
from dashboard.live import patch
from dashboard.live.audience import frame_for_floor
from dashboard.live.messages import encode, stamp
from dashboard.live.patch import Json, Object
from dashboard.live.replay import Replay, Shot
from dashboard.models import Board
from dashboard.polling.feeds import board_feeds
from dashboard.store.connection import client

logger = logging.getLogger(__name__)

MOST_FRAMES = 300
LONGEST = timedelta(hours=24)
LONGEST_MARKED = timedelta(days=31)
DEFAULT_SPAN = timedelta(minutes=5)
# A browser's clock may be ahead of ours by a little.
AHEAD = timedelta(seconds=5)
# A chart costs as much as ten frames, and moves by one point a minute.
MOST_DRAWN = 5
# Some words about the data are said once it has lasted: frames from before the first one know since when.
WARM_UP_S = (150, 120, 90, 60, 30)

# 300 frames are up to a second of a core and some ten megabytes while they are made. Two at once leave room for the walls' sockets.
TURNS = Turns(at_once=2, longest_s=20.0)

BY_MINUTE = "Older than 48 hours: whole minutes, each with its last values, and nobody's name."
LOST = "Queuelight's memory (Redis) has lost this time: it is shown by whole minutes, without names."
AWAY = "Queuelight's memory (Redis) does not answer: this time is shown by whole minutes, without names and charts."


@dataclass(frozen=True, slots=True)
class Asked:
    """start <= t <= end (aware), a frame every `step_s` seconds, beginning with `start`."""

    start: datetime
    end: datetime
    step_s: float

    @property
    def times(self) -> list[datetime]:
        count = math.floor((self.end - self.start).total_seconds() / self.step_s + 1e-9) + 1
        return [self.start + timedelta(seconds=self.step_s * index) for index in range(count)]


@gzip_page
@api(Allowed.PEOPLE)
def past(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """`?from=`, `to=` (ISO 8601 or Unix seconds; default: the last five minutes), `step=` in s (default: what makes 300 frames at most)."""
    board = board_of(viewer, slug)
    with TURNS.one(viewer.key):
        return answer(_past(request.GET, board, timezone.now(), supervises=viewer.may_supervise))


def _past(given: Given, board: Board, now: datetime, *, supervises: bool) -> str:
    """The answer as text; with `supervises`, also what no wall is sent. ApiError."""
    redis: redis_py.Redis | None = client()
    try:
        begin = begins_at(redis, board_feeds(board)[Endpoint.QUEUE])
        asked = parse(given, now, begin)
        found = _answer(redis, board, asked, now, supervises=supervises)
    except redis_py.RedisError as error:
        logger.warning("The past of board %s comes by the minute: Redis does not answer (%s).", board.slug, type(error).__name__)
        begin = begins_at(None, board_feeds(board)[Endpoint.QUEUE])
        asked = parse(given, now, begin)
        found = _answer(None, board, asked, now, supervises=supervises)
    found |= {} if begin is None else {"begins_at": stamp(begin)}
    return encode(found)


@api(Allowed.PEOPLE)
def past_marks(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """`?from=`, `to=`, at most 31 days apart: the marks alone, for a time line that shows more than an answer with frames may hold."""
    board, now = board_of(viewer, slug), timezone.now()
    start, end = _span(request.GET, now, timedelta(hours=1), LONGEST_MARKED, "31 days")
    try:
        found = marks(client(), board, start, end, now)
    except redis_py.RedisError as error:
        logger.warning("The marks of board %s come by the minute: Redis does not answer (%s).", slug, type(error).__name__)
        found = marks(None, board, start, end, now)
    return answer(encode({"board": board.slug, "from": stamp(start), "to": stamp(end), "marks": found}))


def parse(given: Given, now: datetime, begin: datetime | None) -> Asked:
    """ApiError 400 with one sentence for the first parameter that is wrong. `begin`: when the board's history does; None: it has none."""
    start, end = _span(given, now, DEFAULT_SPAN, LONGEST, "24 hours")
    if begin is None:
        raise ApiError(400, "no_history", "This board has no history yet: nothing was polled for it.")
    if end < begin:
        raise ApiError(400, "before_history", f"The history of this board begins at {stamp(begin)}.")
    text = given.get("step")
    least_s = 60.0 if by_minute(start, now) else 1.0
    step_s = max(least_s, math.ceil((end - start).total_seconds() / (MOST_FRAMES - 1))) if not text else number(text)
    if step_s is None or not 1 <= step_s <= 3600:
        raise ApiError(400, "bad_parameter", "step must be a number of seconds from 1 to 3600.")
    if step_s < least_s:
        raise ApiError(400, "bad_parameter", "step must be 60 or more when from is over 48 hours ago: only minutes are kept for longer.")
    asked = Asked(max(start, begin) if not given.get("from") else start, end, step_s)
    if (end - start).total_seconds() / step_s >= MOST_FRAMES:
        raise ApiError(400, "bad_parameter", f"An answer has at most {MOST_FRAMES} frames: take a larger step, or less time at once.")
    return asked


def marks(redis: redis_py.Redis | None, board: Board, start: datetime, end: datetime, now: datetime) -> list[Json]:
    """What is worth jumping to at start <= t <= end, oldest first. redis.RedisError when Redis goes away meanwhile."""
    feeds = board_feeds(board)
    found: list[tuple[datetime, Object]] = [
        (each.at, {"kind": each.kind, "text": each.text, "incident": each.incident_id, "severity": each.severity, "by": each.by or None})
        for each in IncidentsThen(board, start, end).marks(start, end)
    ]
    begin = begins_at(redis, feeds[Endpoint.QUEUE])
    if begin is not None:
        for gap in gaps(redis, feeds[Endpoint.QUEUE], max(start, begin), end, now):
            until = None if gap.until is None else stamp(gap.until)
            found.append((gap.at, {"kind": "gap", "text": "No data from the phone system", "until": until}))
    for fall in falls(feeds[Endpoint.ACCOUNT], "total_calls", start, end):
        what = (
            ("reset", "The totals of the day began anew")
            if fall.is_reset
            else ("corrected", "The phone system corrected a total of the day")
        )
        found.append((fall.at, {"kind": what[0], "text": what[1]}))
    found += [(at, {"kind": "board", "text": text, "by": by}) for at, text, by in _changes(board) if start <= at <= end]
    found.sort(key=lambda each: each[0])
    return [patch.without_nulls({"at": stamp(at), **mark}) for at, mark in found]


def _changes(board: Board) -> Iterator[tuple[datetime, str, str | None]]:
    yield board.created_at, "The board was made", None
    if board.revision > 1:
        yield board.changed_at, "The board was changed for the last time", board.changed_by.split("@")[0] or None


def _span(given: Given, now: datetime, default: timedelta, longest: timedelta, words: str) -> tuple[datetime, datetime]:
    end = moment(given, "to", now)
    start = moment(given, "from", end - default)
    if start >= end:
        raise ApiError(400, "bad_parameter", "from must be earlier than to.")
    if end > now + AHEAD or start >= now:
        raise ApiError(400, "bad_parameter", "to must not be in the future.")
    if end - start > longest:
        raise ApiError(400, "bad_parameter", f"from and to may be at most {words} apart.")
    if start < now - KEPT:
        raise ApiError(400, "bad_parameter", f"from is over {KEPT.days} days ago: so much is kept.")
    return start, min(end, now)


def _answer(redis: redis_py.Redis | None, board: Board, asked: Asked, now: datetime, *, supervises: bool) -> Object:
    times = asked.times
    incidents = IncidentsThen(board, asked.start, asked.end)
    replay = Replay(redis, board, asked.start, asked.end, now)
    for before_s in WARM_UP_S:
        replay.shot(asked.start - timedelta(seconds=before_s), incidents.at, draw=False)
    draws = max(1, math.ceil(len(times) / MOST_DRAWN))
    shots = [replay.shot(when, incidents.at, draw=index % draws == 0) for index, when in enumerate(times)]
    is_minute = any(shot.is_minute for shot in shots)
    return {
        "board": board.slug,
        "from": stamp(asked.start),
        "to": stamp(asked.end),
        "step_s": asked.step_s,
        "resolution": "minutes" if is_minute else "readings",
        "notes": [note for note in (_note(redis, asked, now),) if is_minute and note],
        "frames": list(_frames(shots, supervises=supervises)),
        "marks": marks(redis, board, asked.start, asked.end, now),
    }


def _note(redis: redis_py.Redis | None, asked: Asked, now: datetime) -> str:
    if by_minute(asked.start, now):
        return BY_MINUTE
    return AWAY if redis is None else LOST


def _frames(shots: Sequence[Shot], *, supervises: bool) -> Iterator[Json]:
    before: Object | None = None
    for shot in shots:
        frame = shot.frame if supervises else frame_for_floor(shot.frame)
        yield {"at": stamp(shot.at), "frame": frame} if before is None else {"at": stamp(shot.at), "patch": patch.diff(before, frame)}
        before = frame
