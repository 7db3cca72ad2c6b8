"""Scenarios: what can be switched on while the world runs, each a set of multipliers and forced absences.

In:  a name. Out: a `Scenario`. Nothing here acts; demand, floor and calls read the scenario that is on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Scenario:
    """Multipliers are 1 and shares 0 for an ordinary day.

    `arrivals` multiplies the calls of the hour, after raising the hour to at least `arrivals_floor` times the day's mean: a rush
    switched on at 4 in the morning is a rush. `share_away` and `share_missing`: the part of the agents at work who are away, or did
    not come at all, 0..1; one always stays. `breaks` and `outbound`: whether agents take breaks and call out.
    """

    name: str
    summary: str
    arrivals: float = 1.0
    arrivals_floor: float = 0.0
    talk: float = 1.0
    patience: float = 1.0
    share_away: float = 0.0
    share_missing: float = 0.0
    breaks: bool = True
    outbound: bool = True


_ALL = (
    Scenario("normal", "An ordinary day: lively, mostly calm."),
    Scenario("quiet_morning", "Few calls: hardly anybody waits.", arrivals=0.4),
    Scenario(
        "lunch_rush",
        "Most of the floor is at lunch while more than twice the calls come in.",
        arrivals=2.4,
        arrivals_floor=1.2,
        patience=1.25,
        share_away=0.6,
        outbound=False,
    ),
    Scenario("agents_missing", "Two thirds of the agents did not come.", share_missing=0.67),
    Scenario(
        "storm",
        "An outage: six times the calls, longer ones, and people who hold on.",
        arrivals=6.0,
        arrivals_floor=1.5,
        talk=1.2,
        patience=1.5,
        breaks=False,
        outbound=False,
    ),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({scenario.name: scenario for scenario in _ALL})
NORMAL = SCENARIOS["normal"]


def scenario(name: str) -> Scenario:
    """The scenario of that name. ValueError, listing the names, for an unknown one."""
    found = SCENARIOS.get(name)
    if found is None:
        raise ValueError(f"unknown scenario {name!r}; there are: {', '.join(SCENARIOS)}")
    return found
