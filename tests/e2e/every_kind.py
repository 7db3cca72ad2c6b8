"""A board that has a tile of every kind there is: what the heaviest first paint weighs, and whether an old TV can draw them all.

In:  the kinds. Out: widgets in the form that is kept. A new kind is in it by itself, with its own defaults.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dashboard.domain.catalogue import CATALOGUE
from dashboard.widgets.kind import COLUMNS, ROWS, Drawn, Form, Kind
from dashboard.widgets.registry import KINDS
from tests.e2e.frames import CALM, Scene, compose, stamp

METRICS = ("calls_waiting", "longest_wait_time", "abandon_ratio", *CATALOGUE)


def every_kind() -> tuple[dict[str, Any], ...]:
    """Each kind once, as small as it may be, in lines from the top; AssertionError when they need more than the grid."""
    x = y = height = 0
    out = []
    for kind in sorted(KINDS.values(), key=lambda each: (-each.least[1], -each.least[0], each.name)):
        w, h = kind.least
        if x + w > COLUMNS:
            x, y, height = 0, y + height, 0
        assert y + h <= ROWS, "one tile of each kind no longer fits one board"
        out.append({"id": kind.name, "kind": kind.name, "x": x, "y": y, "w": w, "h": h, "options": _options(kind)})
        x, height = x + w, max(height, h)
    return tuple(out)


def scene() -> Scene:
    """A calm board of them, with points for what is drawn of the past."""
    widgets = every_kind()
    points: dict[str, Any] = {}
    now = datetime.now(UTC)
    figure = compose(CALM, now)["charts"]["longest_wait_time"]
    for widget in widgets:
        for wish in KINDS[widget["kind"]].wishes(widget["options"]):
            drawn = {"at": stamp(now), "step_s": 60, "values": [3, 4, None, 6, 5, 4], "then": [2, 2, 3, 3, None, 4]}
            points[wish.key] = figure if wish.form is Drawn.FIGURE else drawn
    return CALM.but(widgets=widgets, points=points, title="Every kind")


def _options(kind: Kind) -> dict[str, Any]:
    options: dict[str, Any] = {option.name: option.default for option in kind.options if option.default is not None}
    for option in kind.options:
        if option.form is Form.METRIC and option.required:
            options[option.name] = next(name for name in METRICS if option.only is None or option.only(name))
        if option.name == "text":
            options[option.name] = "Team meeting at 15:00"
    return options
