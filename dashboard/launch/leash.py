"""Runs a program that ends when its parent does, however the parent ends; on Linux the kernel sees to it.

In:  `python -I -S leash.py <parent's pid> <signal number> <program> [argument ...]`. Out: this process becomes that program.
A program of its own instead of Popen's `preexec_fn`: code between fork and exec can deadlock in a parent that has threads.
The kernel looks at the parent's *thread*: start leashed programs from the main thread. Must import nothing of ours (it runs isolated).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def leashed(argv: list[str], end_with: signal.Signals = signal.SIGKILL) -> list[str]:
    """The command line that runs `argv` leashed to the calling process. Elsewhere than on Linux: `argv` as it is."""
    if not sys.platform.startswith("linux"):
        return argv
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(os.getpid()), str(int(end_with)), *argv]


def _become(parent: int, end_with: int, argv: list[str]) -> None:
    import ctypes  # only here: whoever imports this module for `leashed` does not need it

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, end_with, 0, 0, 0) != 0:
        sys.exit(f"queuelight: prctl failed with error {ctypes.get_errno()}; {argv[0]} was not started.")
    if os.getppid() != parent:  # it ended before the leash was on
        sys.exit(1)
    try:
        os.execvp(argv[0], argv)  # noqa: S606 (becoming that program is what this is for)
    except OSError as error:
        sys.exit(f"queuelight: {argv[0]} cannot be run: {error.strerror}.")


if __name__ == "__main__":
    _become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
