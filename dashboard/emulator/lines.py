"""Phone lines and the groups behind them: what the account of the simulated centre has set up.

In:  nothing. Out: the lines and groups a world begins with, and the shape to write others in.
Ids look like the vendor's: beyond 2**31, below 2**53.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """A group of agents that lines route to."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One phone number of the account.

    `share`: its part of all calls, relative to the other lines. `group_ids`: the groups that its menu offers, most chosen first.
    `talk_mean_s`: mean talk of a call on it.
    """

    id: int
    nickname: str
    share: float
    group_ids: tuple[int, ...]
    talk_mean_s: float = 170.0


SUPPORT = Group(360004412311, "Support")
BILLING = Group(360004412371, "Billing")
TECHNICAL = Group(360004415017, "Technical")

DEFAULT_GROUPS = (SUPPORT, BILLING, TECHNICAL)
DEFAULT_LINES = (
    Line(360000213451, "Support line", 0.55, (SUPPORT.id, TECHNICAL.id)),
    Line(360000213471, "Billing", 0.30, (BILLING.id, SUPPORT.id), 150.0),
    Line(360000214033, "Priority", 0.15, (TECHNICAL.id, SUPPORT.id), 200.0),
)
