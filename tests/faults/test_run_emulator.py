"""The command as a process: ready line, clean end, clear refusals, and nothing of ours needed but itself."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
ENDPOINT = "/api/v2/channels/voice/stats/current_queue_activity.json"


def command(*options: str, **environ: str) -> subprocess.Popen[str]:
    """The command with neither Redis nor a database in reach."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_emulator", *options],
        cwd=ROOT,
        env={**os.environ, "REDIS_URL": "redis://127.0.0.1:1/0", "DATABASE_URL": "postgres://127.0.0.1:1/none", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextlib.contextmanager
def started(*options: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = command("--port", "0", *options, **environ)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("EMULATOR READY http://127.0.0.1:"), (line, process.poll())
        yield process, line.split()[-1]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT])
def test_ready_line_is_true_and_a_signal_ends_it_with_0(ended_by: signal.Signals) -> None:
    with started("--email", "a@b.example", "--token", "shown", "--agents", "5", "--plan", "team") as (process, url):
        with httpx.Client(base_url=url, trust_env=False) as http:  # its kept-alive connection is open when the signal comes
            assert http.get(ENDPOINT, auth=("a@b.example/token", "shown")).status_code == 200
            assert http.get("/_emulator/state").json()["agents_count"] == 5
            process.send_signal(ended_by)
            out, err = process.communicate(timeout=45)
        assert (process.returncode, out, err) == (0, "", "")


def test_credentials_come_from_the_environment_too() -> None:
    with started(EMULATOR_EMAIL="x@y.example", EMULATOR_TOKEN="kept") as (_, url):
        answer = httpx.get(url + ENDPOINT, auth=("x@y.example/token", "kept"), trust_env=False)
        assert answer.status_code == 200


def test_same_seed_and_start_give_the_same_day() -> None:
    options = ("--seed", "7", "--start", "2026-03-29T12:00:00+02:00", "--timezone", "Europe/Berlin", "--speed", "0")
    truths = []
    for _ in range(2):
        with started(*options) as (_, url):
            truths.append(httpx.get(url + "/_emulator/truth", trust_env=False).json())
    assert truths[0] == truths[1]
    assert truths[0]["calls"]


def test_unknown_scenario_is_one_sentence_and_not_0() -> None:
    process = command("--port", "0", "--scenario", "sunny")
    out, err = process.communicate(timeout=45)
    assert process.returncode != 0
    assert out == ""
    assert err.count("\n") == 1
    assert "storm" in err


def test_port_in_use_is_one_sentence_and_not_0() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = command("--port", str(port))
        out, err = process.communicate(timeout=45)
    assert process.returncode != 0
    assert out == ""
    assert err.count("\n") == 1
    assert f"127.0.0.1:{port}" in err


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--timezone", "Mars/Olympus"), "Mars/Olympus"),
        (("--speed", "-1"), "speed"),
        (("--agents", "0"), "agents"),
        (("--port", "70000"), "port"),
        (("--token", ""), "token"),
        (("--start", "2026-03-29T12:00:00"), "no time with its offset from UTC"),
        (("--start", "noon"), "no time with its offset from UTC"),
        (("--plan", "gold"), "professional"),
    ],
)
def test_wrong_option_is_refused_with_a_sentence(options: tuple[str, ...], word: str) -> None:
    with pytest.raises(CommandError, match=word):
        call_command("run_emulator", *(() if "--port" in options else ("--port", "0")), *options)
