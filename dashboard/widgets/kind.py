"""What a kind of widget is: its options, its needs, its part of the frame.

In:  nothing. Out: the words that every kind's file is written in. Must not know any single kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Json = object
Options = Mapping[str, Json]

# Half cells of the design's 12 by 8: two tiles of one height fit beside a hero of five rows.
COLUMNS, ROWS = 24, 16
PORTRAIT_COLUMNS, PORTRAIT_ROWS = 16, 24
MOST_WIDGETS = 40


class Form(StrEnum):
    """What the editor shows for an option, and how its value is checked (`options.py`)."""

    METRIC = "metric"  # a name of the catalogue
    METRICS = "metrics"  # several
    THRESHOLD = "threshold"  # {"target", "warning_enter", "warning_leave", "critical_enter", "critical_leave"}, or absent: the catalogue's
    TEXT = "text"
    LINES = "lines"  # text of several lines
    CHOICE = "choice"
    FLAG = "flag"
    WHOLE = "whole"  # a whole number within `least` and `most`
    IMAGE = "image"  # the digest of an uploaded picture


class Group(StrEnum):
    """Where the editor's palette lists the kind."""

    QUEUE = "queue"
    PEOPLE = "people"
    TICKETS = "tickets"
    TREND = "trend"
    BOARD = "board"


@dataclass(frozen=True, slots=True)
class Option:
    """`default` None: absent unless chosen. `choices` are (value, label) of a CHOICE. `only` limits a METRIC to names it accepts."""

    name: str
    label: str
    form: Form
    default: Json = None
    choices: tuple[tuple[Json, str], ...] = ()
    least: int = 0
    most: int = 500
    required: bool = False
    only: Callable[[str], bool] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a widget lies on the grid, in whole cells from the top left (start) corner; 0-based."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True)
class Widget:
    """One tile of a board. `id` is unique on its board and stays over moves and edits; `options` are checked and complete."""

    id: str
    kind: str
    place: Place
    portrait: Place
    options: Options


class Drawn(StrEnum):
    """In which form the past of a metric is wanted: a Plotly figure, or bare points."""

    FIGURE = "figure"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a widget wants to be drawn from the past: `metric` over the last `span_s` seconds, beside the same time of the same weekday a
    week ago with `compare`. `limits`: where its own warning and critical begin, None: the catalogue's. Equal wishes of several widgets are
    drawn once; `key` is its name in `frame.charts`."""

    metric: str
    span_s: int = 7200
    form: Drawn = Drawn.FIGURE
    compare: bool = False
    limits: tuple[float, float] | None = None

    @property
    def key(self) -> str:
        """The chart of the standard board has the bare name of its metric."""
        if self == Wish("longest_wait_time", compare=True):
            return self.metric
        limits = ["-".join(f"{limit:g}" for limit in self.limits)] if self.limits else []
        return ":".join((self.metric, str(self.span_s), self.form.value, *(["weekday"] if self.compare else []), *limits))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a kind may look at when it adds its part to a frame. All of it is in the form that the frame has (docs/wire-protocol.md), but
    `agents`, which is each agent as the reading has it (`domain.readings.AgentActivity`), for kinds that count or rank people, and `rows`:
    the rows of a feed's body by endpoint (`domain.readings_tickets`). Of the past the first rows are kept: `beside` says how many there
    were beside them, by endpoint, None where the rows of then are not known; without an entry there are none beside.

    `before` is the widget's part of the frame before, for leave values and beginnings.
    """

    now: datetime
    metrics: Mapping[str, Json]
    feeds: Mapping[str, Json]
    charts: Mapping[str, Json]
    budget: Mapping[str, Json]
    names: str = "full"
    agents: Sequence[object] = ()
    rows: Mapping[str, Sequence[object]] = field(default_factory=dict)
    beside: Mapping[str, int | None] = field(default_factory=dict)
    before: Mapping[str, Json] = field(default_factory=dict)


def rows_left(seen: Seen, endpoint: str, shown: int) -> dict[str, Json]:
    """What a table says of the rows that it does not show: `more`, how many; `unrecorded` where nobody knows what the rows were."""
    beside = seen.beside.get(endpoint, 0)
    if beside is None:
        return {"more": 0, "unrecorded": True}
    return {"more": max(0, len(seen.rows.get(endpoint, ())) - shown) + beside}


def _no_metrics(_: Options) -> tuple[str, ...]:
    return ()


def _no_wishes(_: Options) -> tuple[Wish, ...]:
    return ()


def _no_part(_: Widget, __: Seen) -> dict[str, Json]:
    return {}


def _no_problems(_: Options) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of widget.

    `name` is also the name of its element (`<ql-tile-NAME>`, static/js/widgets/NAME.js) and of its style (static/css/widgets/NAME.css).
    `size` is what a new one takes, `least` the smallest that can be read. `numbers` is how many numbers it puts before a viewer's eyes.
    `metrics`: the names it shows, for the plan check and for provenance. `wishes`: what of the past it needs drawn.
    `part`: what it adds to the frame as `frame.widgets[<id>]`; no nulls. `problems`: sentences about options that no form can check alone.
    `names_people`: shows agents one by one, which an executive's board does not.
    """

    name: str
    label: str
    about: str
    group: Group
    size: tuple[int, int]
    least: tuple[int, int]
    options: tuple[Option, ...] = ()
    numbers: int = 0
    metrics: Callable[[Options], tuple[str, ...]] = _no_metrics
    wishes: Callable[[Options], tuple[Wish, ...]] = _no_wishes
    part: Callable[[Widget, Seen], dict[str, Json]] = _no_part
    problems: Callable[[Options], tuple[str, ...]] = _no_problems
    names_people: bool = False
