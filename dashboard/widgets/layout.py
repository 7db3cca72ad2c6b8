"""A board's widgets as they are kept and sent, and as they are used: checked, complete, none over another.

In:  JSON from the database, an editor or an imported file. Out: `Widget`s, or sentences that say what is wrong with which.
Must not know what any kind does with its options.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from dashboard.widgets.kind import COLUMNS, MOST_WIDGETS, PORTRAIT_COLUMNS, PORTRAIT_ROWS, ROWS, Form, Json, Place, Widget
from dashboard.widgets.options import checked
from dashboard.widgets.portrait import flowed
from dashboard.widgets.registry import KINDS

_ID = re.compile(r"[a-z0-9-]{1,24}")


class LayoutError(ValueError):
    """The widgets cannot be used; `problems` are the reasons, each one a sentence for the person who made them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


def read(stored: Json) -> tuple[Widget, ...]:
    """Every widget, or LayoutError. Options that a kind does not know are dropped; those that are missing get their defaults."""
    if not isinstance(stored, list):
        raise LayoutError(["A board's widgets are a list."])
    if len(stored) > MOST_WIDGETS:
        raise LayoutError([f"A board has at most {MOST_WIDGETS} widgets; this one has {len(stored)}."])
    problems: list[str] = []
    found: list[tuple[str, str, Place, Place | None, Mapping[str, Json]]] = []
    for index, entry in enumerate(stored, start=1):
        try:
            found.append(_entry(entry))
        except LayoutError as error:
            problems += [f"Widget {index}: {problem}" for problem in error.problems]
    problems += _twice(name for name, *_ in found) + _overlaps([(name, place) for name, _, place, *_ in found], "landscape")
    upright = [(name, place) for name, _, _, place, _ in found if place is not None]
    problems += _overlaps(upright, "portrait")
    if problems:
        raise LayoutError(problems)
    portraits = dict(upright) if len(upright) == len(found) else flowed([(name, place) for name, _, place, *_ in found])
    return tuple(Widget(name, kind, place, portraits[name], options) for name, kind, place, _, options in found)


def usable(stored: Json) -> tuple[tuple[Widget, ...], tuple[str, ...]]:
    """What of the stored widgets can be shown, and why the rest cannot: a board with one widget of a kind that is gone shows the others,
    and one whose limits contradict each other its number (`remarks`)."""
    try:
        return read(stored), ()
    except LayoutError:
        entries = _with_limits_that_hold(stored)[0] if isinstance(stored, list) else stored
    try:
        return read(entries), ()
    except LayoutError as error:
        entries, problems = entries if isinstance(entries, list) else [], error.problems
    kept: list[Json] = []
    for entry in entries[:MOST_WIDGETS]:
        try:
            read([*kept, entry])
        except LayoutError:
            continue
        kept.append(entry)
    return read(kept), problems


def remarks(stored: Json) -> tuple[str, ...]:
    """A sentence for each widget that is shown without limits of its own, because those that it has contradict each other."""
    return _with_limits_that_hold(stored)[1] if isinstance(stored, list) else ()


def as_json(widgets: Iterable[Widget]) -> list[dict[str, Json]]:
    """The form that is kept, sent in frames and exported."""
    return [
        {"id": each.id, "kind": each.kind, **_cells(each.place), "portrait": _cells(each.portrait), "options": dict(each.options)}
        for each in widgets
    ]


def _cells(place: Place) -> dict[str, int]:
    return {"x": place.x, "y": place.y, "w": place.w, "h": place.h}


def _entry(entry: Json) -> tuple[str, str, Place, Place | None, Mapping[str, Json]]:
    if not isinstance(entry, dict):
        raise LayoutError(["it is not an object."])
    name, kind_name = entry.get("id"), entry.get("kind")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise LayoutError(["its id must be 1 to 24 small letters, digits or dashes."])
    kind = KINDS.get(kind_name) if isinstance(kind_name, str) else None
    if kind is None:
        raise LayoutError([f"there is no kind of widget named {str(kind_name)[:40]!r}."])
    place = _place(entry, COLUMNS, ROWS, kind.least, "")
    upright = entry.get("portrait")
    portrait = None if upright is None else _place(upright, PORTRAIT_COLUMNS, PORTRAIT_ROWS, (1, 1), "portrait ")
    options, problems = checked(kind, entry.get("options"))
    if problems:
        raise LayoutError(problems)
    return name, kind.name, place, portrait, options


def _with_limits_that_hold(stored: Sequence[Json]) -> tuple[list[Json], tuple[str, ...]]:
    """The entries, without the limits of those that only these keep from being used; and a sentence for each such."""
    out: list[Json] = []
    said: list[str] = []
    for index, entry in enumerate(stored[:MOST_WIDGETS], start=1):
        less = _without_limits(entry)
        try:
            _entry(entry)
        except LayoutError as error:
            try:
                _entry(less)
            except LayoutError:
                less = entry
            else:
                said += [
                    f"Widget {index}: {problem} It is shown without limits of its own until they are mended." for problem in error.problems
                ]
        else:
            less = entry
        out.append(less)
    return [*out, *stored[MOST_WIDGETS:]], tuple(said)


def _without_limits(entry: Json) -> Json:
    kind = KINDS.get(str(entry.get("kind"))) if isinstance(entry, dict) else None
    options = entry.get("options") if isinstance(entry, dict) else None
    if kind is None or not isinstance(entry, dict) or not isinstance(options, dict):
        return entry
    limits = {option.name for option in kind.options if option.form is Form.THRESHOLD}
    return {**entry, "options": {name: value for name, value in options.items() if name not in limits}}


def _place(entry: Json, columns: int, rows: int, least: tuple[int, int], which: str) -> Place:
    values = [entry.get(name) for name in ("x", "y", "w", "h")] if isinstance(entry, dict) else [None]
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in values) or len(values) != 4:
        raise LayoutError([f"its {which}place needs x, y, w and h as whole numbers."])
    x, y, w, h = cast("list[int]", values)
    if x < 0 or y < 0 or w < 1 or h < 1 or x + w > columns or y + h > rows:
        raise LayoutError([f"its {which}place is not on the grid of {columns} by {rows} cells."])
    if w < least[0] or h < least[1]:
        raise LayoutError([f"it needs at least {least[0]} by {least[1]} cells."])
    return Place(x, y, w, h)


def _twice(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    problems = []
    for name in names:
        if name in seen:
            problems.append(f"The id {name!r} is used twice.")
        seen.add(name)
    return problems


def _overlaps(places: Sequence[tuple[str, Place]], which: str) -> list[str]:
    problems = []
    for index, (name, a) in enumerate(places):
        for other, b in places[index + 1 :]:
            if a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h:
                problems.append(f"{name!r} and {other!r} lie on top of each other ({which}).")
    return problems
