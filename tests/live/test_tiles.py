"""A frame's tiles: which a board shows, and that the fault of one kind stays its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dashboard.live import tiles
from dashboard.live.frames import compose
from dashboard.live.tiles import board_remarks, board_widgets, wishes
from dashboard.widgets.registry import KINDS
from tests.live.examples import NOW, board, inputs


def widgets(*kinds: str) -> list[dict[str, Any]]:
    return [
        {"id": kind, "kind": kind, "x": 12 * (n % 2), "y": 8 * (n // 2), "w": 12, "h": 8, "options": {}} for n, kind in enumerate(kinds)
    ]


def test_board_without_widgets_of_its_own_shows_the_standard_ones_and_an_empty_one_none() -> None:
    plain = board()
    assert [widget.id for widget in board_widgets(plain)[0]][:2] == ["wait", "waiting"]
    plain.widgets = []
    assert board_widgets(plain) == ((), ())
    assert compose(plain, inputs(), NOW, None)["widgets"] == {}


def test_tile_whose_limits_contradict_each_other_shows_its_number_and_no_wall_says_anything() -> None:
    shown = board()
    wrong = {"warning_enter": 1, "warning_leave": 5, "critical_enter": 2, "critical_leave": 1, "target": 0}
    shown.widgets = [{**widgets("number")[0], "options": {"metric": "calls_waiting", "threshold": wrong}}]
    frame: Any = compose(shown, inputs(), NOW, None)
    assert [each["options"].get("threshold") for each in frame["board"]["widgets"]] == [None]
    assert frame["board"]["problems"] == []
    assert "number" in frame["widgets"]
    assert len(board_remarks(shown)) == 1


def test_executives_board_names_nobody() -> None:
    shown = board()
    shown.widgets = widgets("agents", "counts", "leaders")
    shown.profile = "executive"
    assert [widget.id for widget in board_widgets(shown)[0]] == ["counts"]


def test_equal_wishes_are_one() -> None:
    shown = board()
    twice = {"metric": "calls_waiting"}
    shown.widgets = [{**widget, "id": f"w{n}", "options": twice} for n, widget in enumerate(widgets("chart", "chart"))]
    assert list(wishes(board_widgets(shown)[0])) == ["calls_waiting:14400:figure:weekday"]


def test_a_kind_that_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The seam is the register of kinds, in which a kind that is not ours may stand one day."""

    def fails(*_: Any) -> dict[str, object]:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(tiles, "KINDS", {**KINDS, "budget": replace(KINDS["budget"], part=fails)})
    shown = board()
    shown.widgets = widgets("budget", "leaders")
    frame = compose(shown, inputs(), NOW, None)
    assert frame["widgets"] == {"budget": {}, "leaders": {"off": True}}
    assert "The widget budget of kind budget has failed." in caplog.text
