"""What happened in the last 15, 30 and 60 minutes, from totals that run since midnight: differences, never averages of averages.

In:  a feed's readings of the last hour and a bit, oldest first, the newest among them. Out: values for the fields of a body that are
ours (`readings.our_fields`). Pure. A value that a gap makes unknowable is left out; a midnight or a correction never makes one negative.

Not offered: the time to answer of such a span. It would come from two integer averages, and errs by 0.5 (n1 + n2) / (n2 - n1) s: with 400
calls since midnight and 10 more, by 40 s.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType

from dashboard.domain.feeds import Endpoint
from dashboard.domain.increments import Growth, Total

# Seconds by the suffix of the fields' names.
WINDOWS_S: Mapping[str, int] = MappingProxyType({"15m": 900, "30m": 1800, "60m": 3600})
LONGEST = timedelta(seconds=max(WINDOWS_S.values()))
# So much earlier a reading may lie that was still live when the hour began.
LEAD = timedelta(minutes=10)
# The wait that counts as in time: what the catalogue's own target says.
TARGET_S = 120

# Field without suffix -> the daily totals whose sum it is the growth of; those after the first count as 0 where they are not sent.
SUMS: Mapping[Endpoint, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        Endpoint.ACCOUNT: {
            "calls": ("total_calls",),
            "inbound_calls": ("total_inbound_calls",),
            "abandoned_calls": ("total_calls_abandoned_in_queue",),
        },
        Endpoint.AGENTS: {
            "calls_accepted": ("calls_accepted",),
            "handle_time": ("total_talk_time", "total_hold_time", "total_wrap_up_time"),
            "online_time": ("online_time",),
        },
    }
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading: when it came (Unix seconds), for how long it counts as live, and its numbers by field."""

    at_s: float
    live_s: float
    values: Mapping[str, float | None]


def needed(endpoint: Endpoint) -> tuple[str, ...]:
    """The fields of a series that `lately` looks at; none: this endpoint has nothing of the kind."""
    if endpoint is Endpoint.QUEUE:
        return ("longest_wait_time",)
    return tuple(dict.fromkeys(name for names in SUMS.get(endpoint, {}).values() for name in names))


def lately(endpoint: Endpoint, samples: Sequence[Sample], now: datetime, zone: tzinfo) -> dict[str, int]:
    """The fields that can be said at `now` (aware). `samples` have the fields that `needed` names; whole numbers >= 0 come out."""
    if endpoint is Endpoint.QUEUE:
        return _in_target(samples, now.timestamp())
    # What grew up to a reading belongs to the step in which it came; the newest one, of this very moment, is the last of its step.
    end = now + timedelta(milliseconds=1)
    edges = [*(end - timedelta(seconds=window_s) for window_s in sorted(WINDOWS_S.values(), reverse=True)), end]
    out: dict[str, int] = {}
    for name, parts in SUMS.get(endpoint, {}).items():
        growth = Growth(edges, zone)
        for sample in samples:
            value = _sum(sample.values, parts)
            if value is not None:
                growth.add(Total(datetime.fromtimestamp(sample.at_s, UTC), value, sample.live_s))
        steps = [step.value for step in growth.increments()]
        for index, suffix in enumerate(sorted(WINDOWS_S, key=lambda each: -WINDOWS_S[each])):
            known = [step for step in steps[index:] if step is not None]
            if len(known) == len(steps) - index:
                out[f"{name}_{suffix}"] = round(sum(known))
    return out


def _sum(values: Mapping[str, float | None], parts: Sequence[str]) -> float | None:
    first = values.get(parts[0])
    return None if first is None else first + sum(values.get(name) or 0 for name in parts[1:])


def _in_target(samples: Sequence[Sample], now_s: float) -> dict[str, int]:
    """Seconds of the last hour in which the longest wait was known, and of these within the target. From half an hour of them on: less
    says nothing about an hour."""
    begin_s, known_s, in_time_s = now_s - LONGEST.total_seconds(), 0.0, 0.0
    for sample, following in itertools.pairwise([*samples, Sample(now_s, 0.0, {})]):
        stood_s = min(following.at_s, sample.at_s + sample.live_s, now_s) - max(sample.at_s, begin_s)
        wait_s = sample.values.get("longest_wait_time")
        if stood_s > 0 and wait_s is not None:
            known_s += stood_s
            in_time_s += stood_s if wait_s <= TARGET_S else 0.0
    if known_s < LONGEST.total_seconds() / 2:
        return {}
    return {"watched_60m": round(known_s), "in_target_60m": min(round(in_time_s), round(known_s))}
