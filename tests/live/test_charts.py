"""A metric's figure: small, plain, honest about gaps and falls, and made for the library that draws it."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import plotly
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.live.chart_axes import MOST_TICKS, nice_ticks, texts_of
from dashboard.live.charts import Drawing, figure

NOW = datetime(2026, 11, 21, 14, 32, 7, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent


SPAN_MIN = 120


def chart(values: Sequence[float | None] = (), *, now: datetime = NOW, **changes: Any) -> dict[str, Any]:
    """A figure of the last two hours, of which `values` are the last minutes."""
    whole = [None] * (SPAN_MIN + 1 - len(values)) + list(values)
    return figure(Drawing(whole, **{"step_s": 60, "warning": 120, "critical": 180, **changes}), now)


def minutes(*values: float | None) -> list[float | None]:
    return list(values)


def trace(drawn: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (one for one in drawn["data"] if one["name"] == name)
    return dict(found)


def size(drawn: dict[str, Any]) -> int:
    return len(json.dumps(drawn, separators=(",", ":")))


def polygons(one: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """A `toself` trace's pieces."""
    pairs = list(zip(one["x"], one["y"], strict=True))
    return [list(group) for known, group in itertools.groupby(pairs, lambda pair: pair[0] is not None) if known]


def test_chart_full_day_is_small_and_plain_json() -> None:
    drawn = chart(minutes(*[(i * 37) % 240 for i in range(121)]))
    assert size(drawn) < 6000
    assert json.loads(json.dumps(drawn)) == drawn
    assert "bdata" not in json.dumps(drawn)
    assert "template" not in drawn["layout"]


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

    for values in ([], minutes(5, None, 7)):
        for threshold in (None, 120):
            drawn = chart(values, warning=threshold, critical=threshold, then=values, falls={1: True})
            check({"layout": drawn["layout"], "data": dict(enumerate(drawn["data"]))})


def test_chart_without_points_is_one_hatched_gap() -> None:
    drawn = chart([])
    assert polygons(trace(drawn, "gap")) == [[(-120, 0), (-120, 239), (0, 239), (0, 0)]]
    assert set(trace(drawn, "line")["y"]) == {None}


def test_chart_gap_is_hatched_from_the_last_known_minute_to_the_next_and_no_line_crosses_it() -> None:
    drawn = chart(minutes(*[10] * 60, *[None] * 5, *[20] * 56))
    assert [(piece[0][0], piece[2][0]) for piece in polygons(trace(drawn, "gap"))] == [(-61, -55)]
    assert trace(drawn, "line")["y"][60:65] == [None] * 5
    assert not trace(drawn, "line").get("connectgaps")
    for piece in polygons(trace(drawn, "area")):
        assert not any(-61 < x < -55 for x, _ in piece)


def test_chart_area_above_warning_is_dotted_from_crossing_to_crossing() -> None:
    drawn = chart(minutes(*[60] * 118, 60, 180, 60))
    assert polygons(trace(drawn, "over")) == [[(-1.5, 120), (-1, 180), (-0.5, 120)]]
    assert trace(drawn, "over")["fillpattern"]["shape"] == "."


def test_chart_hill_that_still_stands_ends_now() -> None:
    drawn = chart(minutes(200, 210))
    assert polygons(trace(drawn, "over")) == [[(-1, 120), (-1, 200), (0, 210), (0, 120)]]


@given(st.lists(st.none() | st.integers(0, 400), min_size=121, max_size=121))
@settings(max_examples=50, deadline=None)
def test_chart_dots_lie_on_or_above_the_warning_line(values: list[float | None]) -> None:
    for piece in polygons(trace(chart(minutes(*values)), "over")):
        assert piece[0][1] == piece[-1][1] == 120
        assert all(y >= 120 and -SPAN_MIN <= x <= 0 for x, y in piece)


def test_chart_axis_reaches_above_the_highest_value_and_the_critical_line() -> None:
    assert chart(minutes(10))["layout"]["yaxis"]["range"] == [0, 239]
    assert chart(minutes(3725))["layout"]["yaxis"]["range"] == [0, 4172]


def test_chart_of_a_number_below_zero_has_an_axis_below_zero() -> None:
    """Net flow: more tickets were solved than came."""
    found = figure(Drawing([-12.0, 3.0, None, -4.0], 60, unit="count"), NOW)
    low, top = found["layout"]["yaxis"]["range"]
    assert low <= -12 < 3 <= top
    assert found["layout"]["yaxis"]["ticktext"] == ["-10", "-5", "0", "5"]
    assert {y for y in found["data"][0]["y"] if y is not None} == {low, top}


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
    assert chart([], now=now, time_zone="Europe/Berlin")["layout"]["xaxis"]["ticktext"] == [
        "01:30",
        "02:00",
        "02:30",
        "02:00",
    ]


def test_chart_unknown_zone_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        chart([], time_zone="Moon/Sea")


def test_chart_light_theme_has_inks_of_its_own() -> None:
    assert trace(chart([], theme="light"), "line")["line"]["color"] != trace(chart([], theme="dark"), "line")["line"]["color"]


def test_chart_beside_the_same_weekday_draws_it_dashed_under_the_line() -> None:
    drawn = chart(minutes(10, 20), then=[None] * 119 + [400, 30])
    assert [one["name"] for one in drawn["data"]] == ["gap", "area", "then", "line", "over"]
    then = trace(drawn, "then")
    assert (then["line"]["dash"], then["y"][-2:], then["x0"], then["dx"]) == ("dash", [400, 30], -120, 1)
    assert drawn["layout"]["yaxis"]["range"] == [0, 448]  # it has room, too
    assert drawn["layout"]["meta"] == {"unit": "s", "span_s": 7200, "then": "2026-11-14"}
    assert [one["name"] for one in chart(minutes(10), then=[None] * 121)["data"]] == ["gap", "area", "line", "over"]


def test_chart_of_a_total_that_began_anew_breaks_its_line_and_marks_the_place() -> None:
    drawn = chart([*range(900, 960), 0, 1, *range(2, 61)], warning=None, critical=None, unit="count", falls={60: True, 100: False})
    pieces = polygons(trace(drawn, "line"))
    assert [(piece[0], piece[-1]) for piece in pieces] == [((-120, 900), (-61, 959)), ((-60, 0), (-21, 39)), ((-20, 40), (0, 60))]
    assert trace(drawn, "gap")["x"] == []
    marks = [(shape["name"], shape["x0"], shape["x1"], shape["y0"], shape["y1"]) for shape in drawn["layout"]["shapes"]]
    assert marks == [("reset", -60.5, -60.5, 0, 1), ("corrected", -20.5, -20.5, 0, 1)]


def test_chart_without_limits_names_round_heights_in_its_unit() -> None:
    calls = chart([1350], unit="count", warning=None, critical=None)["layout"]["yaxis"]
    assert (calls["range"], calls["tickvals"], calls["ticktext"]) == ([0, 1512], [500, 1000, 1500], ["500", "1,000", "1,500"])
    quiet = chart([0], unit="count", warning=None, critical=None)["layout"]["yaxis"]
    assert (quiet["range"], quiet["ticktext"]) == ([0, 5], ["2", "4"])
    assert chart([0.5], unit="ratio", warning=None, critical=None)["layout"]["yaxis"]["ticktext"] == ["20 %", "40 %"]
    assert chart([300], warning=None, critical=None)["layout"]["yaxis"]["ticktext"] == ["2:00", "4:00"]
    assert chart([3], unit="ratio", warning=0.05, critical=0.1)["layout"]["annotations"][0]["text"] == "5 %"


@given(st.floats(0.001, 1e9), st.sampled_from(["s", "count", "ratio"]))
def test_ticks_are_few_even_and_within_the_axis(top: float, unit: str) -> None:
    ticks = nice_ticks(top, unit)
    assert len(ticks) <= MOST_TICKS
    assert all(0 < tick <= max(top, 1) for tick in ticks)
    assert len(set(texts_of(ticks, unit))) == len(ticks)


def test_chart_of_long_times_names_hours_and_days_and_of_a_difference_its_sign() -> None:
    def heights(top: float, unit: str = "s", *, signed: bool = False) -> list[str]:
        layout = chart([top], unit=unit, signed=signed, warning=None, critical=None)["layout"]
        return [*layout["yaxis"]["ticktext"], layout["meta"].get("signed", "")]

    assert heights(40 * 3600) == ["12 h", "24 h", "36 h", ""]
    assert heights(300_000) == ["1 d", "2 d", "3 d", ""]
    assert heights(5400) == ["30:00", "1:00:00", "1:30:00", ""]
    assert heights(40, "count", signed=True) == ["+20", "+40", True]
    limits = chart([0], warning=14_400, critical=187_200)["layout"]["annotations"]
    assert [label["text"] for label in limits] == ["4 h", "52 h", "now"]
    assert texts_of([187_200, 5400], "s") == ["2 d 4 h", "1:30:00"]


def test_chart_of_a_week_names_its_days_and_of_a_month_its_mondays() -> None:
    week = figure(Drawing([1.0] * 113, 5400, unit="count", time_zone="Europe/Berlin"), NOW)["layout"]
    assert week["meta"]["days"] == [f"2026-11-{day}" for day in range(15, 22)]
    assert week["xaxis"]["tickvals"][-1] == -(15 * 60 + 32)  # midnight in Berlin is 23:00 UTC, and a few seconds
    month = figure(Drawing([1.0] * 113, 21_600, unit="count"), NOW)["layout"]
    assert month["meta"]["days"] == ["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"]


def test_vendored_library_is_the_version_that_plotly_py_makes_figures_for() -> None:
    bundled = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    ours = ROOT / "static" / "vendor" / "plotly-basic.min.js"
    with bundled.open(encoding="utf-8") as theirs:
        version = re.search(r"plotly\.js v([\d.]+)", theirs.read(400))
    assert version is not None
    with ours.open(encoding="utf-8") as file:
        assert f"v{version[1]}" in file.read(400)
    assert f"plotly.js {version[1]}" in (ROOT / "static" / "vendor" / "VENDORED.md").read_text()
