"""A ticket's clocks as bars over time: when each ran, paused, ran past its target, and was fulfilled; and its events in words.

In:  the metric events of one ticket, `now` (aware). Out: bars whose places are 0 to 1000 of one common axis, and sentences. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.desk import left
from dashboard.domain.sla import Clock, ClockState, clocks
from dashboard.domain.tickets import EventType, MetricEvent, Minutes, SlaTarget, TicketMetric

AXIS = 1000
# An announced breach far away would press everything that happened into one corner.
FURTHEST_RATIO = 2.0
METRIC_NAMES = {
    TicketMetric.REPLY: "Reply",
    TicketMetric.REQUESTER_WAIT: "Requester wait",
    TicketMetric.RESOLUTION: "Resolution",
    TicketMetric.AGENT_WORK: "Agent work",
    TicketMetric.PAUSABLE_UPDATE: "Pausable update",
    TicketMetric.PERIODIC_UPDATE: "Periodic update",
}
_ORDER = tuple(METRIC_NAMES)
_STATES = {
    ClockState.IDLE: "not started",
    ClockState.RUNNING: "runs",
    ClockState.PAUSED: "paused",
    ClockState.FULFILLED: "fulfilled",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar. `kind`: run, late (past its target) or pause. `x`, `width`: of the axis."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One clock. `drawn`: as `left.word`, or kept, or fulfilled (without a target). `breach_x`, `done_x`: marks on the axis; None: none.

    `state`: one sentence for who does not see the bar. `left_at`: the announced breach of a running clock, which ticks; None: it does not.
    """

    name: str
    target: str
    policy: str
    state: str
    drawn: str
    pieces: tuple[Piece, ...]
    breach_x: int | None
    done_x: int | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """One event: when, and what, in words. `is_ahead`: announced for a time to come."""

    at: datetime
    text: str
    kind: str
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """All clocks on one axis from `begin` to `end`; `now_x` where the present is."""

    bars: tuple[Bar, ...]
    begin: datetime
    end: datetime
    now_x: int


def metric_name(metric: str, instance: int = 0) -> str:
    """A clock's name for people: "Reply", "Reply, 2nd"; the vendor's own word for one that we have no name for."""
    name = METRIC_NAMES.get(TicketMetric(metric), metric) if metric in set(TicketMetric) else metric
    return name if instance < 2 else f"{name}, {instance}{ {2: 'nd', 3: 'rd'}.get(instance, 'th') }"


def bars(events: Sequence[MetricEvent], now: datetime) -> Bars | None:
    """The clocks that did something, or have a target; None: no event."""
    found = clocks(events)
    moves = [event for event in events if event.type in (EventType.ACTIVATE, EventType.PAUSE, EventType.FULFILL) and event.at <= now]
    shown = [clock for clock in found.values() if clock.target is not None or clock.state is not ClockState.IDLE]
    if not moves or not shown:
        return None
    begin = min(event.at for event in moves)
    is_open = any(clock.state in (ClockState.RUNNING, ClockState.PAUSED) for clock in shown)
    end = max([event.at for event in moves] + ([now] if is_open else []))
    end = max(end, begin + timedelta(minutes=1))
    furthest = begin + (end - begin) * FURTHEST_RATIO
    for clock in shown:
        if clock.breach_at is not None and clock.target is not None and clock.breach_at <= furthest:
            end = max(end, clock.breach_at)
    axis = _Axis(begin, end)
    shown.sort(key=lambda clock: (_ORDER.index(clock.key.metric), clock.key.instance))
    return Bars(tuple(_bar(clock, moves, axis, now) for clock in shown), begin, end, axis.x(now))


def told(events: Iterable[MetricEvent], now: datetime) -> tuple[Said, ...]:
    """Every event in words, in the order of time; breaches that were taken back and events without a meaning for clocks are left out."""
    kept = (event for event in events if not event.deleted and event.type not in (None, EventType.MEASURE))
    ordered = sorted(kept, key=lambda event: (event.at, event.id))
    return tuple(Said(event.at, _words(event, now), str(event.type), event.at > now) for event in ordered)


def minutes_said(minutes: int | None) -> str:
    """Whole minutes in words: "45 min", "3 h 5 min", "2 d 4 h"; empty for None."""
    if minutes is None:
        return ""
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, rest = divmod(hours, 24)
    return f"{days} d {rest} h" if rest else f"{days} d"


def target_said(target: SlaTarget | None) -> str:
    """What a policy asks, in words; empty for None."""
    if target is None:
        return ""
    return f"{minutes_said(target.target_min)}{' of business hours' if target.business_hours else ''}"


class _Axis:
    """Times as places from 0 to 1000, held within."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        self._begin, self._span_s = begin, (end - begin).total_seconds()

    def x(self, at: datetime) -> int:
        return round(min(1.0, max(0.0, (at - self._begin).total_seconds() / self._span_s)) * AXIS)

    def is_on(self, at: datetime) -> bool:
        return at <= self._begin + timedelta(seconds=self._span_s)


def _bar(clock: Clock, moves: Iterable[MetricEvent], axis: _Axis, now: datetime) -> Bar:
    own = sorted(
        (each for each in moves if (each.ticket_id, each.metric, each.instance) == tuple(clock.key)), key=lambda each: (each.at, each.id)
    )
    pieces: list[Piece] = []
    breach_at = clock.breach_at if clock.target is not None else None
    at: datetime | None = None
    kind = ""
    for event in own:
        if at is not None:
            pieces += _pieces(kind, at, event.at, breach_at, axis)
        at, kind = event.at, {EventType.ACTIVATE: "run", EventType.PAUSE: "pause"}.get(event.type or EventType.MEASURE, "")
    if at is not None:
        pieces += _pieces(kind, at, now, breach_at, axis)
    drawn, state = _state(clock, now)
    return Bar(
        metric_name(clock.key.metric, clock.key.instance),
        target_said(clock.target),
        clock.target.policy_title if clock.target is not None else "",
        state,
        drawn,
        tuple(pieces),
        axis.x(breach_at) if breach_at is not None and axis.is_on(breach_at) else None,
        axis.x(clock.fulfilled_at) if clock.fulfilled_at is not None else None,
        breach_at if clock.state is ClockState.RUNNING else None,
    )


def _pieces(kind: str, begin: datetime, end: datetime, breach_at: datetime | None, axis: _Axis) -> list[Piece]:
    if not kind or end <= begin:
        return []
    spans = [(kind, begin, end)]
    if kind == "run" and breach_at is not None and breach_at < end:
        spans = [("run", begin, max(begin, breach_at)), ("late", max(begin, breach_at), end)]
    places = [(each, min(axis.x(since), AXIS - 2), axis.x(until)) for each, since, until in spans if until > since]
    return [Piece(each, x, max(2, until_x - x)) for each, x, until_x in places]


def _state(clock: Clock, now: datetime) -> tuple[str, str]:
    if clock.state is ClockState.FULFILLED:
        kept = clock.met(now)
        took = minutes_said(clock.measured.calendar) if clock.measured is not None else ""
        after = f" after {took}" if took else ""
        if kept is None:
            return "fulfilled", f"fulfilled{after}"
        if kept and _took_longer(clock):
            return "kept", f"kept{after}: Zendesk tells of no breach"
        return ("kept", f"kept{after}") if kept else ("missed-done", f"missed, fulfilled{after}")
    drawn = left.word(clock.left_s(now), clock.state, is_missed=clock.is_breached_now(now))
    if drawn == "none":
        return drawn, _STATES[clock.state]
    return drawn, left.text(clock.left_s(now), drawn)


def _took_longer(clock: Clock) -> bool:
    """The time that it took does not say by itself that the target was kept: it was set, or made shorter, when the time had passed."""
    if clock.target is None or clock.target.business_hours or clock.measured is None or clock.measured.calendar is None:
        return False
    return clock.measured.calendar > clock.target.target_min


def _words(event: MetricEvent, now: datetime) -> str:
    match event.type:
        case EventType.ACTIVATE:
            text = "the clock runs"
        case EventType.PAUSE:
            text = "the clock pauses"
        case EventType.FULFILL:
            text = "fulfilled"
        case EventType.APPLY_SLA if event.sla is None:
            text = "no target any more"
        case EventType.APPLY_SLA:
            by = f" by “{event.sla.policy_title}”" if event.sla and event.sla.policy_title else ""
            text = f"target {target_said(event.sla)}{by}"
        case EventType.BREACH:
            text = "the target will be missed" if event.at > now else "the target is missed, unless fulfilled before"
        case _:
            text = f"measured {_measured(event.status)}"
    return f"{metric_name(event.metric, event.instance)}: {text}"


def _measured(status: Minutes | None) -> str:
    if status is None:
        return "nothing"
    both = [(minutes_said(status.calendar), ""), (minutes_said(status.business), " of business hours")]
    return ", ".join(f"{text}{which}" for text, which in both if text) or "nothing"
