"""What runs, as another process sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import runtime
from config.env import load


def test_read_while_nobody_runs_is_empty_even_with_a_file_left_behind(tmp_path: Path) -> None:
    assert runtime.read(tmp_path) == {}
    with runtime.held(tmp_path):
        runtime.write(tmp_path, {"redis_url": "redis://127.0.0.1:1/0"})
    assert (tmp_path / runtime.RUNTIME_FILE).exists()  # as a crash leaves it
    assert runtime.read(tmp_path) == {}


def test_read_while_held_gives_what_was_written(tmp_path: Path) -> None:
    with runtime.held(tmp_path):
        runtime.write(tmp_path, {"port": 1})
        runtime.write(tmp_path, {"port": 2})
        assert runtime.read(tmp_path) == {"port": 2}
        runtime.remove(tmp_path)
        assert runtime.read(tmp_path) == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_read_of_a_broken_file_is_empty(tmp_path: Path, text: str) -> None:
    with runtime.held(tmp_path):
        (tmp_path / runtime.RUNTIME_FILE).write_text(text)
        assert runtime.read(tmp_path) == {}


def test_write_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    runtime.write(tmp_path, {"redis_url": "secret"})
    assert (tmp_path / runtime.RUNTIME_FILE).stat().st_mode & 0o777 == 0o600


def test_held_twice_is_refused(tmp_path: Path) -> None:
    with runtime.held(tmp_path), pytest.raises(runtime.AlreadyRunning), runtime.held(tmp_path):
        pytest.fail("two had it")
    with runtime.held(tmp_path):  # and free again afterwards
        assert runtime.is_held(tmp_path)


def test_held_by_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom config import runtime\n"
        f"with runtime.held(Path({str(tmp_path)!r})):\n    print('held', flush=True)\n    time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert runtime.is_held(tmp_path)
        holder.kill()
    assert not runtime.is_held(tmp_path)


def test_load_joins_what_runs(tmp_path: Path) -> None:
    values = {
        "redis_url": "redis://:word@127.0.0.1:1/0",
        "time_zone": "Europe/Berlin",
        "emulator": {"url": "http://127.0.0.1:9", "email": "a@b.example", "token": "t"},
    }
    with runtime.held(tmp_path):
        runtime.write(tmp_path, values)
        env = load({"DATA_DIR": str(tmp_path)})
    assert env.redis_url == values["redis_url"]
    assert env.redis_embedded
    assert (env.time_zone, env.time_zone_given) == ("Europe/Berlin", False)
    assert env.emulated
    assert env.zendesk is not None
    assert env.zendesk.url == "http://127.0.0.1:9"
    assert json.dumps(repr(env)).count("word") == 0


def test_load_with_an_account_given_does_not_join_the_emulator(tmp_path: Path) -> None:
    with runtime.held(tmp_path):
        runtime.write(tmp_path, {"emulator": {"url": "http://127.0.0.1:9", "email": "a@b.example", "token": "t"}})
        env = load({"DATA_DIR": str(tmp_path), "ZENDESK_URL": "https://a.zendesk.com", "ZENDESK_OAUTH_TOKEN": "t"})
    assert env.zendesk is not None
    assert env.zendesk.url == "https://a.zendesk.com"
    assert not env.emulated
