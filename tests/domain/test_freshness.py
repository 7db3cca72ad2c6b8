"""The age rule, held by the vectors that the browser's twin obeys too (tests/e2e/test_live_modules.py)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.freshness import Freshness, judge

NOW = datetime(2026, 11, 21, 14, 32, 7, tzinfo=UTC)
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent.parent / "vectors" / "freshness.json").read_text())["cases"]
ORDER = [Freshness.LIVE, Freshness.LATE, Freshness.STALE]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['age_s']}s-of-{case['interval_s']}s-{case['state']}")
def test_judge_each_vector_gives_its_state(case: dict[str, Any]) -> None:
    at = None if case["age_s"] is None else NOW - timedelta(seconds=case["age_s"])
    since = NOW - timedelta(seconds=case["failing_s"]) if "failing_s" in case else None
    told = {"failing": case["failing"], "failing_since": since, "stopped": case["stopped"]}
    assert judge(at=at, interval_s=case["interval_s"], now=NOW, **told) == case["state"]


@given(younger_s=st.floats(0, 1e6), more_s=st.floats(0, 1e6), interval_s=st.floats(1, 3600))
def test_judge_older_answer_never_looks_fresher(younger_s: float, more_s: float, interval_s: float) -> None:
    younger, older = (
        judge(at=NOW - timedelta(seconds=age_s), interval_s=interval_s, failing=False, stopped=False, now=NOW)
        for age_s in (younger_s, younger_s + more_s)
    )
    assert ORDER.index(younger) <= ORDER.index(older)
