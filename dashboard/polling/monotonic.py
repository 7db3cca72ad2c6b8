"""A clock that nobody can set: how much time passed, never what time it is.

In:  nothing. Out: microseconds, and a name for whoever shares this very count.
On Linux all processes of a machine share CLOCK_BOOTTIME (it also runs while the machine sleeps), so their observations add up under
the boot's id; the time namespace is part of the name, because it shifts that clock. Elsewhere each process counts for itself.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from typing import Protocol

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
TIME_NAMESPACE = Path("/proc/self/ns/time")


class Monotonic(Protocol):
    """A count of microseconds that only grows. Two counts may be compared when their `boot_id` is the same."""

    @property
    def boot_id(self) -> str: ...
    def now_us(self) -> int: ...


class HostClock:
    """The machine's own monotonic clock, or the process's where the machine has none to share."""

    def __init__(self) -> None:
        self._clock: int | None = getattr(time, "CLOCK_BOOTTIME", None)
        self.boot_id = self._shared_name() if self._clock is not None else ""
        if not self.boot_id:
            self._clock, self.boot_id = None, f"process-{uuid.uuid4()}"

    def now_us(self) -> int:
        """Microseconds since some moment before this process began."""
        return (time.monotonic_ns() if self._clock is None else time.clock_gettime_ns(self._clock)) // 1000

    @staticmethod
    def _shared_name() -> str:
        try:
            boot = BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:  # a sandbox without /proc: then nobody can tell which machine this is
            return ""
        try:
            namespace = os.readlink(TIME_NAMESPACE)  # noqa: PTH115 (the link's text, which is no path)
        except OSError:  # kernels before 5.6 know no time namespaces
            namespace = ""
        return f"{boot}{namespace}"


HOST_CLOCK = HostClock()
