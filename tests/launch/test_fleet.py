"""Many children: started in order, ended in the opposite one, at whatever point."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from dashboard.launch.children import Child
from dashboard.launch.fleet import CannotLiveError, ChildDiedError, Fell, Fleet, Rose, StopAskedError
from dashboard.launch.fortune import FIRST_WAIT_S, SHORT_LIVES_COUNT
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


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def fleet_in(folder: Path, signals: StopSignals | None = None, clock: Clock | None = None) -> Fleet:
    return Fleet(folder, signals or StopSignals(), lambda *_: None, clock or Clock())


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


def test_tend_starts_a_dead_part_again_after_its_wait_and_leaves_the_others(tmp_path: Path) -> None:
    clock = Clock()
    fleet = fleet_in(tmp_path, clock=clock)
    redis, worker = fleet.start(plan(WAITS, "redis")), fleet.start(plan("print(input()); " + WAITS, "worker"), b"word")
    assert worker.wait_for_line("up", 10, lambda: False)
    assert fleet.tend() == []
    clock.now_s += 1
    os.kill(worker.process.pid, signal.SIGKILL)
    wait_until(lambda: worker.exit_code() is not None)
    assert fleet.tend() == [Fell("worker", "was ended by signal 9", ("word", "up"), FIRST_WAIT_S)]
    assert fleet.pids == {"redis": redis.process.pid}
    clock.now_s += FIRST_WAIT_S - 0.1
    assert fleet.tend() == []
    clock.now_s += 0.1
    assert fleet.tend() == [Rose("worker")]
    again = fleet.children[1]
    assert (again.name, fleet.pids["worker"], fleet.pids["redis"]) == ("worker", again.process.pid, redis.process.pid)
    assert again.wait_for_line("word", 10, lambda: False)  # by the same plan, with the same standard input
    assert fleet.stop_all() == ()
    assert fleet.pids == {}


def test_tend_of_a_dead_part_takes_along_what_it_had_started(tmp_path: Path) -> None:
    fleet = fleet_in(tmp_path)
    child = fleet.start(
        plan("import subprocess, sys; print('inner', subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid)")
    )
    wait_until(lambda: child.exit_code() is not None)
    line = child.wait_for_line("inner ", 10, lambda: False)
    assert line is not None
    assert len(fleet.tend()) == 1
    wait_until(lambda: not is_alive(int(line.split()[1])))
    assert fleet.stop_all() == ()


def test_tend_of_a_part_that_cannot_live_says_so_with_its_last_lines(tmp_path: Path) -> None:
    clock = Clock()
    fleet = fleet_in(tmp_path, clock=clock)
    fleet.start(plan("print('the reason'); raise SystemExit(3)", "web"))
    for _ in range(SHORT_LIVES_COUNT - 1):
        wait_until(lambda: fleet.children[0].exit_code() is not None)
        [fell] = fleet.tend()
        assert isinstance(fell, Fell)
        clock.now_s += fell.wait_s
        assert fleet.tend() == [Rose("web")]
    wait_until(lambda: fleet.children[0].exit_code() is not None)
    with pytest.raises(CannotLiveError) as caught:
        fleet.tend()
    assert (caught.value.name, caught.value.how, caught.value.said) == ("web", "ended with exit code 3", ("the reason",))
    assert fleet.stop_all() == ()


def test_tend_while_a_part_waits_for_its_next_life_ends_when_asked(tmp_path: Path) -> None:
    signals = StopSignals()
    fleet = fleet_in(tmp_path, signals)
    child = fleet.start(plan("pass"))
    wait_until(lambda: child.exit_code() is not None)
    fleet.tend()
    signals.note()
    with pytest.raises(StopAskedError):
        fleet.tend()
    assert fleet.stop_all() == ()


def test_start_again_by_another_plan_is_heeded_at_the_next_life(tmp_path: Path) -> None:
    clock = Clock()
    fleet = fleet_in(tmp_path, clock=clock)
    child = fleet.start(plan("pass", "emulator"))
    fleet.start_again_by(plan(WAITS, "emulator"))
    wait_until(lambda: child.exit_code() is not None)
    fleet.tend()
    clock.now_s += FIRST_WAIT_S
    assert fleet.tend() == [Rose("emulator")]
    up(fleet.children[0])
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
