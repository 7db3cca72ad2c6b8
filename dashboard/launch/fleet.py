"""All parts of one `manage.py up`: started in order, started again when they end, stopped in the opposite order, whatever happens.

In:  plans; a clock. Out: children, and what became of them. `stop_all` is safe at any time, also half-way through the start.
A part has one child at most: its successor is started when it has been buried with all that came from it.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.launch.children import STOP_TIMEOUT_S, Child, Plan, first_dead
from dashboard.launch.fortune import Fortune
from dashboard.launch.stop_signals import StopSignals


class StopAskedError(Exception):
    """Somebody asked for the end while something was awaited."""


class ChildDiedError(Exception):
    """A child ended by itself, before everything was ready."""

    def __init__(self, child: Child) -> None:
        super().__init__(child.name)
        self.child = child


class CannotLiveError(Exception):
    """A part ended so often and so early that it is not started again. `how`: such as "was ended by signal 9"; `said`: its last lines."""

    def __init__(self, name: str, how: str, said: Sequence[str]) -> None:
        super().__init__(name)
        self.name, self.how, self.said = name, how, tuple(said)


@dataclass(frozen=True, slots=True)
class Fell:
    """A part ended; it is started again in `wait_s` seconds. `how` as in CannotLiveError; `said`: its last lines, oldest first."""

    name: str
    how: str
    said: tuple[str, ...]
    wait_s: float


@dataclass(frozen=True, slots=True)
class Rose:
    """A part was started again."""

    name: str


@dataclass(slots=True)
class _Part:
    plan: Plan
    stdin: bytes = field(repr=False)
    born_s: float
    child: Child | None
    again_s: float = 0.0  # when the next is due, while there is no child
    fortune: Fortune = field(default_factory=Fortune)


class Fleet:
    """The parts in the order of their first start. `clock` gives seconds that only grow."""

    def __init__(
        self, log_dir: Path, signals: StopSignals, heard: Callable[[str, str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log_dir = log_dir
        self._signals = signals
        self._heard = heard
        self._clock = clock
        self._parts: list[_Part] = []

    @property
    def children(self) -> list[Child]:
        """Those that were started and not buried yet, in the order of their parts."""
        return [part.child for part in self._parts if part.child is not None]

    @property
    def pids(self) -> Mapping[str, int]:
        """The process of each part that has one."""
        return {child.name: child.process.pid for child in self.children}

    def log_of(self, name: str) -> Path:
        """Where everything that this part says is kept."""
        return self._log_dir / f"{name}.log"

    def start(self, plan: Plan, stdin: bytes = b"") -> Child:
        """Starts one more part. StopAskedError when the end was asked for already."""
        if self._signals.asked:
            raise StopAskedError
        child = self._child(plan, stdin)
        self._parts.append(_Part(plan, stdin, self._clock(), child))
        return child

    def start_again_by(self, plan: Plan) -> None:
        """The part of this name, should it end, is started by this plan from now on."""
        for part in self._parts:
            if part.plan.name == plan.name:
                part.plan = plan

    def spawner(self, name: str, plan_of: Callable[[list[str]], Plan]) -> Callable[[list[str], bytes], subprocess.Popen[bytes]]:
        """For a part that starts a program itself and may try more than once: each try replaces the one before."""

        def spawn(argv: list[str], stdin: bytes) -> subprocess.Popen[bytes]:
            self._parts = [part for part in self._parts if part.plan.name != name]
            return self.start(plan_of(argv), stdin).process

        return spawn

    def check(self) -> None:
        """StopAskedError or ChildDiedError when there is reason to end before everything is ready."""
        if self._signals.asked:
            raise StopAskedError
        if (dead := first_dead(self.children)) is not None:
            raise ChildDiedError(dead)

    def tend(self) -> list[Fell | Rose]:
        """Buries what ended, starts again what is due; what happened since the last look. StopAskedError; CannotLiveError."""
        happened: list[Fell | Rose] = []
        for part in self._parts:
            if self._signals.asked:
                raise StopAskedError
            if part.child is None:
                if self._clock() >= part.again_s:
                    happened.append(self._rise(part))
            elif part.child.exit_code() is not None:
                happened.append(self._bury(part, part.child))
        return happened

    def stop_all(self) -> tuple[str, ...]:
        """Ends all, last started first. The names of those that had to be killed."""
        killed = [child.name for child in reversed(self.children) if not child.stop(lambda: self._signals.hurried, STOP_TIMEOUT_S)]
        self._parts = []
        return tuple(killed)

    def _child(self, plan: Plan, stdin: bytes) -> Child:
        return Child(plan, self._log_dir, self._heard, stdin=stdin)

    def _bury(self, part: _Part, child: Child) -> Fell:
        lived_s = self._clock() - part.born_s
        child.stop(lambda: True)  # what it had started holds its sockets
        part.child = None
        return self._fell(part, lived_s, child.how_it_ended(), child.last_lines())

    def _rise(self, part: _Part) -> Fell | Rose:
        part.born_s = self._clock()
        try:
            part.child = self._child(part.plan, part.stdin)
        except OSError as error:  # no memory or no process left just now
            return self._fell(part, 0.0, f"could not be started ({os.strerror(error.errno or 0)})", [])
        return Rose(part.plan.name)

    def _fell(self, part: _Part, lived_s: float, how: str, said: Sequence[str]) -> Fell:
        wait_s = part.fortune.died(lived_s)
        if wait_s is None:
            raise CannotLiveError(part.plan.name, how, said)
        part.again_s = self._clock() + wait_s
        return Fell(part.plan.name, how, tuple(said), wait_s)
