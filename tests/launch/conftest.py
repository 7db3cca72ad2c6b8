"""Toy programs to start and stop: each a few lines of Python, run as a child like the real ones."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from dashboard.launch.children import Child, Plan


def wait_until(condition: Callable[[], bool], deadline_s: float = 10.0) -> None:
    """Returns as soon as the condition holds; fails the test when it does not in time."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


class Start(Protocol):
    def __call__(self, program: str, *, name: str = "toy", stdin: bytes = b"") -> Child: ...


def plan(program: str, name: str = "toy") -> Plan:
    return Plan(name, (sys.executable, "-u", "-c", program), dict(os.environ))


@pytest.fixture
def heard() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def start(tmp_path: Path, heard: list[tuple[str, str]]) -> Iterator[Start]:
    """Starts a toy; whatever is left at the end is killed."""
    children: list[Child] = []

    def begin(program: str, *, name: str = "toy", stdin: bytes = b"") -> Child:
        child = Child(plan(program, name), tmp_path / "logs", lambda who, line: heard.append((who, line)), stdin=stdin)
        children.append(child)
        return child

    yield begin
    for child in children:
        child.stop(lambda: True, 0)
