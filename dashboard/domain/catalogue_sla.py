"""The catalogue's numbers of service levels: targets missed now, about to be missed, and kept.

In:  nothing. Out: `SLA`, entries of the catalogue. A target is one clock of one ticket under one policy (`sla.py`); Zendesk announces in
advance when it will be missed, and takes that back when the clock stops.
"""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.domain import derive
from dashboard.domain.derive_tickets import kept
from dashboard.domain.feeds import Endpoint
from dashboard.domain.metric import Better, Metric, Unit
from dashboard.domain.thresholds import Threshold

_SLA = Endpoint.SLA
_KEPT = Threshold(0.95, 0.95, 0.96, 0.90, 0.91, higher_is_worse=False)
# The vendor's names of what a clock measures, what they are called, and what ends such a clock.
CLOCKS = (
    ("reply_time", "Replies in time", "to a public reply, each anew after the requester wrote"),
    ("resolution_time", "Resolved in time", "from creation to the solution"),
    ("requester_wait_time", "Requester wait in time", "in new, open and on hold together"),
    ("agent_work_time", "Agent work in time", "in new and open together"),
    ("pausable_update_time", "Pausable updates in time", "between two public comments of agents, without pending"),
    ("periodic_update_time", "Periodic updates in time", "between two public comments of agents"),
)


def _breaching(minutes: int, threshold: Threshold | None) -> Metric:
    name = f"sla_breaching_in_{minutes}"
    return Metric(
        name,
        f"SLA breach within {minutes} min",
        Unit.COUNT,
        _SLA,
        f"Running targets that will be missed within {minutes} minutes unless somebody acts; those already missed are not among them.",
        derive.field(_SLA, name),
        better=Better.LOWER,
        formula=f"count(type = breach, not deleted, now < time <= now + {minutes} min, clock is running)",
        threshold=threshold,
    )


def _decided(suffix: str, label: str, span: str) -> Iterator[Metric]:
    for word, verb, better in (("met", "kept", Better.HIGHER), ("missed", "missed", Better.LOWER)):
        name = f"sla_{word}_{suffix}"
        yield Metric(
            name,
            f"SLA targets {verb}, {label}",
            Unit.COUNT,
            _SLA,
            f"Targets {verb} {span}.",
            derive.field(_SLA, name),
            better=better,
            formula=f"count(targets decided {span}: {'fulfilled before the breach' if word == 'met' else 'breached'})",
            daily_total=suffix == "today",
        )
    yield Metric(
        f"sla_ratio_{suffix}",
        f"SLA achievement, {label}",
        Unit.RATIO,
        _SLA,
        f"Share of the targets decided {span} that were kept.",
        kept(f"sla_met_{suffix}", f"sla_missed_{suffix}"),
        better=Better.HIGHER,
        formula=f"sla_met_{suffix} / (sla_met_{suffix} + sla_missed_{suffix}), from 10 targets",
        threshold=_KEPT,
    )


def _of_clock(clock: str, label: str, says: str) -> Metric:
    met, missed = f"met_{clock}_7d", f"missed_{clock}_7d"
    return Metric(
        f"sla_{clock}_ratio_7d",
        f"{label}, 7 days",
        Unit.RATIO,
        _SLA,
        f"Share of the targets for {clock} ({says}) decided in the last 7 days that were kept.",
        kept(met, missed),
        better=Better.HIGHER,
        formula=f"{met} / ({met} + {missed}), from 10 targets",
        threshold=_KEPT,
    )


SLA: tuple[Metric, ...] = (
    Metric(
        "sla_breached",
        "SLA breached now",
        Unit.COUNT,
        _SLA,
        "Targets that are missed and still wait to be fulfilled.",
        derive.field(_SLA, "sla_breached"),
        better=Better.LOWER,
        formula="count(type = breach, not deleted, time <= now, clock is running or paused)",
        threshold=Threshold(0, 1, 0, 5, 4),
    ),
    _breaching(15, Threshold(0, 1, 0, 5, 4)),
    _breaching(30, None),
    _breaching(60, None),
    Metric(
        "sla_next_breach_left",
        "Time to the next SLA breach",
        Unit.SECONDS,
        _SLA,
        "How long until the next running target is missed; none where no breach is announced.",
        derive.field(_SLA, "sla_next_breach_left"),
        better=Better.HIGHER,
        formula="min(time of announced breaches of running clocks) - now",
        threshold=Threshold(1800, 1800, 1860, 600, 660, higher_is_worse=False),
    ),
    *_decided("today", "today", "today"),
    *_decided("7d", "7 days", "in the last 7 days"),
    *(_of_clock(*clock) for clock in CLOCKS),
)
