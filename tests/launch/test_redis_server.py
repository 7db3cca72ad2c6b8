"""The embedded server: really started, really stopped, quiet about its password."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import redis as redis_py

from dashboard.launch import redis_server
from dashboard.launch.preflight import redis_once
from dashboard.launch.redis_server import RedisServer, RedisServerError, find_binary, free_port
from tests.launch.conftest import is_alive, wait_until


def test_start_answers_with_its_password_only() -> None:
    server = RedisServer()
    url = server.start()
    try:
        with redis_py.Redis.from_url(url) as client:
            assert client.ping()
        with redis_once(f"redis://127.0.0.1:{server.port}") as stranger, pytest.raises(redis_py.AuthenticationError):
            stranger.ping()
    finally:
        server.stop()


def test_start_shows_its_password_in_no_argument_and_no_repr() -> None:
    server = RedisServer()
    url = server.start()
    try:
        password = url.split(":")[2].partition("@")[0]
        assert server.process is not None
        assert password not in Path(f"/proc/{server.process.pid}/cmdline").read_text()
        assert password not in repr(server)
    finally:
        server.stop()


def test_stop_leaves_no_process_and_frees_the_port() -> None:
    server = RedisServer()
    server.start()
    assert server.process is not None
    pid, port = server.process.pid, server.port
    server.stop()
    assert not is_alive(pid)
    server.stop()  # twice is no error
    successor = RedisServer()
    successor.start(port)
    assert successor.port == port
    successor.stop()


def test_restart_with_a_folder_finds_what_was_kept(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    with redis_py.Redis.from_url(server.start()) as client:
        client.set("kept", "yes")
    server.stop()
    again = RedisServer(tmp_path)
    with redis_py.Redis.from_url(again.start()) as client:
        assert client.get("kept") == b"yes"
    again.stop()


def test_start_with_a_damaged_dump_sets_it_aside(tmp_path: Path) -> None:
    (tmp_path / "dump.rdb").write_bytes(b"not a dump")
    server = RedisServer(tmp_path)
    with redis_py.Redis.from_url(server.start()) as client:
        assert client.dbsize() == 0
    server.stop()
    assert (tmp_path / "dump.unreadable").read_bytes() == b"not a dump"


def test_start_on_a_port_in_use_says_that_it_did_not_start() -> None:
    first = RedisServer()
    first.start()
    try:
        with pytest.raises(RedisServerError, match="did not start"):
            RedisServer().start(first.port)
    finally:
        first.stop()


def test_find_binary_with_an_old_server_on_path_passes_it_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "redis-server"
    old.write_text("#!/bin/sh\necho 'Redis server v=5.0.14 sha=0'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert find_binary() != old


def test_find_binary_with_a_new_server_on_path_takes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = tmp_path / "redis-server"
    new.write_text("#!/bin/sh\necho 'Redis server v=7.2.4 sha=0'\n")
    new.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert find_binary() == new


def test_server_that_ignores_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(redis_server, "STOP_TIMEOUT_S", 0.2)
    server = RedisServer()
    server.start()
    assert server.process is not None
    process = server.process
    process.send_signal(signal.SIGSTOP)
    server.stop()
    wait_until(lambda: not is_alive(process.pid))
    assert "was killed" in capsys.readouterr().err


def test_free_port_can_be_bound() -> None:
    assert 1024 <= free_port() <= 65535
