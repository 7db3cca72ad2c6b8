"""From READY to the end: every part runs, or is on its way back, and runtime.json says which processes they are.

In:  the fleet, what runtime.json holds beside the processes. Out: lines for the person at the terminal. Ends by the fleet's errors alone.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from config import runtime
from dashboard.launch.console import Console, fallen, risen
from dashboard.launch.fleet import Fell, Fleet

LOOK_S = 0.1
WRITE_AGAIN_S = 1.0


class Register:
    """runtime.json of one run."""

    def __init__(self, data_dir: Path, values: Mapping[str, object], console: Console) -> None:
        self._data_dir, self._values, self._console = data_dir, dict(values), console
        self._is_true = True
        self._tried_s = 0.0

    def write(self, pids: Mapping[str, int]) -> None:
        """OSError when it cannot be written."""
        runtime.write(self._data_dir, {**self._values, "pids": dict(pids)})
        self._is_true = True

    def keep_true(self, pids: Mapping[str, int], *, changed: bool) -> None:
        """Writes what changed. A disk that is full stops nobody: said once, and tried again every second."""
        was_true = self._is_true
        self._is_true = self._is_true and not changed
        if self._is_true or (not changed and time.monotonic() - self._tried_s < WRITE_AGAIN_S):
            return
        self._tried_s = time.monotonic()
        try:
            self.write(pids)
        except OSError as error:
            if was_true:
                place = self._data_dir / runtime.RUNTIME_FILE
                self._console.say(f"queuelight: {place} cannot be written ({error.strerror}); it names processes of before.")


def watch(fleet: Fleet, register: Register, console: Console) -> NoReturn:
    """Looks after the parts until StopAskedError or CannotLiveError."""
    while True:
        happened = fleet.tend()
        register.keep_true(fleet.pids, changed=bool(happened))
        for each in happened:
            console.say(fallen(each, fleet.log_of(each.name)) if isinstance(each, Fell) else risen(each))
        time.sleep(LOOK_S)
