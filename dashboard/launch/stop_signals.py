"""Ctrl-C and the signals that ask a program to end, noted and not thrown: thrown between a child's start and its noting, they lose it.

In:  SIGINT, SIGTERM, SIGHUP. Out: `asked` after the first, `hurried` after the second. Must be used in the main thread.
"""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignals:
    """While it is entered, the signals are only counted."""

    def __init__(self) -> None:
        self._count = 0
        self._before: dict[signal.Signals, object] = {}

    @property
    def asked(self) -> bool:
        return self._count > 0

    @property
    def hurried(self) -> bool:
        return self._count > 1

    def note(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self._count += 1

    def __enter__(self) -> Self:
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self.note)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, self._before[number])  # type: ignore[arg-type]  # what signal.signal gave, it takes back
