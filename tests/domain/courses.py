"""Readings of one number in a row, and what one rule makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from dashboard.domain.judging import Happened, Held, Observed, step
from dashboard.domain.rules import Limit, Limits, RuleKind, RuleSpec

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
GAP_S = 3.5
SPEC = RuleSpec(
    RuleKind.THRESHOLD, "longest_wait_time", warning=Limit(180, 165, 30), critical=Limit(300, 270, 10), keep_s=60, higher_is_worse=True
)
LIMITS = Limits(SPEC.warning, SPEC.critical)
Readings = Sequence[tuple[float, float | None]]


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def observed(second: float, value: float | None, *, holds: bool = True) -> Observed:
    return Observed(at(second), value, GAP_S, holds)


def run(spec: RuleSpec, readings: Iterable[Observed], limits: Limits | None = LIMITS) -> tuple[Held | None, list[Happened]]:
    held: Held | None = None
    events: list[Happened] = []
    for reading in readings:
        held, happened = step(spec, held, reading, limits)
        events += happened
    return held, events


def steady(value: float | None, start: int, end: int) -> list[Observed]:
    """The value at each second of start <= second < end."""
    return [observed(second, value) for second in range(start, end)]


def told(events: Iterable[Happened]) -> list[tuple[str, float]]:
    return [(event.what.value, (event.at - START).total_seconds()) for event in events]
