"""Percentiles, CPU time of a process, and a table to print. In: numbers. Out: text."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CLOCK_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed line: what was measured, the value with its unit, and what it is held against (None: nothing)."""

    name: str
    value: str
    against: str | None = None


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0..1) of the values do not exceed. ValueError without values."""
    if not values:
        raise ValueError("no values were measured")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def cpu_s(pid: int) -> float:
    """User and system CPU seconds that a process has used so far (Linux: /proc)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS_PER_S


def resident_kb(pid: int) -> int:
    """Resident memory of a process in KiB (Linux: /proc)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ValueError(f"process {pid} has no resident memory")


def table(title: str, figures: Sequence[Figure]) -> str:
    """The figures of one benchmark as aligned text."""
    width = max(len(figure.name) for figure in figures)
    lines = [f"  {figure.name:<{width}}  {figure.value}" + (f"   ({figure.against})" if figure.against else "") for figure in figures]
    return "\n".join([title, *lines, ""])
