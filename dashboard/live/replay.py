"""A board as it was: frames of past moments, composed by what composes the live ones.

In:  a board, moments in the order of time, Redis (None: it is away), the incidents of that time. Out: frames, and how well they are known.
The board's layout, names and limits are those of now. Agents have their names for 48 hours; before, and where Redis lost them, there are
numbers only, as on a board that names nobody. What nobody kept is absent: how much of the API budget was used, and what single agents had
done by then; a list of leaders is off. Rows of groups and targets are as they were, or said not to be known.
Must not write anything.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

import redis as redis_py
from django.conf import settings

from dashboard.domain.agents import InState
from dashboard.domain.derive import Bodies, Value
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.metric import Metric
from dashboard.domain.readings import AgentActivity, AgentsActivity, Body, Reading
from dashboard.domain.rows import ROWS
from dashboard.domain.totals import AGENT_SUMS, body_of, series_fields
from dashboard.history.moments import FeedPast, Moment, feed_past
from dashboard.live import past
from dashboard.live.colours import Colours
from dashboard.live.frames import Frame, compose
from dashboard.live.inputs import Inputs
from dashboard.live.patch import Object
from dashboard.live.rows_then import RowsThen, with_rows
from dashboard.live.tiles import board_widgets, wishes
from dashboard.models import Board
from dashboard.models.board import Names
from dashboard.polling.feeds import Plan, base_interval_s, board_feeds
from dashboard.store import rosters, troubles
from dashboard.store.rosters import Rosters
from dashboard.store.troubles import Troubles
from dashboard.widgets.kind import Widget, Wish
from dashboard.widgets.registry import KINDS

# A severity is played forward from so much earlier on; one that has held for longer begins there.
LEAD = timedelta(hours=1)
# The large parts of a frame that are mostly as they were.
SELDOM_NEW = ("board", "agents", "thresholds")

# A metric's last value by then in a feed of the board, by the feed's id, and when it came; None: not of this board, or not known.
ValueOf = Callable[[str, str], tuple[float, datetime] | None]
IncidentsThen = Callable[[datetime, ValueOf], Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Shot:
    """The board at one moment. `is_minute`: some of its numbers are known by the minute only."""

    at: datetime
    frame: Frame
    is_minute: bool


class Replay:
    """What is known of a board over a span; gives its frames in the order of time."""

    def __init__(self, redis: redis_py.Redis | None, board: Board, start: datetime, end: datetime, now: datetime) -> None:
        """Loads the past of start <= t <= end (aware). redis.RedisError when Redis goes away meanwhile."""
        self._redis, self._board = redis, board
        self._nameless = copy.copy(board)
        self._nameless.names = Names.NONE
        self._feeds = board_feeds(board)
        self._pasts = {name: feed_past(redis, feed, start, end, now, lead=LEAD) for name, feed in self._feeds.items()}
        accounts = {board.account, *(feed.account for feed in self._feeds.values())}
        self._troubles = {name: Troubles(()) if redis is None else troubles.read(redis, name) for name in accounts}
        self._rosters = _rosters(redis, self._pasts[Endpoint.AGENTS], start, end)
        rowed = [feed for name, feed in self._feeds.items() if name in ROWS]
        self._rows = {feed.endpoint: RowsThen(redis, feed, self._pasts[feed.endpoint], start, end) for feed in rowed}
        self._widgets, _ = board_widgets(board)
        self._colours = Colours(self._widgets, _metrics_of, self._pasts)
        # What was worked out for the last answers of feeds: most are the same from one frame to the next.
        self._bodies: dict[Endpoint, tuple[Moment, Body]] = {}
        self._figures: dict[str, tuple[Moment, Moment | None, Value]] = {}
        self._named: tuple[Moment | None, Sequence[rosters.Named], AgentsActivity] = (None, (), AgentsActivity())
        self._charts: Mapping[str, Object] = {}
        self._before: Frame | None = None

    def shot(self, when: datetime, incidents: IncidentsThen, *, draw: bool) -> Shot:
        """The board at `when` (aware), which must not be before the one asked last. `draw`: its charts as of then; else those drawn last.

        redis.RedisError when Redis goes away meanwhile.
        """
        moments = {name: found for name, each in self._pasts.items() if (found := each.at(when)) is not None}
        if draw and self._redis is not None:
            wanted: dict[str, Wish] = wishes(self._widgets)
            self._charts = past.drawn_then(self._redis, self._board, wanted, when)
        agents = self._rosters.at(when) if _is_reading(moments.get(Endpoint.AGENTS)) else ()
        rows = {name: each.at(moments[name]) for name, each in self._rows.items() if name in moments}
        inputs = Inputs(
            plans={feed: Plan(_interval_s(moments.get(name), name), True) for name, feed in self._feeds.items()},
            readings={
                self._feeds[name]: Reading(with_rows(self._body(name, found, agents), rows.get(name)), found.at)
                for name, found in moments.items()
            },
            outcomes={feed: failed for feed in self._feeds.values() if (failed := self._troubles[feed.account].outcome(feed, when))},
            agents={each.agent_id: each.state for each in agents},
            stop=self._troubles[self._board.account].stop(when),
            pause=self._troubles[self._board.account].pause(when),
            elsewhere={name: each.stop(when) for name, each in self._troubles.items() if name != self._board.account},
            charts=self._charts,
            incidents=cast("Sequence[Object]", incidents(when, _last_values(self._feeds, moments))),
            time_zone=settings.ACCOUNT_TIME_ZONE,
            emulated=settings.ENV.emulated,
            figures=self._figures_of(moments),
            rows_beside={name: None if found is None else found.beside for name, found in rows.items()},
        )
        board = self._board if agents or Endpoint.AGENTS not in moments else self._nameless
        frame = compose(board, inputs, when, self._colours.before(when, self._before))
        parts = cast("Object", frame["widgets"])
        parts.update({each.id: {"off": True} for each in self._widgets if each.kind == "leaders"})
        before, self._before = self._before or {}, frame
        for name in SELDOM_NEW:
            if name in before and before[name] == frame[name]:  # a comparison of two frames need not look through it again
                frame[name] = before[name]
        return Shot(when, frame, any(found.is_minute for found in moments.values()))

    def _body(self, name: Endpoint, moment: Moment, agents: Sequence[rosters.Named]) -> Body:
        """What the reading said. Of agents: who was in what state, where that is known, else how many were in each; what they had done is
        kept as sums alone, which stand with the first of them."""
        if name is not Endpoint.AGENTS or not agents:
            return self._whole(name, moment)
        if self._named[0] is not moment or self._named[1] is not agents:
            sums = {field: None if moment.values.get(field) is None else round(moment.values[field] or 0) for field in AGENT_SUMS}
            nothing = {field: None if value is None else 0 for field, value in sums.items()}
            found = [_agent(each, nothing if place else sums) for place, each in enumerate(agents)]
            self._named = moment, agents, AgentsActivity(tuple(found))
        return self._named[2]

    def _whole(self, name: Endpoint, moment: Moment) -> Body:
        """The body that the formulas look at; made once for each answer."""
        kept = self._bodies.get(name)
        if kept is None or kept[0] is not moment:
            known = set(series_fields(name))
            kept = moment, body_of(name, {field: value for field, value in moment.values.items() if field in known})
            self._bodies[name] = kept
        return kept[1]

    def _figures_of(self, moments: Mapping[Endpoint, Moment]) -> Callable[[Metric], Value]:
        bodies: Bodies = {name: self._whole(name, found) for name, found in moments.items() if not found.is_minute}

        def figure(metric: Metric) -> Value:
            found, other = moments.get(metric.endpoint), moments.get(metric.also[0]) if metric.also else None
            if found is None or found.is_minute:
                return None if found is None else found.values.get(metric.name)
            kept = self._figures.get(metric.name)
            if kept is None or kept[0] is not found or kept[1] is not other:
                kept = self._figures[metric.name] = found, other, metric.value(bodies)
            return kept[2]

        return figure


def _rosters(redis: redis_py.Redis | None, agents: FeedPast, start: datetime, end: datetime) -> Rosters:
    first = agents.at(start)
    if redis is None or not agents.records:
        return Rosters(())
    return rosters.read(redis, agents.feed, min(start, first.at) if first is not None else start, end)


def _metrics_of(widget: Widget) -> Sequence[str]:
    return KINDS[widget.kind].metrics(widget.options)


def _is_reading(moment: Moment | None) -> bool:
    return moment is not None and not moment.is_minute


def _interval_s(moment: Moment | None, name: Endpoint) -> float:
    return base_interval_s(name) if moment is None else moment.interval_s


def _agent(named: rosters.Named, figures: Mapping[str, int | None]) -> AgentActivity:
    state: InState = named.state
    found = AgentActivity(named.agent_id, named.name, state.state, state.call_status)
    return replace(
        found,
        calls_accepted=figures["calls_accepted"],
        total_talk_time=figures["total_talk_time"],
        total_hold_time=figures["total_hold_time"],
        total_wrap_up_time=figures["total_wrap_up_time"],
        online_time=figures["online_time"],
    )


def _last_values(feeds: Mapping[Endpoint, Feed], moments: Mapping[Endpoint, Moment]) -> ValueOf:
    by_id = {feed.id: moments[name] for name, feed in feeds.items() if name in moments}

    def value_of(feed_id: str, metric: str) -> tuple[float, datetime] | None:
        found = by_id.get(feed_id)
        value = None if found is None else found.values.get(metric)
        return None if found is None or value is None else (value, found.at)

    return value_of
