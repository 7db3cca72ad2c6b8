"""What a metric is: its name, unit, feed, plan, which way is good, and how its value comes out of readings.

In:  nothing. Out: the words that the catalogue is written in. Knows no single metric.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from dashboard.domain.derive import Bodies, Value
from dashboard.domain.feeds import Endpoint
from dashboard.domain.thresholds import Threshold


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "s"
    RATIO = "ratio"


class Plan(StrEnum):
    """The cheapest Zendesk Talk plan that sends the number."""

    TEAM = "team"
    PROFESSIONAL = "professional"


class Better(StrEnum):
    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number. `value` is pure: bodies in, number, None (unknown) or TooFew out. `endpoint` sets its age.

    `daily_total`: it only grows from the account's midnight on, and begins anew there, so that differences of it are what happened in
    between: the vendor's `total_*`. Its `max_*` begin anew as well, but are no sums.
    `window_s`: it speaks of so many seconds before the reading, and has no value until so much was watched.
    `signed`: a difference, whose values are written with their sign: +99, −3.
    `also`: other endpoints that the formula needs. Such a metric has no history and no rule: those look at one feed at a time.
    """

    name: str
    label: str
    unit: Unit
    endpoint: Endpoint
    definition: str
    value: Callable[[Bodies], Value]
    plan: Plan = Plan.TEAM
    better: Better = Better.NEITHER
    formula: str | None = None  # None: the vendor sends it as it is
    threshold: Threshold | None = None
    daily_total: bool = False
    window_s: int | None = None
    signed: bool = False
    also: tuple[Endpoint, ...] = ()

    def plus(self, value: float) -> str:
        """What stands before a value as text: "+" where it is a difference above 0, else nothing."""
        return "+" if self.signed and value > 0 else ""
