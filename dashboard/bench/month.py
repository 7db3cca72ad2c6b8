"""A month of a simulated call centre with spikes injected, and the same month without them: what the recall of a spike rule is
measured on.

In:  a floor (size, load), a seed, how many weeks and spikes. Out: `Month`: the longest wait at each poll of both worlds, and what was
injected when. The same arguments make the same month on every machine. Days are simulated apart from each other, each from its own
midnight, so that they fit on several cores; a spike is over, and worked off, long before midnight.
Must not know how a rule judges.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from dashboard.emulator import stats
from dashboard.emulator.arrivals import carried_calls_per_hour
from dashboard.emulator.chance import stream
from dashboard.emulator.spikes import SHAPES
from dashboard.emulator.world import World, WorldConfig

# A Monday. The simulated floor knows no weekends: every day is a working day.
FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY_S = 86_400
OPENS_S, CLOSES_S = 8 * 3600, 20 * 3600
# Between the end of one spike and the beginning of the next, so that each finds an ordinary floor.
APART_S = 3600
# A floor of another size gets callers in proportion; the sizes below are of one with this many agents.
SIZES_AGENTS = 60


@dataclass(frozen=True, slots=True)
class FloorSize:
    """A call centre: `load_ratio` of the calls that its agents can just carry calmly, as the emulator reckons it (1: its default)."""

    name: str
    agents_count: int
    load_ratio: float

    def config(self, seed: int) -> WorldConfig:
        calls_per_hour = carried_calls_per_hour(self.agents_count) * self.load_ratio
        return WorldConfig(seed=seed, agents_count=self.agents_count, base_calls_per_hour=calls_per_hour, calls_kept=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """One spike to inject: on which day (from 0), how many seconds after its midnight, for how long."""

    day: int
    at_s: int
    shape: str
    size: float
    for_s: int


@dataclass(frozen=True, slots=True)
class Month:
    """`spiked` and `twin`: the longest wait in whole seconds at poll n, which is n x `poll_s` after `FIRST_DAY`'s midnight."""

    floor: FloorSize
    seed: int
    poll_s: int
    warm_days: int
    spiked: Sequence[int]
    twin: Sequence[int]
    plans: Sequence[Plan]

    def poll_of(self, day: int, at_s: float) -> int:
        """The number of the first poll at or after that moment."""
        return -int(-(day * DAY_S + at_s) // self.poll_s)


# For each shape the smallest and largest size (on 60 agents) and length in seconds: from one that a supervisor would just call a spike
# to one that nobody can miss.
_RANGES: dict[str, tuple[float, float, int, int]] = {
    "rush": (4.0, 8.0, 900, 2400),
    "staircase": (4.0, 9.0, 2400, 4200),
    "double": (4.5, 9.0, 1800, 3000),
    "burst": (110, 260, 120, 420),
    "drip": (7.0, 14.0, 1800, 3600),
    "walkout": (0.75, 0.95, 900, 2400),
    "slow": (5.0, 12.0, 1500, 3000),
    "standstill": (1.0, 1.0, 420, 900),
    "stuck": (1.0, 3.0, 480, 590),
}


def plans(seed: int, floor: FloorSize, *, first_day: int, days: int, count: int) -> list[Plan]:
    """`count` spikes at random times of open hours, each shape about as often, of random sizes, an hour apart at least."""
    rng = stream(seed, "plans")
    names = [name for _ in range(-(-count // len(SHAPES))) for name in SHAPES][:count]
    rng.shuffle(names)
    made: list[Plan] = []
    for name in names:
        plan = _plan(rng, floor, name, first_day, days)
        while any(_too_near(plan, other) for other in made):
            plan = _plan(rng, floor, name, first_day, days)
        made.append(plan)
    return sorted(made, key=lambda plan: (plan.day, plan.at_s))


def _plan(rng: Random, floor: FloorSize, name: str, first_day: int, days: int) -> Plan:
    least, most, shortest_s, longest_s = _RANGES[name]
    size = rng.uniform(least, most)
    if name in ("burst", "drip"):
        size *= floor.agents_count / SIZES_AGENTS
    shape = SHAPES[name]
    size = max(shape.least, round(size) if shape.whole else round(size, 2))
    for_s = rng.randrange(shortest_s, longest_s)
    return Plan(first_day + rng.randrange(days), rng.randrange(OPENS_S, CLOSES_S - for_s), name, size, for_s)


def _too_near(plan: Plan, other: Plan) -> bool:
    apart_s = max(plan.at_s, other.at_s) - min(plan.at_s + plan.for_s, other.at_s + other.for_s)
    return plan.day == other.day and apart_s < APART_S


def simulated_day(floor: FloorSize, seed: int, day: int, poll_s: int, spikes: Sequence[Plan]) -> array[int]:
    """The longest wait at each poll of one day, as the vendor would answer it."""
    midnight = FIRST_DAY + timedelta(days=day)
    world = World(floor.config(seed), midnight)
    for spike in spikes:
        world.inject(spike.shape, size=spike.size, for_s=spike.for_s, in_s=spike.at_s)
    waits = array("H")
    for second in range(0, DAY_S, poll_s):
        world.advance(midnight + timedelta(seconds=second))
        waits.append(stats.current_queue_activity(world, None)["longest_wait_time"])
    return waits


def simulate(pool: Executor, floor: FloorSize, seed: int, *, warm_days: int, days: int, count: int, poll_s: int) -> Month:
    """The whole month, its days spread over the pool. A day without a spike is the same in both worlds and simulated once."""
    chosen = plans(seed, floor, first_day=warm_days, days=days, count=count)
    whole = range(warm_days + days)
    twins = [pool.submit(simulated_day, floor, seed, day, poll_s, ()) for day in whole]
    of_day = {day: [plan for plan in chosen if plan.day == day] for day in whole}
    spiked = {day: pool.submit(simulated_day, floor, seed, day, poll_s, found) for day, found in of_day.items() if found}

    def joined(parts: Iterator[array[int]]) -> array[int]:
        waits = array("H")
        for part in parts:
            waits.extend(part)
        return waits

    twin = [future.result() for future in twins]
    return Month(
        floor=floor,
        seed=seed,
        poll_s=poll_s,
        warm_days=warm_days,
        twin=joined(iter(twin)),
        spiked=joined(spiked[day].result() if day in spiked else twin[day] for day in whole),
        plans=chosen,
    )
