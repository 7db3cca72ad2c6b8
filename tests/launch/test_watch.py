"""The part of `manage.py up` after READY: what is said, and that runtime.json is true."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import runtime
from dashboard.launch.console import Console
from dashboard.launch.fleet import Fleet, StopAskedError
from dashboard.launch.stop_signals import StopSignals
from dashboard.launch.watch import Register, watch
from tests.launch.conftest import plan, wait_until

WAITS = "import time; time.sleep(600)"


def pids_in(folder: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((folder / runtime.RUNTIME_FILE).read_text())["pids"]
    return found


@pytest.fixture
def signals() -> StopSignals:
    return StopSignals()


@pytest.fixture
def fleet(tmp_path: Path, signals: StopSignals) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path / "logs", signals, lambda *_: None)
    yield fleet
    signals.note()
    signals.note()
    fleet.stop_all()


def test_watch_of_a_part_that_was_killed_names_its_new_process_and_ends_when_asked(
    tmp_path: Path, fleet: Fleet, signals: StopSignals
) -> None:
    said = io.StringIO()
    first = fleet.start(plan(WAITS, "beat"))
    register = Register(tmp_path, {"port": 1}, Console(said))
    register.write(fleet.pids)

    def hurt() -> None:
        os.kill(first.process.pid, signal.SIGKILL)
        wait_until(lambda: pids_in(tmp_path).get("beat", first.process.pid) != first.process.pid, 30)
        signals.note()

    other = threading.Thread(target=hurt)
    other.start()
    with pytest.raises(StopAskedError):
        watch(fleet, register, Console(said))
    other.join()
    assert pids_in(tmp_path) == dict(fleet.pids)
    assert [line.partition(";")[0] for line in said.getvalue().splitlines()] == [
        "queuelight: beat was ended by signal 9",
        "queuelight: beat was started again.",
    ]


def test_register_on_a_full_disk_says_it_once_and_is_true_when_there_is_space(tmp_path: Path) -> None:
    said, place = io.StringIO(), tmp_path / "data"
    register = Register(place, {}, Console(said))  # no such folder: as little can be written there as on a full disk
    register.keep_true({"web": 1}, changed=True)
    register.keep_true({"web": 2}, changed=True)
    assert said.getvalue().count("runtime.json cannot be written (No such file or directory)") == 1
    place.mkdir()

    def true() -> bool:
        register.keep_true({"web": 2}, changed=False)
        return (place / runtime.RUNTIME_FILE).exists()

    wait_until(true)
    assert pids_in(place) == {"web": 2}
