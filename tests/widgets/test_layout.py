"""A board's widgets as they are kept: checked, complete, none over another, lying and upright."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.widgets.defaults import standard
from dashboard.widgets.kind import COLUMNS, MOST_WIDGETS, PORTRAIT_COLUMNS, PORTRAIT_ROWS, ROWS, Place
from dashboard.widgets.layout import LayoutError, as_json, read, remarks, usable
from dashboard.widgets.portrait import flowed
from dashboard.widgets.registry import KINDS
from tests.widgets.seen import LIMITS, least


def one(kind: str = "text", x: int = 0, y: int = 0, w: int = 4, h: int = 4, **more: Any) -> dict[str, Any]:
    return {"id": "a", "kind": kind, "x": x, "y": y, "w": w, "h": h, "options": least(KINDS[kind]), **more}


def overlap(a: Place, b: Place) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


@st.composite
def boards(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Widgets of all kinds, dropped where there is room."""
    taken: list[Place] = []
    made = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(list(KINDS.values())), max_size=12))):
        w = draw(st.integers(kind.least[0], min(COLUMNS, kind.least[0] + 6)))
        h = draw(st.integers(kind.least[1], min(ROWS, kind.least[1] + 4)))
        place = Place(draw(st.integers(0, COLUMNS - w)), draw(st.integers(0, ROWS - h)), w, h)
        if not any(overlap(place, other) for other in taken):
            taken.append(place)
            made.append({"id": f"w{number}", "kind": kind.name, "x": place.x, "y": place.y, "w": w, "h": h, "options": least(kind)})
    return made


@settings(max_examples=60)
@given(boards())
def test_layout_is_read_back_as_it_was_written(stored: list[dict[str, Any]]) -> None:
    widgets = read(stored)
    assert read(as_json(widgets)) == widgets
    assert usable(as_json(widgets)) == (widgets, ())


@settings(max_examples=60)
@given(boards())
def test_upright_places_never_overlap_and_stay_on_the_grid(stored: list[dict[str, Any]]) -> None:
    places = [widget.portrait for widget in read(stored)]
    for index, place in enumerate(places):
        assert min(place.x, place.y) >= 0
        assert min(place.w, place.h) >= 1
        assert place.x + place.w <= PORTRAIT_COLUMNS
        assert place.y + place.h <= PORTRAIT_ROWS
        assert not any(overlap(place, other) for other in places[index + 1 :])


@given(st.integers(0, MOST_WIDGETS))
def test_upright_board_is_filled_from_top_to_bottom(many: int) -> None:
    places = [(str(number), Place(number % 6 * 4, number // 6 * 2, 4, 2)) for number in range(many)]
    found = flowed(places)
    assert sum(place.w * place.h for place in found.values()) == (PORTRAIT_COLUMNS * PORTRAIT_ROWS if many else 0)


def test_upright_board_keeps_the_order_of_reading_and_gives_wide_ones_a_line() -> None:
    found = flowed([("late", Place(12, 4, 6, 4)), ("wide", Place(0, 0, 24, 4)), ("early", Place(0, 4, 6, 4))])
    assert found == {"wide": Place(0, 0, 16, 12), "early": Place(0, 12, 8, 12), "late": Place(8, 12, 8, 12)}


def test_standard_board_is_a_layout() -> None:
    assert [widget.id for widget in read(standard())] == ["wait", "waiting", "callbacks", "today", "abandoned", "agents"]


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        ({}, "A board's widgets are a list."),
        (
            [one(id=f"w{n}") for n in range(MOST_WIDGETS + 1)],
            "A board has at most 40 widgets; this one has 41.",
        ),
        ([None], "Widget 1: it is not an object."),
        ([one(id="Ä")], "Widget 1: its id must be 1 to 24 small letters, digits or dashes."),
        ([one() | {"kind": "gone"}], "Widget 1: there is no kind of widget named 'gone'."),
        ([one() | {"kind": ["text"]}], "Widget 1: there is no kind of widget named \"['text']\"."),
        ([one(x=True)], "Widget 1: its place needs x, y, w and h as whole numbers."),
        ([one(x=22)], f"Widget 1: its place is not on the grid of {COLUMNS} by {ROWS} cells."),
        ([one(w=2, h=2)], "Widget 1: it needs at least 3 by 2 cells."),
        ([one(portrait={"x": 0})], "Widget 1: its portrait place needs x, y, w and h as whole numbers."),
        ([one(), one(x=10)], "The id 'a' is used twice."),
        ([one(), one(id="b", x=3)], "'a' and 'b' lie on top of each other (landscape)."),
        ([one(options={"size": "vast"})], "Widget 1: Size: that is not one of the choices."),
        ([one("gauge", options={})], "Widget 1: Metric is missing."),
        ([one("gauge", options={"metric": "fame"})], "Widget 1: Metric: there is no metric named 'fame' (any more)."),
    ],
)
def test_layout_that_is_wrong_says_what_and_where(stored: Any, problem: str) -> None:
    with pytest.raises(LayoutError) as error:
        read(stored)
    assert problem in error.value.problems


def test_board_with_a_widget_whose_metric_has_gone_shows_the_others() -> None:
    widgets, problems = usable([one("gauge", options={"metric": "fame"}), one(id="b", x=8), "rubbish"])
    assert [widget.id for widget in widgets] == ["b"]
    assert problems == (
        "Widget 1: Metric: there is no metric named 'fame' (any more).",
        "Widget 3: it is not an object.",
    )
    assert usable({"not": "a list"}) == ((), ("A board's widgets are a list.",))


def test_widget_whose_limits_contradict_each_other_is_shown_without_them_and_named() -> None:
    wrong = {**LIMITS, "warning_leave": 6}
    stored: list[Any] = [
        one("number", w=5, h=5, options={"metric": "calls_waiting", "label": "Callers", "threshold": wrong}),
        one("gauge", id="b", x=6, w=5, h=5, options={"metric": "fame"}),
        one("number", id="c", x=12, w=5, h=5, options={"metric": "calls_waiting", "threshold": LIMITS}),
    ]
    with pytest.raises(LayoutError):
        read(stored)  # nobody saves it so
    widgets, problems = usable(stored)
    assert [(each.id, each.options.get("label"), each.options.get("threshold")) for each in widgets] == [
        ("a", "Callers", None),
        ("c", None, LIMITS),
    ]
    assert problems == ("Widget 2: Metric: there is no metric named 'fame' (any more).",)
    (sentence,) = remarks(stored)
    assert sentence.startswith("Widget 1: Limits: the warning's leave value lies beyond its enter value. It is shown without limits")
    assert remarks(None) == remarks(stored[2:]) == remarks(["junk", {"kind": "number", "options": 5}]) == ()


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda each: st.lists(each) | st.dictionaries(st.text(max_size=5), each),
    )
)
def test_any_json_is_read_or_refused_in_words(stored: Any) -> None:
    widgets, problems = usable(stored)
    assert widgets == () or not problems
