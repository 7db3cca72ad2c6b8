"""What a page's main thread did, read from a trace: what follows without a rest is one burst, and nobody else's work is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dashboard.bench.traces import bursts, frames, longest_each_s

PAGE, OTHER = (7, 1), (8, 1)


def task(at_ms: float, dur_ms: float, who: tuple[int, int] = PAGE, cpu_ms: float | None = None, name: str = "RunTask") -> dict[str, Any]:
    own = {} if cpu_ms is None else {"tdur": cpu_ms * 1000}
    return {"ph": "X", "name": name, "pid": who[0], "tid": who[1], "ts": 1_000_000 + at_ms * 1000, "dur": dur_ms * 1000, **own}


def trace(*tasks: dict[str, Any]) -> bytes:
    named = [{"ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": {"name": "CrRendererMain"}} for pid, tid in (PAGE, OTHER)]
    return json.dumps({"traceEvents": [*named, *tasks]}).encode()


def test_bursts_join_what_follows_without_a_rest_and_count_the_page_alone() -> None:
    found = bursts(
        trace(
            task(0, 10, cpu_ms=6),
            task(2, 4),  # a loop within the task before
            task(12, 20),
            task(12, 20, name="Layout"),  # what a task is made of
            task(5, 18, OTHER),
            task(60, 5),
        )
    )
    assert [(burst.cpu_ms, burst.wall_ms) for burst in found] == [(26, 32), (5, 5)]


def test_longest_of_each_second_leaves_out_the_seconds_that_are_cut() -> None:
    found = bursts(trace(task(0, 90), task(1100, 5), task(1300, 30), task(2200, 40), task(3100, 90)))
    assert [burst.wall_ms for burst in longest_each_s(found)] == [30, 40]


def test_frame_is_the_work_up_to_its_picture_and_the_next_begins_after_it() -> None:
    found = frames(
        trace(
            task(0, 10, cpu_ms=6),  # a message
            task(12, 20),
            task(20, 2, name="Paint"),
            task(33, 30),  # goes on at once
            task(40, 2, name="Paint"),
            task(40, 2, OTHER, name="Paint"),
            task(100, 5),  # nothing was drawn of it
            task(200, 7),
            task(201, 2, name="Paint"),
        )
    )
    assert [(frame.cpu_ms, frame.wall_ms) for frame in found] == [(26, 32), (30, 30), (7, 7)]


def test_trace_without_a_page_is_an_error() -> None:
    with pytest.raises(ValueError, match="no tasks of a page"):
        bursts(trace())
