"""What the past of a board's metrics looks like: figures and points, each drawn once per period however many boards want it.

In:  Redis, a board, wishes, the time. Out: by the wish's key what `frame.charts` holds. What cannot be drawn now is left out: the numbers
do not wait for it. Redis keeps what was drawn, so that two boards, or two workers, do not draw the same twice.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, cast

import redis as redis_py
from django.conf import settings

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Feed
from dashboard.history.lines import Grid, Line, grid, line, week_before
from dashboard.live.charts import Drawing, figure
from dashboard.live.messages import stamp
from dashboard.live.patch import Json, Object, without_nulls
from dashboard.polling.feeds import Scope, scope_feeds
from dashboard.store import keys
from dashboard.widgets.kind import Drawn, Wish

logger = logging.getLogger(__name__)

# How often boards ask (live/gather.py), and what longer spans may take their time for.
EVERY_S = 15.0
HOUR_S, DAY_S = 3600, 86_400
# (up to this span, a step of so many seconds, redrawn every so many seconds). At most 145 steps a line.
STEPS: tuple[tuple[int, int, float], ...] = (
    (2 * HOUR_S, 60, EVERY_S),
    (4 * HOUR_S, 120, EVERY_S),
    (8 * HOUR_S, 240, 60.0),
    (DAY_S, 600, 60.0),
    (7 * DAY_S, 5400, 600.0),
    (28 * DAY_S, 21_600, 600.0),
)
# A long span is drawn by one worker at a time; who died while drawing holds the others up for so long.
CLAIM_S = 30
# Part of the key of what was drawn: what an older release drew is not shown by this one.
DRAWING_VERSION = 1


class Shown(Scope, Protocol):
    """A board, as far as its charts are concerned."""

    slug: str
    theme: str
    time_zone: str


def is_quick(wish: Wish) -> bool:
    """Whether it is drawn in some milliseconds, so that a first picture may wait for it."""
    return wish.span_s <= 4 * HOUR_S


def drawn(redis: redis_py.Redis, board: Shown, wishes: Mapping[str, Wish], now: datetime) -> dict[str, Object]:
    """What can be shown at `now` (aware) of each wish, by its key. A wish that another worker is drawing, or that failed, is left out
    unless an older drawing of it is there. redis.RedisError when Redis does not answer."""
    if not wishes:
        return {}
    feeds, zone = scope_feeds(board), board.time_zone or settings.ACCOUNT_TIME_ZONE
    sketches = {name: _Sketch(wish, feeds[CATALOGUE[wish.metric].endpoint], board.theme, zone) for name, wish in wishes.items()}
    held = cast("list[bytes | None]", redis.mget([sketch.place for sketch in sketches.values()]))
    found: dict[str, Object] = {}
    for (name, sketch), kept in zip(sketches.items(), held, strict=True):
        old = _read(kept)
        if old is not None and 0 <= now.timestamp() - old.at_s < old.fresh_s:
            picture = old.picture
        elif is_quick(sketch.wish) or redis.set(f"{sketch.place}:claim", 1, nx=True, ex=CLAIM_S):
            picture = _draw(redis, sketch, now)
        else:
            picture = old.picture if old else None
        if picture is not None:
            found[name] = picture
    return found


@dataclass(frozen=True, slots=True)
class _Sketch:
    """All that decides how a drawing looks at a moment. `zone` is the board's."""

    wish: Wish
    feed: Feed
    theme: str
    zone: str

    @property
    def place(self) -> str:
        """The key in Redis. Points look alike on dark and on light boards."""
        theme = self.theme if self.wish.form is Drawn.FIGURE else ""
        parts = (self.feed.id, self.wish.key, theme, self.zone, settings.ACCOUNT_TIME_ZONE, str(DRAWING_VERSION))
        return keys.drawn(hashlib.sha256("|".join(parts).encode()).hexdigest()[:32])


@dataclass(frozen=True, slots=True)
class _Kept:
    """A drawing made at `at_s` (Unix time), fresh for `fresh_s` seconds. `picture` None: it failed."""

    at_s: float
    fresh_s: float
    picture: Object | None


def drawn_then(redis: redis_py.Redis, board: Shown, wishes: Mapping[str, Wish], when: datetime) -> dict[str, Object]:
    """The same as of a past moment `when`; nothing is kept, so that no live board shows it by mistake."""
    feeds, zone = scope_feeds(board), board.time_zone or settings.ACCOUNT_TIME_ZONE
    found: dict[str, Object] = {}
    for name, wish in wishes.items():
        sketch = _Sketch(wish, feeds[CATALOGUE[wish.metric].endpoint], board.theme, zone)
        try:
            found[name], _ = _picture(redis, sketch, _step(wish.span_s)[1], when)
        except redis_py.RedisError:
            raise
        except Exception:  # one chart's fault must not take the board
            logger.exception("The chart %s of %s could not be drawn as of %s.", wish.key, board.slug, when)
    return found


def _draw(redis: redis_py.Redis, sketch: _Sketch, now: datetime) -> Object | None:
    """Draws one wish and keeps it; None when that failed, which is kept as well, so that a fault is not repeated each second."""
    _, step_s, period_s = _step(sketch.wish.span_s)
    fresh_s = period_s - EVERY_S / 2  # who asks a moment before it is due draws it anew
    picture: Object | None = None
    try:
        picture, is_whole = _picture(redis, sketch, step_s, now)
        fresh_s = fresh_s if is_whole else EVERY_S / 2
    except redis_py.RedisError:
        raise
    except Exception:  # one chart's fault must not take the board, nor the poll that publishes it
        logger.exception("The chart %s of %s could not be drawn.", sketch.wish.key, sketch.feed.id)
    kept = json.dumps({"at": now.timestamp(), "fresh_s": fresh_s, "drawn": picture}, separators=(",", ":"))
    redis.set(sketch.place, kept, ex=round(3 * period_s))
    redis.delete(f"{sketch.place}:claim")
    return picture


def _picture(redis: redis_py.Redis, sketch: _Sketch, step_s: int, now: datetime) -> tuple[Object, bool]:
    """The drawing, and whether all of its past could be read."""
    wish, metric = sketch.wish, CATALOGUE[sketch.wish.metric]
    over = grid(now, wish.span_s, step_s)
    today = line(redis, sketch.feed, metric, over, now)
    then = week_before(redis, sketch.feed, metric, over, now, time_zone=sketch.zone) if wish.compare else None
    is_whole = today.is_whole and (then is None or then.is_whole)
    if wish.form is Drawn.POINTS:
        return _points(today, then, over), is_whole
    limits = metric.threshold
    warning, critical = wish.limits or ((limits.warning_enter, limits.critical_enter) if limits else (None, None))
    drawing = Drawing(
        today.values,
        step_s,
        then=_broken(then) if then else None,
        falls={mark.index: mark.reset for mark in today.marks},
        warning=warning,
        critical=critical,
        unit=metric.unit.value,
        signed=metric.signed,
        time_zone=sketch.zone,
        theme=sketch.theme,
    )
    return without_nulls(cast("Mapping[str, Json]", figure(drawing, now))), is_whole


def _broken(then: Line) -> list[float | None]:
    """A week ago there was a midnight as well: its line is broken there, too."""
    falls = {mark.index for mark in then.marks}
    return [None if index in falls else value for index, value in enumerate(then.values)]


def _points(today: Line, then: Line | None, over: Grid) -> Object:
    last = datetime.fromtimestamp(over.end_s - over.step_s, UTC)
    points: Object = {"at": stamp(last), "step_s": over.step_s, "values": [_short(value) for value in today.values]}
    if then is not None:
        points["then"] = [_short(value) for value in then.values]
    return points


def _short(value: float | None) -> Json:
    return value if value is None else int(value) if float(value).is_integer() else round(value, 4 if abs(value) < 10 else 1)


def _step(span_s: int) -> tuple[int, int, float]:
    return next((each for each in STEPS if span_s <= each[0]), STEPS[-1])


def _read(kept: bytes | None) -> _Kept | None:
    """What was drawn before; None where there is nothing that can be read."""
    if kept is None:
        return None
    try:
        content = json.loads(kept)
        return _Kept(float(content["at"]), float(content["fresh_s"]), content["drawn"])
    except (ValueError, KeyError, TypeError) as error:
        logger.warning("A kept chart cannot be read (%s); it is drawn anew.", error)
        return None
