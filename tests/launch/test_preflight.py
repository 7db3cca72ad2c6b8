"""What is looked at before anything starts."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis as redis_py
from django.conf import settings

from config.env import load
from dashboard.launch import preflight
from dashboard.launch.errors import LaunchError


def test_check_of_good_settings_gives_the_port(tmp_path: Path) -> None:
    assert preflight.check(load({"DATA_DIR": str(tmp_path), "PORT": "0", "REDIS_URL": settings.REDIS_URL})) > 0


def test_check_redis_of_ours_tells_its_version(redis: redis_py.Redis) -> None:
    assert preflight.check_redis(settings.REDIS_URL) >= (6, 2)


def test_check_redis_with_a_wrong_password_says_so_and_shows_none() -> None:
    port = urlsplit(settings.REDIS_URL).port
    with pytest.raises(LaunchError, match="refuses the user or the password") as caught:
        preflight.check_redis(f"redis://:sentinel@127.0.0.1:{port}/0")
    assert "sentinel" not in str(caught.value)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis://no.such.host.invalid/0", "unix:///nonexistent.sock"])
def test_check_redis_where_nobody_answers_names_the_variable(url: str) -> None:
    with pytest.raises(LaunchError, match=r"^REDIS_URL: no Redis answers there"):
        preflight.check_redis(url)


def test_check_redis_with_an_unknown_option_says_so_and_shows_no_password() -> None:
    with pytest.raises(LaunchError, match=r"^REDIS_URL: .* option") as caught:
        preflight.check_redis("redis://:sentinel@127.0.0.1:1/0?foo=bar")
    assert "sentinel" not in str(caught.value)


def test_check_redis_where_something_else_answers_names_the_variable() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        with pytest.raises(LaunchError, match=r"^REDIS_URL: "):
            preflight.check_redis(f"redis://127.0.0.1:{listener.getsockname()[1]}/0?socket_timeout=0.2")


@pytest.mark.parametrize(
    ("info", "version"),
    [({"redis_version": "7.2.4"}, (7, 2)), ({"redis_version": "6.2"}, (6, 2)), ({}, (0, 0)), ({"redis_version": "x"}, (0, 0))],
)
def test_redis_version_reads_what_info_says(info: dict[str, object], version: tuple[int, int]) -> None:
    assert preflight.redis_version(info) == version


def test_check_data_dir_that_is_a_file_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LaunchError, match=r"^DATA_DIR: "):
        preflight.check_data_dir(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_check_data_dir_that_cannot_be_written_names_the_variable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LaunchError, match=r"^DATA_DIR: "):
        preflight.check_data_dir(tmp_path)


def test_check_data_dir_leaves_nothing_behind(tmp_path: Path) -> None:
    preflight.check_data_dir(tmp_path / "new" / "one")
    assert list((tmp_path / "new" / "one").iterdir()) == []
