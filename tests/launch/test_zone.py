"""The machine's own time zone."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.launch.zone import machine_zone


def test_machine_zone_with_tz_takes_it(tmp_path: Path) -> None:
    assert machine_zone({"TZ": ":Asia/Tokyo"}, tmp_path) == "Asia/Tokyo"


def test_machine_zone_with_a_link_reads_its_target(tmp_path: Path) -> None:
    target = tmp_path / "zoneinfo" / "Europe" / "Berlin"
    target.parent.mkdir(parents=True)
    target.touch()
    (tmp_path / "localtime").symlink_to(target)
    assert machine_zone({}, tmp_path) == "Europe/Berlin"


def test_machine_zone_with_a_name_in_a_file_reads_it(tmp_path: Path) -> None:
    (tmp_path / "timezone").write_text("America/St_Johns\n")
    assert machine_zone({}, tmp_path) == "America/St_Johns"


@pytest.mark.parametrize("name", ["Nowhere/City", "EST5EDT4,M3,M11", "../../etc/passwd", "/etc/localtime"])
def test_machine_zone_with_an_unknown_name_is_utc(tmp_path: Path, name: str) -> None:
    assert machine_zone({"TZ": name}, tmp_path) == "UTC"


def test_machine_zone_with_nothing_is_utc(tmp_path: Path) -> None:
    assert machine_zone({}, tmp_path) == "UTC"
