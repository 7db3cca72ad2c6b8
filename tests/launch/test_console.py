"""What the person at the terminal reads."""

from __future__ import annotations

import io
from pathlib import Path

from dashboard.launch.console import (
    PROBLEMS_PER_MINUTE,
    Console,
    Ready,
    fallen,
    given_up,
    missing_words,
    obituary,
    ready_block,
    risen,
)
from dashboard.launch.fleet import CannotLiveError, Fell, Rose
from tests.launch.conftest import Start, wait_until

SOURCE = "emulator at http://127.0.0.1:9000 (no ZENDESK_URL set)"
LINE = "2026-11-22 09:00:00,123 {level:<7} dashboard.tasks: something"


def ready(password: str | None = None, warnings: tuple[str, ...] = ()) -> Ready:
    wall = "http://127.0.0.1:8000/wall/main/?key=qls_sentinel"
    return Ready("0.1.0", wall, "http://127.0.0.1:8000/", "admin@queuelight.local", password, SOURCE, warnings)


def test_ready_block_at_the_first_start_holds_all_one_needs() -> None:
    assert ready_block(ready("abc-def")) == (
        "READY  Queuelight 0.1.0\n"
        "  Wallboard   http://127.0.0.1:8000/wall/main/?key=qls_sentinel\n"
        "  Supervisor  http://127.0.0.1:8000/   log in as admin@queuelight.local, password abc-def   (shown this once)\n"
        f"  Source      {SOURCE}\n"
        "  Stop with Ctrl-C."
    )


def test_ready_block_later_shows_no_password() -> None:
    assert "password" not in ready_block(ready())


def test_ready_block_with_a_warning_says_it() -> None:
    assert "  Warning     the vendor refused\n" in ready_block(ready(warnings=("the vendor refused",)))


def test_repr_of_ready_shows_neither_key_nor_password() -> None:
    assert "sentinel" not in repr(ready("sentinel-password"))


def test_heard_shows_problems_and_nothing_else() -> None:
    out = io.StringIO()
    console = Console(out)
    for level in ("INFO", "WARNING", "ERROR", "DEBUG"):
        console.heard("worker", LINE.format(level=level))
    console.heard("worker", "Traceback (most recent call last):")
    assert [line.split()[4] for line in out.getvalue().splitlines()] == ["WARNING", "ERROR"]
    assert out.getvalue().startswith("worker | ")


def test_heard_a_storm_of_problems_shows_a_few_and_points_to_the_logs() -> None:
    out, now = io.StringIO(), [0.0]
    console = Console(out, lambda: now[0])
    for _ in range(100):
        console.heard("web", LINE.format(level="ERROR"))
    lines = out.getvalue().splitlines()
    assert len(lines) == PROBLEMS_PER_MINUTE + 1
    assert "logs folder" in lines[-1]
    now[0] = 61.0
    console.heard("web", LINE.format(level="ERROR"))
    assert len(out.getvalue().splitlines()) == PROBLEMS_PER_MINUTE + 2


def test_heard_while_stopping_is_quiet() -> None:
    out = io.StringIO()
    console = Console(out)
    console.quiet = True
    console.heard("web", LINE.format(level="ERROR"))
    assert out.getvalue() == ""


def test_say_to_a_closed_terminal_is_no_error() -> None:
    out = io.StringIO()
    out.close()
    Console(out).say("lost")


def test_obituary_names_the_child_its_end_and_its_last_lines(start: Start) -> None:
    child = start("print('the reason'); raise SystemExit(7)", name="worker")
    wait_until(lambda: child.exit_code() is not None)
    assert obituary(child).splitlines() == [
        "queuelight: worker ended with exit code 7; everything is stopped. Its last lines:",
        "  worker | the reason",
        f"The whole log: {child.log}",
    ]


def test_obituary_of_a_killed_child_names_the_signal(start: Start) -> None:
    child = start("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", name="beat")
    wait_until(lambda: child.exit_code() is not None)
    assert "beat was ended by signal 9;" in obituary(child)
    assert "(it said nothing)" in obituary(child)


def test_fallen_names_part_end_and_wait_on_one_line() -> None:
    said = fallen(Fell("worker", "was ended by signal 9", ("a word",), 0.5), Path("/logs/worker.log"))
    assert said == (
        "queuelight: worker was ended by signal 9; it is started again in 0.5 s, and everything else goes on. Its log: /logs/worker.log"
    )
    assert risen(Rose("worker")) == "queuelight: worker was started again."


def test_given_up_says_why_it_is_not_started_again() -> None:
    assert given_up(CannotLiveError("web", "ended with exit code 1", ["PORT 1 is in use"]), Path("/logs/web.log")).splitlines() == [
        "queuelight: web ended with exit code 1, 5 times in a row within 10 s of its start; everything is stopped. Its last lines:",
        "  web | PORT 1 is in use",
        "The whole log: /logs/web.log",
    ]


def test_missing_words_read_as_a_sentence() -> None:
    assert missing_words(["web"]) == "web"
    assert missing_words(["redis", "worker", "beat"]) == "redis, worker and beat"
