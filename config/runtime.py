"""What `manage.py up` is running right now: a small file in DATA_DIR, written by it and read by every command in another terminal.

In:  the data folder. Out: the embedded Redis' URL, the emulator's address and token, the time zone, process ids.
A lock on a second file says whether the writer still lives: the kernel drops it with the process, so a crash leaves no lie behind.
The file holds secrets and is readable by its owner alone. Must not import Django: the settings are made from this.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

RUNTIME_FILE = "runtime.json"
LOCK_FILE = "up.lock"
LOCK_TRIES = 5
LOCK_PAUSE_S = 0.1


class AlreadyRunning(Exception):
    """Another `manage.py up` works in this folder."""


@contextlib.contextmanager
def held(data_dir: Path) -> Iterator[None]:
    """Holds the folder for this process. AlreadyRunning when another has it; OSError when the folder cannot be written or locked."""
    descriptor = os.open(data_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for attempt in range(LOCK_TRIES):  # a reader holds the lock for the instant in which it looks (is_held)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt == LOCK_TRIES - 1:
                    raise AlreadyRunning from None
                time.sleep(LOCK_PAUSE_S)
        yield
    finally:
        os.close(descriptor)


def is_held(data_dir: Path) -> bool:
    """Whether a living `manage.py up` has this folder."""
    try:
        descriptor = os.open(data_dir / LOCK_FILE, os.O_RDONLY)
    except OSError:  # no such file: never started here; not readable: not ours to join
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks: `up` refuses to start there, so nobody has it
        return False
    finally:
        os.close(descriptor)
    return False


def read(data_dir: Path) -> dict[str, object]:
    """What runs; empty when nothing does. What a crashed run left behind is ignored."""
    if not is_held(data_dir):
        return {}
    try:
        found = json.loads((data_dir / RUNTIME_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not written yet, or not ours to read: then there is nothing to join
        return {}
    return found if isinstance(found, dict) else {}


def write(data_dir: Path, values: Mapping[str, object]) -> None:
    """Replaces the file in one step, so that no reader sees half of it."""
    part = data_dir / f"{RUNTIME_FILE}.part"
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(dict(values), file)
    part.replace(data_dir / RUNTIME_FILE)


def remove(data_dir: Path) -> None:
    """Takes the file away; it is no error when there is none."""
    (data_dir / RUNTIME_FILE).unlink(missing_ok=True)
