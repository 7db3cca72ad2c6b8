"""A call and what chance has in store for it: how long its caller is patient, what happens in the conversation.

In:  a call's own stream of chance, its line, the scenario. Out: `Call`, and the durations and turns of its life.
Must not move anything: `waiting.py` and `handling.py` act on what is drawn here.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from random import Random

from dashboard.emulator.chance import exponential_s, gamma_s, lognormal_s, weibull_s
from dashboard.emulator.lines import Line
from dashboard.emulator.people import Agent, Doing
from dashboard.emulator.scenarios import Scenario

MAX_QUEUE_WAIT_S = 600
RING_S = 20
MAX_LEGS = 3
LIVE, CALLBACK, WIDGET = "live", "callback", "widget"


@dataclass(slots=True)
class Visit:
    """One stay in a queue: `kind` live, callback or widget; `outcome` and `left_ms` are None while it lasts."""

    kind: str
    entered_ms: int
    left_ms: int | None = None
    outcome: str | None = None
    agent_id: int | None = None


@dataclass(slots=True, eq=False)
class Call:
    """One call from its first second to its last; `fate` is None until it is known.

    A callback is one call with the request for it. `connected_since_ms` is None while nobody is on the line. Until
    `forgotten_until_ms` the routing offers it to nobody (0: it never forgot it).
    """

    id: int
    direction: str
    origin: str
    line: Line
    group_id: int
    arrived_ms: int
    rng: Random
    visits: list[Visit] = field(default_factory=list)
    agent_ids: list[int] = field(default_factory=list)
    held_by: list[int] = field(default_factory=list)
    answered_ms: int | None = None
    ended_ms: int | None = None
    fate: str | None = None
    connected_since_ms: int | None = None
    ringing: Agent | None = None
    refused_by: Agent | None = None
    overflowed: bool = False
    forgotten_until_ms: int = 0
    transferred: bool = False
    plan: deque[tuple[str, float]] = field(default_factory=deque)
    guest: Agent | None = None

    @property
    def visit(self) -> Visit:
        """The latest stay in a queue. IndexError for a call that never was in one."""
        return self.visits[-1]


@dataclass(frozen=True, slots=True)
class Queueing:
    """What the caller will do if nobody answers: seconds after entering the queue; None: never."""

    abandon_s: float
    voicemail_s: float | None
    callback_s: float | None


def menu(rng: Random) -> tuple[float, str | None]:
    """Seconds in greeting and menu, and how the call ends there: `menu_hangup`, `textback`, or None when it goes on to the queue."""
    ends = rng.random()
    return 4 + gamma_s(rng, 9, 3), "menu_hangup" if ends < 0.025 else "textback" if ends < 0.04 else None


def queueing(rng: Random, scenario: Scenario) -> Queueing:
    """A caller's patience. Few give up in the first seconds, and some take the offered ways out of a long wait."""
    offered = rng.random()
    return Queueing(
        abandon_s=weibull_s(rng, 420 * scenario.patience, 1.35),
        voicemail_s=rng.uniform(30, 150) if offered < 0.05 else None,
        callback_s=rng.uniform(40, 180) if offered > 0.88 else None,
    )


def ring(rng: Random, *, by_phone: bool) -> tuple[str, float]:
    """What an agent does with an offer (`accepted`, `denied`, `missed`) and after how many seconds of ringing."""
    chance = rng.random()
    if chance < 0.025:
        return "missed", RING_S
    if chance < 0.037:
        return "denied", rng.uniform(2, 9)
    return "accepted", min(RING_S - 1, 1 + gamma_s(rng, 5.5 if by_phone else 2.5, 2))


def conversation(rng: Random, talk_mean_s: float, *, may_transfer: bool) -> deque[tuple[str, float]]:
    """The turns of one agent's conversation with their seconds: talk, hold, consult, conference, and at the end maybe a transfer."""
    talk_s = min(3600, 8 + lognormal_s(rng, talk_mean_s - 8, 0.75))
    turns: list[str] = []
    if rng.random() < 0.17:
        turns += [Doing.HOLD] * (1 + (rng.random() < 0.25))
    if rng.random() < 0.05:
        turns.append(Doing.CONSULT)
    if rng.random() < 0.03:
        turns.append("conference")
    rng.shuffle(turns)
    plan: deque[tuple[str, float]] = deque()
    for turn in turns:
        plan.append((Doing.TALK, talk_s / (len(turns) + 1)))
        plan.append((turn, 5 + (exponential_s(rng, 90) if turn == "conference" else gamma_s(rng, 32, 2))))
    plan.append((Doing.TALK, talk_s / (len(turns) + 1)))
    if may_transfer and rng.random() < 0.06:
        plan.append(("transfer", 0.0))
    return plan


def wrap_up_s(rng: Random, *, pressed: bool) -> float:
    """After-call work: people who see others waiting are done sooner."""
    return min(240, 3 + lognormal_s(rng, 17 if pressed else 42, 0.6))
