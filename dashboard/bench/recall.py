"""How many spikes the default rule finds, how late, and how often it cries wolf: over simulated months with 40 spikes injected into each.

In:  nothing. Out: figures, each with its seed. `month.py` simulates, `scoring.py` judges and counts; docs/design/0003-spikes.md explains.
Needs neither a server nor a database: the simulation is used as a library, and runs on all cores.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial

from dashboard.alerts.defaults import RULES
from dashboard.alerts.rules import spec_of
from dashboard.bench.figures import Figure, percentile
from dashboard.bench.month import FloorSize, Month, simulate
from dashboard.bench.scoring import Score, false_a_week_without_history, score
from dashboard.domain.baseline import WEEKS
from dashboard.domain.rules import RuleSpec
from dashboard.models import Rule

SEEDS = (1, 2, 3)
SPIKES_COUNT = 40
MEASURED_DAYS = 28
POLL_S = 5
# A floor that carries its ordinary day well, as most that want to be told of spikes do; and the small, lively one of `make run`, on which
# callers wait for five minutes about twice a day without any spike.
STAFFED = FloorSize("60 agents at 75 % load", agents_count=60, load_ratio=0.75)
LIVELY = FloorSize("18 agents at full load", agents_count=18, load_ratio=1.0)
# With fewer weeks than this nothing is usual yet but the last half hour.
WEEKS_WITHOUT_HISTORY = 3


def default_spec() -> RuleSpec:
    """The spike rule that exists after the first start."""
    fields = next(rule for rule in RULES if rule["key"] == "longest_wait_spike")
    return spec_of(Rule(**fields))


def measure() -> list[Figure]:
    """About two minutes on two cores."""
    spec = default_spec()
    # Not forked: the command has a database connection and threads of its own. So what runs there must not need Django.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        months = [_month(pool, STAFFED, seed) for seed in SEEDS]
        lively = _month(pool, LIVELY, SEEDS[0])
        scores = list(pool.map(partial(score, spec=spec), [*months, lively]))
        early = list(pool.map(partial(false_a_week_without_history, spec=spec, weeks=WEEKS_WITHOUT_HISTORY), months))
    staffed = scores[:-1]
    return [
        *(Figure(f"{STAFFED.name}, seed {seed}", said(found)) for seed, found in zip(SEEDS, staffed, strict=True)),
        _recall_of(staffed),
        Figure(
            "false alarms a week, all seeds",
            f"{sum(len(found.false_alarms) for found in staffed) / sum(found.weeks for found in staffed):.2f}",
            "promised: at most 1; natural peaks of the day count",
        ),
        Figure(
            "median delay",
            f"{statistics.median(_delays(staffed)):g} polls of {POLL_S} s",
            f"promised: at most 2; p90 {percentile(_delays(staffed), 0.9) * POLL_S:g} s",
        ),
        Figure(
            "false alarms a week without past weeks",
            f"{statistics.mean(early):.2f}",
            f"the first {WEEKS_WITHOUT_HISTORY} weeks of an installation, judged by the last half hour; nothing is promised",
        ),
        Figure(f"{LIVELY.name}, seed {SEEDS[0]}", said(scores[-1]), "the floor of make run; nothing is promised"),
    ]


def _month(pool: Executor, floor: FloorSize, seed: int) -> Month:
    warm_days = WEEKS * 7
    return simulate(pool, floor, seed, warm_days=warm_days, days=MEASURED_DAYS, count=SPIKES_COUNT, poll_s=POLL_S)


def said(found: Score) -> str:
    """One month in one line."""
    parts = [
        f"{len(found.delays)} of {found.there} found (recall {found.recall:.3f})",
        f"{len(found.false_alarms) / found.weeks:.2f} false a week",
        f"median delay {statistics.median(found.delays):g} polls" if found.delays else "no delay to tell",
    ]
    if found.faint:
        parts.append(f"{len(found.faint)} injected never stood out")
    if found.missed:
        counts = Counter(plan.shape for plan in found.missed)
        parts.append("missed: " + ", ".join(f"{count} {shape}" for shape, count in sorted(counts.items())))
    return "; ".join(parts)


def _recall_of(scores: Sequence[Score]) -> Figure:
    found, there = len(_delays(scores)), sum(score.there for score in scores)
    return Figure("recall, all seeds", f"{found / there:.3f}", f"promised: at least 0.97; {found} of {there} spikes")


def _delays(scores: Sequence[Score]) -> list[int]:
    return [delay for score in scores for delay in score.delays]
