"""Many children: started in order, ended in the opposite one, at whatever point."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from dashboard.launch.children import Child
from dashboard.launch.fleet import ChildDiedError, Fleet, StopAskedError
from dashboard.launch.redis_server import RedisServer
from dashboard.launch.stop_signals import StopSignals
from tests.launch.conftest import is_alive, plan, wait_until

WAITS = "import time; print('up', flush=True); time.sleep(600)"
# Says on its end, in a file that all share, that it ends.
NOTES = (
    "import signal, sys, time\nfrom pathlib import Path\n"
    "def end(*_):\n    with Path({file!r}).open('a') as file: file.write({name!r} + ' ')\n    sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end)\nprint('up', flush=True)\nwhile True: time.sleep(600)"
)


def fleet_in(folder: Path, signals: StopSignals | None = None) -> Fleet:
    return Fleet(folder, signals or StopSignals(), lambda *_: None)


def up(child: Child) -> None:
    assert child.wait_for_line("up", 10, lambda: False)


def test_stop_all_ends_the_last_started_first(tmp_path: Path) -> None:
    fleet, notes = fleet_in(tmp_path), tmp_path / "notes"
    for name in ("redis", "web", "worker", "beat"):
        up(fleet.start(plan(NOTES.format(file=str(notes), name=name), name)))
    assert fleet.stop_all() == ()
    assert notes.read_text().split() == ["beat", "worker", "web", "redis"]
    assert fleet.children == []


def test_check_of_a_dead_child_names_it(tmp_path: Path) -> None:
    fleet = fleet_in(tmp_path)
    fleet.start(plan(WAITS, "web"))
    dead = fleet.start(plan("raise SystemExit(4)", "worker"))
    wait_until(lambda: dead.exit_code() is not None)
    with pytest.raises(ChildDiedError) as caught:
        fleet.check()
    assert caught.value.child is dead
    fleet.stop_all()


def test_start_after_the_end_was_asked_for_starts_nothing(tmp_path: Path) -> None:
    signals = StopSignals()
    fleet = fleet_in(tmp_path, signals)
    signals.note()
    with pytest.raises(StopAskedError):
        fleet.start(plan(WAITS))
    with pytest.raises(StopAskedError):
        fleet.check()
    assert fleet.children == []


def test_stop_all_in_a_hurry_kills_and_says_whom(tmp_path: Path) -> None:
    signals = StopSignals()
    fleet = fleet_in(tmp_path, signals)
    children = [fleet.start(plan(f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}", name)) for name in ("a", "b")]
    for child in children:
        up(child)
    signals.note()
    signals.note()
    assert fleet.stop_all() == ("b", "a")
    assert not any(is_alive(child.process.pid) for child in children)


def test_spawner_makes_redis_one_of_the_children(tmp_path: Path) -> None:
    fleet = fleet_in(tmp_path)
    made = plan("", "redis")
    server = RedisServer(tmp_path / "redis", spawn=fleet.spawner("redis", lambda argv: type(made)("redis", tuple(argv), os.environ)))
    server.start()
    assert [child.name for child in fleet.children] == ["redis"]
    wait_until(lambda: any("Ready to accept connections" in line for line in fleet.children[0].last_lines()))
    assert fleet.stop_all() == ()


def test_stop_signals_count_and_give_back_what_was_there() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with StopSignals() as signals:
        assert (signals.asked, signals.hurried) == (False, False)
        os.kill(os.getpid(), signal.SIGTERM)
        wait_until(lambda: signals.asked)
        assert not signals.hurried
        os.kill(os.getpid(), signal.SIGHUP)
        wait_until(lambda: signals.hurried)
    assert signal.getsignal(signal.SIGTERM) is before
