"""One child: what it says, how it ends, what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.launch import children
from dashboard.launch.children import LINES_KEPT, Child, first_dead
from tests.launch.conftest import Start, is_alive, plan, wait_until

FOREVER = "import signal, time\nprint('up', flush=True)\nwhile True: time.sleep(60)"
STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\nwhile True: time.sleep(60)"


def never() -> bool:
    return False


def test_exit_code_of_a_child_that_ended_is_told_with_its_last_lines(start: Start, heard: list[tuple[str, str]]) -> None:
    child = start("import sys; print('first'); print('second', file=sys.stderr); sys.exit(3)")
    wait_until(lambda: child.exit_code() is not None)
    assert child.exit_code() == 3
    assert child.last_lines() == ["first", "second"]
    assert heard == [("toy", "first"), ("toy", "second")]
    assert child.log.read_text() == "first\nsecond\n"


def test_last_lines_of_a_talker_are_the_newest(start: Start) -> None:
    child = start(f"for n in range({LINES_KEPT * 3}): print(n)")
    wait_until(lambda: child.exit_code() is not None)
    lines = child.last_lines()
    assert len(lines) == LINES_KEPT
    assert lines[-1] == str(LINES_KEPT * 3 - 1)


def test_listen_to_endless_lines_and_foreign_bytes_keeps_bounded_text(start: Start) -> None:
    child = start("import sys; sys.stdout.buffer.write(b'\\xff' + b'x' * 100_000)")
    wait_until(lambda: child.exit_code() is not None)
    assert all(len(line) <= children.LINE_MAX_BYTES for line in child.last_lines())


def test_listen_to_a_secret_masks_it_in_memory_and_in_the_log(start: Start) -> None:
    child = start("print('redis://:sentinel-password@127.0.0.1:1/0')")
    wait_until(lambda: child.exit_code() is not None)
    assert "sentinel-password" not in "".join(child.last_lines())
    assert "sentinel-password" not in child.log.read_text()


def test_stdin_is_given_and_then_ends(start: Start) -> None:
    child = start("import sys; print(sys.stdin.read().upper())", stdin=b"word")
    wait_until(lambda: child.exit_code() is not None)
    assert child.last_lines() == ["WORD"]


def test_wait_for_line_returns_it_and_gives_up_when_the_child_ends(start: Start) -> None:
    child = start("print('READY at 9', flush=True); input()", stdin=b"x")
    assert child.wait_for_line("READY ", 60, never) == "READY at 9"
    wait_until(lambda: child.exit_code() is not None)
    assert child.wait_for_line("never", 10, never) is None


def test_wait_for_line_stops_when_told_to(start: Start) -> None:
    assert start(FOREVER).wait_for_line("never", 60, lambda: True) is None


def test_stop_of_a_willing_child_is_polite(start: Start) -> None:
    child = start(FOREVER)
    child.wait_for_line("up", 10, never)
    assert child.stop(never)
    assert child.exit_code() == -signal.SIGTERM


def test_stop_of_a_stubborn_child_kills_it_after_the_time(start: Start) -> None:
    child = start(STUBBORN)
    child.wait_for_line("up", 10, never)
    assert not child.stop(never, timeout_s=0.2)
    assert child.exit_code() == -signal.SIGKILL


def test_stop_in_a_hurry_does_not_wait(start: Start) -> None:
    child = start(STUBBORN)
    child.wait_for_line("up", 10, never)
    assert not child.stop(lambda: True, timeout_s=600)
    assert child.exit_code() == -signal.SIGKILL


def test_stop_takes_the_childs_own_children_along(start: Start) -> None:
    child = start(
        "import subprocess, sys, time\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print('inner', inner.pid, flush=True)\ntime.sleep(600)"
    )
    line = child.wait_for_line("inner ", 10, never)
    assert line is not None
    inner = int(line.split()[1])
    assert is_alive(inner)
    child.stop(never)
    wait_until(lambda: not is_alive(inner))


def test_child_has_a_session_of_its_own(start: Start) -> None:
    child = start("import os; print(os.getsid(0) == os.getpid())")
    wait_until(lambda: child.exit_code() is not None)
    assert child.last_lines() == ["True"]


def test_first_dead_is_none_while_all_live(start: Start) -> None:
    living, dead = start(FOREVER, name="living"), start("raise SystemExit(1)", name="dead")
    wait_until(lambda: dead.exit_code() is not None)
    assert first_dead([living]) is None
    assert first_dead([living, dead]) is dead


def test_log_at_its_limit_begins_anew_and_keeps_the_one_before(start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(children, "LOG_MAX_BYTES", 1_000)
    child = start("for n in range(100): print('a line of some length', n)")
    wait_until(lambda: child.exit_code() is not None)
    child.last_lines()
    kept = [tmp_path / "logs" / "toy.log", tmp_path / "logs" / "toy.log.1"]
    assert all(path.stat().st_size < 1_100 for path in kept)
    assert sorted(path.name for path in (tmp_path / "logs").iterdir()) == ["toy.log", "toy.log.1"]


def test_repr_of_plan_and_child_shows_no_environment(start: Start) -> None:
    made = plan("pass")
    assert "environ" not in repr(made)
    assert "PATH" not in repr(made)
    assert "PATH" not in repr(start("pass"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's leash exists on Linux only")
def test_leashed_child_whose_parent_is_killed_ends_too(tmp_path: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom tests.launch.conftest import plan\n"
        "from dashboard.launch.children import Child\n"
        f"child = Child(plan({STUBBORN!r}), Path({str(tmp_path)!r}), lambda *_: None)\n"
        "child.wait_for_line('up', 10, lambda: False)\nprint(child.process.pid, flush=True)\ntime.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as parent:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        assert is_alive(orphan)
        parent.kill()
        wait_until(lambda: not is_alive(orphan))


def test_leash_of_a_program_that_does_not_exist_says_so(tmp_path: Path) -> None:
    made = children.Plan("ghost", ("/nonexistent/program",), dict(os.environ))
    if not sys.platform.startswith("linux"):
        pytest.skip("without the leash, Popen itself raises")
    child = Child(made, tmp_path, lambda *_: None)
    wait_until(lambda: child.exit_code() is not None)
    assert child.exit_code() == 1
    assert "/nonexistent/program cannot be run" in child.last_lines()[0]
