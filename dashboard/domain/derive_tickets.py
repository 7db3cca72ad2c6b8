"""Formulas about tickets, service levels and conversations: what neither vendor sends, from what is counted of each.

In:  the bodies of the latest readings by endpoint. Out: a number, None (a part is unknown) or TooFew (a rate of too few cases).
Ratios are 0..1, but for reopens: one ticket can be reopened more than once.
"""

from __future__ import annotations

from collections.abc import Callable

from dashboard.domain.derive import MIN_CALLS_FOR_A_RATE, Bodies, TooFew, Value
from dashboard.domain.feeds import Endpoint

# As for calls: a rate of fewer says more about chance than about the floor.
MIN_CASES_FOR_A_RATE = MIN_CALLS_FOR_A_RATE


def net_flow(came: str, went: str) -> Callable[[Bodies], Value]:
    """How many more tickets came than went: below 0 while the backlog shrinks."""

    def value(bodies: Bodies) -> Value:
        body = bodies.get(Endpoint.TICKETS)
        more, fewer = getattr(body, came, None), getattr(body, went, None)
        return None if more is None or fewer is None else int(more) - int(fewer)

    return value


def kept(met: str, missed: str) -> Callable[[Bodies], Value]:
    """Targets kept of those decided: met / (met + missed), from MIN_CASES_FOR_A_RATE decided on."""

    def value(bodies: Bodies) -> Value:
        body = bodies.get(Endpoint.SLA)
        good, bad = getattr(body, met, None), getattr(body, missed, None)
        if good is None or bad is None:
            return None
        return achieved(good, bad)

    return value


def achieved(met_count: int, missed_count: int) -> float | TooFew:
    """The share of decided targets that was kept."""
    decided = met_count + missed_count
    return met_count / decided if decided >= MIN_CASES_FOR_A_RATE else TooFew(decided, MIN_CASES_FOR_A_RATE)
