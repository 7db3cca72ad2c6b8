"""What a page's main thread did, from a trace of Chromium's own.

In:  the trace as bytes of JSON. Out: bursts of work, and the frames in them. Pure.
A burst is work without a rest long enough to draw a frame in: what a hand at the page has to wait for. It holds the script that a message
starts as well as the styles, the layout and the paint that follow it.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

CATEGORIES = ("toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline")
TASKS = frozenset({"RunTask", "ThreadControllerImpl::RunTask"})
MAIN_THREAD = "CrRendererMain"
DRAWN = "Paint"
# A frame is 16.7 ms at 60 Hz: with less rest than half of it, nothing is drawn in between.
REST_US = 8_000


@dataclass(frozen=True, slots=True)
class Burst:
    """`began_s` on the trace's own clock. `cpu_ms`: the thread's own time, which other programs do not lengthen; `wall_ms` from the first
    task's beginning to the last one's end."""

    began_s: float
    cpu_ms: float
    wall_ms: float


def bursts(trace: bytes) -> list[Burst]:
    """Of the page's main thread, in order. ValueError when the trace has no tasks."""
    return _joined(_tasks(json.loads(trace)["traceEvents"]))


def frames(trace: bytes) -> list[Burst]:
    """What was done for each picture that the page drew: from the burst's beginning, or the picture before, to the end of the task that
    painted. As `bursts`."""
    events: list[dict[str, Any]] = json.loads(trace)["traceEvents"]
    tasks = _tasks(events)
    thread = (tasks[0]["pid"], tasks[0]["tid"])
    painted = sorted(
        each["ts"] for each in events if each["name"] == DRAWN and each.get("ph") == "X" and (each["pid"], each["tid"]) == thread
    )
    found: list[Burst] = []
    waiting: list[dict[str, Any]] = []
    for each in tasks:
        end = waiting[-1]["ts"] + waiting[-1]["dur"] if waiting else 0
        if waiting and each["ts"] < end:
            continue  # a task within a task
        if waiting and each["ts"] - end > REST_US:
            waiting = []
        waiting.append(each)
        place = bisect_left(painted, each["ts"])
        if place < len(painted) and painted[place] < each["ts"] + each["dur"]:
            found += _joined(waiting)
            waiting = []
    return found


def _tasks(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tasks of the page that works, in order; those within others as well."""
    mains = {(each["pid"], each["tid"]) for each in events if each.get("name") == "thread_name" and each["args"].get("name") == MAIN_THREAD}
    tasks = [each for each in events if each.get("ph") == "X" and each["name"] in TASKS and (each["pid"], each["tid"]) in mains]
    if not tasks:
        raise ValueError("the trace has no tasks of a page")
    # Other pages of the browser rest: the one that works is the one that is measured. Tasks may be told twice, by two names.
    busy: Counter[tuple[int, int, str]] = Counter()
    for each in tasks:
        busy[(each["pid"], each["tid"], each["name"])] += each["dur"]
    who = busy.most_common(1)[0][0]
    return sorted((each for each in tasks if (each["pid"], each["tid"], each["name"]) == who), key=lambda each: each["ts"])


def _joined(tasks: Sequence[dict[str, Any]]) -> list[Burst]:
    found: list[Burst] = []
    start = end = cpu = 0
    for each in tasks:
        if end and each["ts"] < end:
            continue  # a task within a task: a loop that was run inside of it
        if end and each["ts"] - end > REST_US:
            found.append(Burst(start / 1e6, cpu / 1e3, (end - start) / 1e3))
            end = 0
        if not end:
            start, cpu = each["ts"], 0
        end = each["ts"] + each["dur"]
        cpu += each.get("tdur", each["dur"])
    found.append(Burst(start / 1e6, cpu / 1e3, (end - start) / 1e3))
    return found


def longest_each_s(found: Sequence[Burst]) -> list[Burst]:
    """The burst with the most work of each second; the first and the last second, which are cut, do not count."""
    seconds: dict[int, Burst] = {}
    for burst in found:
        second = int(burst.began_s - found[0].began_s)
        if second not in seconds or burst.cpu_ms > seconds[second].cpu_ms:
            seconds[second] = burst
    return [burst for second, burst in sorted(seconds.items()) if 0 < second < max(seconds)]
