"""The wait's figure: small, plain, honest about gaps, and made for the library that draws it."""

from __future__ import annotations

import itertools
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import plotly
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.live.charts import SPAN_MIN, wait_chart

NOW = datetime(2026, 11, 21, 14, 32, 7, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent


def chart(points: list[tuple[datetime, float | None]], **changes: Any) -> dict[str, Any]:
    return wait_chart(points, **{"now": NOW, "warning": 120, "critical": 180, "time_zone": "UTC", "theme": "dark", **changes})


def minutes(*values: float | None) -> list[tuple[datetime, float | None]]:
    """One point a minute, the last one now."""
    return [(NOW - timedelta(minutes=len(values) - 1 - i), value) for i, value in enumerate(values)]


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (one for one in figure["data"] if one["name"] == name)
    return dict(found)


def size(figure: dict[str, Any]) -> int:
    return len(json.dumps(figure, separators=(",", ":")))


def polygons(one: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """A `toself` trace's pieces."""
    pairs = list(zip(one["x"], one["y"], strict=True))
    return [list(group) for known, group in itertools.groupby(pairs, lambda pair: pair[0] is not None) if known]


def test_chart_full_day_is_small_and_plain_json() -> None:
    figure = chart(minutes(*[(i * 37) % 240 for i in range(121)]))
    assert size(figure) < 6000
    assert json.loads(json.dumps(figure)) == figure
    assert "bdata" not in json.dumps(figure)
    assert "template" not in figure["layout"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.none() | st.integers(0, 7200), min_size=121, max_size=121))
def test_chart_of_any_day_stays_small(values: list[float | None]) -> None:
    assert size(chart(minutes(*values))) < 6000


def test_chart_holds_no_null_outside_arrays() -> None:
    """A frame is patched by RFC 7386, in which a null outside an array means: delete."""

    def check(value: Any) -> None:
        assert value is not None
        if isinstance(value, dict):
            for inner in value.values():
                check(inner)

    for points in ([], minutes(5, None, 7)):
        for threshold in (None, 120):
            figure = chart(points, warning=threshold, critical=threshold)
            check({"layout": figure["layout"], "data": dict(enumerate(figure["data"]))})


def test_chart_without_points_is_one_hatched_gap() -> None:
    figure = chart([])
    assert polygons(trace(figure, "gap")) == [[(-120, 0), (-120, 239), (0, 239), (0, 0)]]
    assert set(trace(figure, "wait")["y"]) == {None}


def test_chart_gap_is_hatched_from_the_last_known_minute_to_the_next_and_no_line_crosses_it() -> None:
    figure = chart(minutes(*[10] * 60, *[None] * 5, *[20] * 56))
    assert [(piece[0][0], piece[2][0]) for piece in polygons(trace(figure, "gap"))] == [(-61, -55)]
    assert trace(figure, "wait")["y"][60:65] == [None] * 5
    assert not trace(figure, "wait").get("connectgaps")
    for piece in polygons(trace(figure, "area")):
        assert not any(-61 < x < -55 for x, _ in piece)


def test_chart_of_several_points_in_a_minute_draws_the_highest() -> None:
    figure = chart([(NOW - timedelta(minutes=10, seconds=s), value) for s, value in ((1, 5.0), (3, 171.4), (5, None), (6, 2.0))])
    assert trace(figure, "wait")["y"][-11] == 171


def test_chart_leaves_out_what_is_older_or_from_the_future() -> None:
    figure = chart([(NOW - timedelta(minutes=122), 99), (NOW + timedelta(seconds=5), 99)])
    assert set(trace(figure, "wait")["y"]) == {None}


def test_chart_first_seconds_of_a_minute_are_no_gap() -> None:
    figure = chart([(NOW - timedelta(minutes=i, seconds=8), 30) for i in range(121)])
    assert trace(figure, "wait")["y"][-1] == 30
    assert polygons(trace(figure, "gap")) == []


def test_chart_area_above_warning_is_dotted_from_crossing_to_crossing() -> None:
    figure = chart(minutes(*[60] * 118, 60, 180, 60))
    assert polygons(trace(figure, "over")) == [[(-1.5, 120), (-1, 180), (-0.5, 120)]]
    assert trace(figure, "over")["fillpattern"]["shape"] == "."


def test_chart_hill_that_still_stands_ends_now() -> None:
    figure = chart(minutes(200, 210))
    assert polygons(trace(figure, "over")) == [[(-1, 120), (-1, 200), (0, 210), (0, 120)]]


@given(st.lists(st.none() | st.integers(0, 400), min_size=121, max_size=121))
@settings(max_examples=50, deadline=None)
def test_chart_dots_lie_on_or_above_the_warning_line(values: list[float | None]) -> None:
    for piece in polygons(trace(chart(minutes(*values)), "over")):
        assert piece[0][1] == piece[-1][1] == 120
        assert all(y >= 120 and -SPAN_MIN <= x <= 0 for x, y in piece)


def test_chart_axis_reaches_above_the_highest_value_and_the_critical_line() -> None:
    assert chart(minutes(10))["layout"]["yaxis"]["range"] == [0, 239]
    assert chart(minutes(3725))["layout"]["yaxis"]["range"] == [0, 4172]


def test_chart_thresholds_are_lines_with_labels() -> None:
    layout = chart(minutes(10))["layout"]
    assert [(shape["name"], shape["y0"], shape["line"]["dash"]) for shape in layout["shapes"]] == [
        ("warning", 120, "dot"),
        ("critical", 180, "dash"),
    ]
    assert [label["text"] for label in layout["annotations"]] == ["2:00", "3:00", "now"]
    assert chart(minutes(10), warning=None, critical=None)["layout"].get("shapes", []) == []


def test_chart_hours_are_the_boards_own() -> None:
    assert chart([], time_zone="Asia/Kolkata")["layout"]["xaxis"]["ticktext"] == ["18:02", "18:32", "19:02", "19:32"]


def test_chart_hours_cross_the_end_of_summer_time() -> None:
    now = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 for the second time in Berlin
    assert wait_chart([], now, warning=1, critical=2, time_zone="Europe/Berlin", theme="dark")["layout"]["xaxis"]["ticktext"] == [
        "01:30",
        "02:00",
        "02:30",
        "02:00",
    ]


def test_chart_unknown_zone_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        chart([], time_zone="Moon/Sea")


def test_chart_light_theme_has_inks_of_its_own() -> None:
    assert trace(chart([], theme="light"), "wait")["line"]["color"] != trace(chart([], theme="dark"), "wait")["line"]["color"]


def test_vendored_library_is_the_version_that_plotly_py_makes_figures_for() -> None:
    bundled = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    ours = ROOT / "static" / "vendor" / "plotly-basic.min.js"
    with bundled.open(encoding="utf-8") as theirs:
        version = re.search(r"plotly\.js v([\d.]+)", theirs.read(400))
    assert version is not None
    with ours.open(encoding="utf-8") as file:
        assert f"v{version[1]}" in file.read(400)
    assert f"plotly.js {version[1]}" in (ROOT / "static" / "vendor" / "VENDORED.md").read_text()
