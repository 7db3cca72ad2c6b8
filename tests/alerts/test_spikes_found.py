"""The default spike rule finds big spikes of several shapes, at once, and a calm day has none: `make bench` in small.

One weekday of four weeks is simulated, every other day is silent: what is usual on that weekday comes from its own past alone.
"""

from __future__ import annotations

from array import array
from dataclasses import replace
from itertools import pairwise

import pytest

from dashboard.bench.month import DAY_S, FloorSize, Month, Plan, plans, simulated_day
from dashboard.bench.recall import default_spec, said
from dashboard.bench.scoring import opened, presence, score
from dashboard.domain.rules import RuleKind, RuleSpec, problems

FLOOR = FloorSize("24 agents at half load", 24, 0.5)
SEED = 3
POLL_S = 10
DAY = 21
SPIKES = [
    Plan(DAY, 8 * 3600, "rush", 9.0, 1200),
    Plan(DAY, 11 * 3600, "stuck", 1.0, 590),
    Plan(DAY, 14 * 3600, "walkout", 0.95, 1500),
    Plan(DAY, 17 * 3600, "standstill", 1.0, 600),
]


@pytest.fixture(scope="module")
def month() -> Month:
    silent = array("H", [0]) * (DAY_S // POLL_S)
    twin, spiked = array("H"), array("H")
    for day in range(DAY + 1):
        waits = simulated_day(FLOOR, SEED, day, POLL_S, ()) if day % 7 == 0 else silent
        twin.extend(waits)
        spiked.extend(simulated_day(FLOOR, SEED, day, POLL_S, SPIKES) if day == DAY else waits)
    return Month(FLOOR, SEED, POLL_S, DAY, spiked, twin, SPIKES)


def test_each_big_spike_is_found_at_once_and_nothing_else_is_told(month: Month) -> None:
    found = score(month, default_spec())
    assert (found.there, found.missed, found.faint, found.false_alarms) == (4, (), (), ()), said(found)
    assert max(found.delays) <= 12
    assert sorted(found.delays)[1] <= 2


def test_calm_day_without_spikes_opens_nothing(month: Month) -> None:
    assert opened(month, default_spec(), waits=month.twin) == []


def test_spike_counts_as_missed_when_the_rule_is_blind_and_as_false_where_nothing_was_injected(month: Month) -> None:
    spec = default_spec()
    assert spec.spike is not None
    blind = score(month, replace(spec, spike=replace(spec.spike, times=1000.0)))
    assert (blind.delays, len(blind.missed), blind.recall) == ((), 4, 0.0)
    unplanned = score(replace(month, plans=SPIKES[:1]), spec)
    assert unplanned.there == 1
    assert len(unplanned.false_alarms) >= 3


def test_presence_is_told_by_the_twin_and_ends_when_the_spike_is_gone(month: Month) -> None:
    plan = SPIKES[1]
    there = presence(month, plan, floor=180, rise=90)
    assert there is not None
    assert month.poll_of(DAY, plan.at_s + 180) <= there.first <= month.poll_of(DAY, plan.at_s + 300)
    assert there.last <= month.poll_of(DAY, plan.at_s + 660)
    assert presence(replace(month, spiked=month.twin), plan, floor=180, rise=90) is None


def test_score_of_a_rule_that_is_no_spike_is_refused(month: Month) -> None:
    with pytest.raises(ValueError, match="only a spike rule"):
        score(month, RuleSpec(RuleKind.THRESHOLD, "longest_wait_time"))


def test_default_spike_rule_can_be_judged() -> None:
    assert problems(default_spec()) == []


@pytest.mark.parametrize("seed", range(1, 6))
def test_plans_are_apart_within_open_hours_and_the_same_for_a_seed(seed: int) -> None:
    made = plans(seed, FLOOR, first_day=28, days=28, count=40)
    assert made == plans(seed, FLOOR, first_day=28, days=28, count=40)
    assert len(made) == 40
    assert len({plan.shape for plan in made}) == 9
    assert all(28 <= plan.day < 56 and plan.at_s >= 8 * 3600 and plan.at_s + plan.for_s <= 20 * 3600 for plan in made)
    assert all(one.day != other.day or one.at_s + one.for_s + 3600 <= other.at_s for one, other in pairwise(made))
