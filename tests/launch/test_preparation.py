"""Once before the start: tables, static files, the first board."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from dashboard.launch import preparation


@pytest.fixture
def static(tmp_path: Path) -> Iterator[Path]:
    """A small static folder of the test's own, and a place to collect it to."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("body { color: red }")
    with override_settings(STATICFILES_DIRS=[source], STATIC_ROOT=tmp_path / "root", INSTALLED_APPS=["django.contrib.staticfiles"]):
        preparation.finders.get_finder.cache_clear()
        yield source
    preparation.finders.get_finder.cache_clear()


def test_collect_static_twice_does_it_once(static: Path, tmp_path: Path) -> None:
    assert preparation.collect_static()
    assert (tmp_path / "root" / "staticfiles.json").is_file()
    assert not preparation.collect_static()


def test_collect_static_after_a_change_does_it_again_and_leaves_nothing_old(static: Path, tmp_path: Path) -> None:
    preparation.collect_static()
    (static / "a.css").write_text("body { color: blue }")
    os.utime(static / "a.css", (time.time() + 5, time.time() + 5))
    assert preparation.collect_static()
    hashed = list((tmp_path / "root").glob("a.*.css"))
    assert ["blue" in path.read_text() for path in hashed] == [True]


@pytest.mark.parametrize("damaged", [b"", b"x", b"[]", b"{}", b"\xff\xfe"])
def test_collect_static_after_the_manifest_was_damaged_does_it_again(static: Path, tmp_path: Path, damaged: bytes) -> None:
    preparation.collect_static()
    (tmp_path / "root" / "staticfiles.json").write_bytes(damaged)
    assert preparation.collect_static()
    assert not preparation.collect_static()


def test_collect_static_after_the_files_were_lost_does_it_again(static: Path, tmp_path: Path) -> None:
    preparation.collect_static()
    (tmp_path / "root" / "staticfiles.json").unlink()
    assert preparation.collect_static()
