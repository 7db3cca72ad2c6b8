"""The line above the list: how many targets are missed, how many will be soon, how many were kept.

In:  the numbers of the service levels. Out: labels and words. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.domain.readings_tickets import SlaState


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the line about targets. `drawn`: missed, soon, or empty."""

    label: str
    text: str
    drawn: str = ""


def facts_of(body: SlaState) -> tuple[Fact, ...]:
    """Missed now, within the next hour, and what was kept; a number that is not known is left out."""
    facts: list[Fact] = []
    if body.sla_breached is not None:
        facts.append(Fact("missed now", str(body.sla_breached), "missed" if body.sla_breached else ""))
    for minutes, count in ((15, body.sla_breaching_in_15), (30, body.sla_breaching_in_30), (60, body.sla_breaching_in_60)):
        if count is not None:
            facts.append(Fact(f"within {minutes} min", str(count), "soon" if count and minutes == 15 else ""))
    for label, met, missed in (
        ("kept today", body.sla_met_today, body.sla_missed_today),
        ("kept in 7 days", body.sla_met_7d, body.sla_missed_7d),
    ):
        if met is not None and missed is not None and met + missed:
            facts.append(Fact(label, f"{100 * met / (met + missed):.0f} % of {met + missed:,}"))
    return tuple(facts)
