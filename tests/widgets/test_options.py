"""Options of widgets: defaults filled in, nonsense named, strangers dropped."""

from __future__ import annotations

import zoneinfo
from typing import Any

import pytest

from dashboard.domain.catalogue import CATALOGUE
from dashboard.widgets.kind import Form, Group, Kind, Option, Wish
from dashboard.widgets.options import checked, own_limits, threshold_of
from dashboard.widgets.registry import KINDS
from tests.widgets.seen import LIMITS, least

FORMS = Kind(
    "trial",
    "Trial",
    "",
    Group.BOARD,
    (1, 1),
    (1, 1),
    options=(
        Option("metric", "Metric", Form.METRIC, only=lambda name: CATALOGUE[name].daily_total),
        Option("metrics", "Metrics", Form.METRICS),
        Option("limits", "Limits", Form.THRESHOLD),
        Option("text", "Text", Form.TEXT, most=5),
        Option("choice", "Choice", Form.CHOICE, choices=((1, "One"), (2, "Two"))),
        Option("flag", "Flag", Form.FLAG, default=True),
        Option("whole", "Whole", Form.WHOLE, least=2, most=9),
        Option("image", "Picture", Form.IMAGE, default=""),
    ),
)


def test_options_that_are_missing_get_their_defaults_and_unknown_ones_are_dropped() -> None:
    assert checked(FORMS, None) == ({"flag": True, "image": ""}, [])
    assert checked(FORMS, {"flag": False, "of_tomorrow": 1, "text": "héllo"}) == ({"flag": False, "text": "héllo", "image": ""}, [])


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ([], "its options are not an object."),
        ({"metric": 3}, "Metric: it must be the name of a metric."),
        ({"metric": "fame"}, "Metric: there is no metric named 'fame' (any more)."),
        ({"metric": "calls_waiting"}, "Metric: 'calls_waiting' does not fit this widget."),
        ({"metrics": ["total_calls"] * 13}, "Metrics: it must be a list of at most 12 metrics."),
        ({"metrics": ["fame"]}, "Metrics: there is no metric named 'fame' (any more)."),
        ({"limits": 5}, "Limits: it must have the four limits."),
        (
            {"limits": {**LIMITS, "warning_enter": float("nan")}},
            "Limits: warning and critical each need a value to enter and one to leave.",
        ),
        ({"limits": {**LIMITS, "critical_enter": 10**400}}, "Limits: warning and critical each need a value to enter and one to leave."),
        ({"limits": {**LIMITS, "warning_leave": 6}}, "Limits: the warning's leave value lies beyond its enter value."),
        ({"text": "longer"}, "Text: it must be text of at most 5 characters."),
        ({"choice": True}, "Choice: that is not one of the choices."),
        ({"flag": 1}, "Flag: it must be yes or no."),
        ({"whole": 1}, "Whole: it must be a whole number from 2 to 9."),
        ({"whole": True}, "Whole: it must be a whole number from 2 to 9."),
        ({"image": "../etc"}, "Picture: that is not one of the pictures."),
    ],
)
def test_options_that_are_wrong_are_named(given: Any, problem: str) -> None:
    assert checked(FORMS, given)[1] == [problem]


def test_limits_of_a_widget_stand_before_the_catalogues() -> None:
    assert threshold_of("calls_waiting", {}) == CATALOGUE["calls_waiting"].threshold
    own = threshold_of("calls_waiting", {"threshold": LIMITS})
    assert own is not None
    assert (own.target, own.critical_leave, own.higher_is_worse) == (3, 8, True)
    better = {"warning_enter": 4, "warning_leave": 5, "critical_enter": 2, "critical_leave": 3}
    low = threshold_of("agents_available", {"threshold": better})
    assert low is not None
    assert (low.target, low.higher_is_worse) == (4, False)
    assert threshold_of("total_calls", {}) is None
    assert own_limits({"threshold": LIMITS}) == (5.0, 10.0)
    assert own_limits({}) is None


def test_limits_that_lie_the_wrong_way_round_for_their_number_are_named() -> None:
    low = {"warning_enter": 9, "warning_leave": 10, "critical_enter": 5, "critical_leave": 7}
    assert checked(KINDS["number"], {"metric": "agents_available", "threshold": low})[1] == []
    for kind, options in (("number", {"metric": "calls_waiting"}), ("gauge", {"metric": "total_calls"}), ("wait", {})):
        assert checked(KINDS[kind], {**options, "threshold": low})[1] == ["Limits: the warning's leave value lies beyond its enter value."]
    assert checked(KINDS["number"], {"metric": "agents_available", "threshold": LIMITS})[1] != []


def test_clock_of_another_zone_has_the_zones_listed_once_and_not_for_each_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[set[str]] = []
    zones = zoneinfo.available_timezones
    monkeypatch.setattr(zoneinfo, "available_timezones", lambda: listed.append(zones()) or listed[-1])
    for _ in range(3):
        assert checked(KINDS["clock"], {"time_zone": "America/New_York"})[1] == []
    assert len(listed) <= 1


def test_a_time_zone_a_scale_and_a_span_of_text_are_checked_by_their_kinds() -> None:
    assert checked(KINDS["clock"], {"time_zone": "Moon/Sea"})[1] == ["There is no time zone named 'Moon/Sea'."]
    assert checked(KINDS["gauge"], {"metric": "calls_waiting", "low": 9, "high": 9})[1] == ["The scale must end above its beginning."]
    ends = {"since": "2026-11-22T09:00", "until": "2026-11-22T08:00"}
    assert checked(KINDS["text"], ends)[1] == ["The text would end before it begins."]
    assert checked(KINDS["text"], {"since": "tomorrow"})[1] == ["Shown from: write it as 2026-11-21T09:00, in the board's time zone."]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_can_be_made_of_little_and_knows_what_it_shows(kind: Kind) -> None:
    options, problems = checked(kind, least(kind))
    assert problems == []
    assert set(kind.metrics(options)) <= set(CATALOGUE)
    wished = kind.wishes(options)
    assert all(isinstance(wish, Wish) and wish.metric in CATALOGUE for wish in wished)
    assert kind.size >= kind.least


def test_wishes_of_the_same_kind_have_one_key_and_different_ones_another() -> None:
    assert Wish("longest_wait_time", compare=True).key == "longest_wait_time"
    keys = {Wish("calls_waiting", compare=compare, limits=limits).key for compare in (False, True) for limits in (None, (5, 9), (5, 10))}
    assert len(keys) == 6
