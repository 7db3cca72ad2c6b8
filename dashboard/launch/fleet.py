"""All children of one `manage.py up`: started one after the other, stopped in the opposite order, whatever happens.

In:  plans. Out: children. `stop_all` is safe at any time, also half-way through the start.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from dashboard.launch.children import STOP_TIMEOUT_S, Child, Plan, first_dead
from dashboard.launch.stop_signals import StopSignals


class StopAskedError(Exception):
    """Somebody asked for the end while something was awaited."""


class ChildDiedError(Exception):
    """A child ended by itself."""

    def __init__(self, child: Child) -> None:
        super().__init__(child.name)
        self.child = child


class Fleet:
    """The children in the order of their start."""

    def __init__(self, log_dir: Path, signals: StopSignals, heard: Callable[[str, str], None]) -> None:
        self._log_dir = log_dir
        self._signals = signals
        self._heard = heard
        self.children: list[Child] = []

    def start(self, plan: Plan, stdin: bytes = b"") -> Child:
        """Starts one more. StopAskedError when the end was asked for already."""
        if self._signals.asked:
            raise StopAskedError
        child = Child(plan, self._log_dir, self._heard, stdin=stdin)
        self.children.append(child)
        return child

    def spawner(self, name: str, plan_of: Callable[[list[str]], Plan]) -> Callable[[list[str], bytes], subprocess.Popen[bytes]]:
        """For a part that starts a program itself and may try more than once: each try replaces the one before."""

        def spawn(argv: list[str], stdin: bytes) -> subprocess.Popen[bytes]:
            self.children = [child for child in self.children if child.name != name]
            return self.start(plan_of(argv), stdin).process

        return spawn

    def check(self) -> None:
        """StopAskedError or ChildDiedError when there is reason to end."""
        if self._signals.asked:
            raise StopAskedError
        if (dead := first_dead(self.children)) is not None:
            raise ChildDiedError(dead)

    def stop_all(self) -> tuple[str, ...]:
        """Ends all, last started first. The names of those that had to be killed."""
        killed = [child.name for child in reversed(self.children) if not child.stop(lambda: self._signals.hurried, STOP_TIMEOUT_S)]
        self.children = []
        return tuple(killed)
