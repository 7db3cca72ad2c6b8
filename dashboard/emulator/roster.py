"""The roster: who works when, so that the floor is staffed as the day's demand asks, round the clock.

In:  the number of agents; a stream of chance per agent and day. Out: shifts in minutes of the wall clock.
Everybody works every day: the floor is meant to be alive whenever somebody looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import sqrt
from random import Random

from dashboard.emulator.profile import demand

SHIFT_MINUTES = 510
_STARTS = (330, 360, 390, 420, 450, 480, 510, 540, 600, 660, 720, 780, 840, 900, 960, 1020, 1320, 1350, 1380)
_SLOT_MINUTES = 30
_SLOTS = 24 * 60 // _SLOT_MINUTES
# Spare people as a multiple of the root of the load.
_RESERVE = 1.5
# Two people cannot cover for a third on a break: a centre that can afford it never plans fewer.
_NIGHT_CREW = 3.0
# Of a shift the part on the floor: the rest is lunch, breaks and short absences.
PRESENT_SHARE = 0.86


@dataclass(frozen=True, slots=True)
class Spell:
    """A part of a shift in another state than online: from `start_minute`, which may be put off while callers wait."""

    start_minute: float
    length_s: float
    state: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One agent's day: wall-clock minutes after midnight; beyond 1440 is the next day."""

    start_minute: float
    end_minute: float
    spells: tuple[Spell, ...]


@cache
def shift_starts(agents_count: int) -> tuple[int, ...]:
    """When each agent's shift begins, in minutes after midnight: chosen one by one where cover falls most short of the need.

    The need grows with demand, and with its root on top: a small team needs proportionally more people for the same waits.
    """
    loads = [demand(slot * _SLOT_MINUTES) * agents_count * SHIFT_MINUTES / 1440 for slot in range(_SLOTS)]
    needs = [load + _RESERVE * sqrt(load) for load in loads]
    scale = agents_count * SHIFT_MINUTES / _SLOT_MINUTES / sum(needs)
    needs = [max(min(_NIGHT_CREW, agents_count / 6), need * scale) for need in needs]
    short = list(needs)
    slots_of = {start: [(start // _SLOT_MINUTES + step) % _SLOTS for step in range(SHIFT_MINUTES // _SLOT_MINUTES)] for start in _STARTS}
    chosen: list[int] = []

    def choose() -> int:
        # One more agent takes 2 * short - 1 off the squared shortfall; in proportion to the need, so that a thin night counts too.
        best = max(_STARTS, key=lambda start: sum((2 * short[slot] - 1) / needs[slot] for slot in slots_of[start]))
        for slot in slots_of[best]:
            short[slot] -= 1
        return best

    for _ in range(agents_count):
        chosen.append(choose())
    for index in range(agents_count):  # the first choices knew nothing of the last: each is made once more
        for slot in slots_of[chosen[index]]:
            short[slot] += 1
        chosen[index] = choose()
    return tuple(chosen)


def shift(rng: Random, start_minute: int) -> Shift:
    """A shift that begins about then: lunch (half of the people sign out for it), two breaks, short absences, now and then
    an hour for transfers alone."""
    start = start_minute + rng.uniform(-3, 4)
    end = start_minute + SHIFT_MINUTES + rng.uniform(-2, 6)
    spells = [
        Spell(start + rng.uniform(95, 130), rng.uniform(11, 16) * 60, "away"),
        Spell(start + rng.uniform(210, 285), rng.uniform(28, 33) * 60, rng.choice(("away", "offline"))),
        Spell(start + rng.uniform(370, 410), rng.uniform(11, 16) * 60, "away"),
    ]
    spells += [Spell(start + rng.uniform(20, 480), rng.uniform(2, 6) * 60, "away") for _ in range(rng.randrange(3))]
    if rng.random() < 0.3:
        spells.append(Spell(start + rng.uniform(30, 420), rng.uniform(25, 60) * 60, "transfers_only"))
    return Shift(start, end, tuple(sorted(spells, key=lambda spell: spell.start_minute)))
