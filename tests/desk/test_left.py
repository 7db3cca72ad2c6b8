"""The time left in words, by the vectors that the browser's half is held to as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.desk import left

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "time_left.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: str(case["left_s"]))
def test_time_left_each_vector_gives_its_words(case: dict[str, Any]) -> None:
    drawn = left.word(case["left_s"], "running")
    assert (drawn, left.text(case["left_s"], drawn)) == (case["word"], case["text"])


def test_clock_that_does_not_run_says_so() -> None:
    assert left.text(None, left.word(None, "paused")) == "paused"
    assert left.text(None, left.word(None, "paused", is_missed=True)) == "missed, paused"
    assert left.text(None, left.word(None, "")) == "no target"
