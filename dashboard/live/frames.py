"""A board's complete picture at one moment: what every wall, page and API client of that board gets.

In:  the board, the inputs, the time, the frame before. Out: a frame. Pure: no I/O, no clock.
The shape is the contract of docs/wire-protocol.md. In a frame, nothing is an absent key, never null, outside arrays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, cast

from dashboard.live.incidents import dark_screens_part, incidents_part
from dashboard.live.inputs import Inputs
from dashboard.live.metrics import metrics_part, thresholds_part
from dashboard.live.patch import Json, Object
from dashboard.live.quality import quality_part
from dashboard.live.roster import agents_part
from dashboard.live.status import budget_part, feed_statuses, feeds_part, source_part
from dashboard.live.tiles import board_widgets, shown_metrics, speaker, widgets_part
from dashboard.widgets import layout

Frame = Object


class BoardFacts(Protocol):
    """What a frame says about its board; the model `Board` has it."""

    slug: str
    title: str
    theme: str
    distance_m: int
    line_ids: list[int]
    group_ids: list[int]
    language: str
    time_zone: str
    profile: str
    names: str
    bands: bool
    chime: bool
    speech: bool
    widgets: object
    revision: int


def compose(board: BoardFacts, inputs: Inputs, now: datetime, previous: Frame | None) -> Frame:
    """The frame of `board` at `now` (aware). `previous` None: the first one, or the one before is lost; severities then begin anew."""
    statuses = feed_statuses(inputs, now, (previous or {}).get("feeds"))
    widgets, problems = board_widgets(board)
    shown = shown_metrics(widgets)
    frame: Frame = {
        "board": {
            "slug": board.slug,
            "title": board.title,
            "theme": board.theme,
            "distance_m": board.distance_m,
            "time_zone": board.time_zone or inputs.time_zone,
            "language": board.language,
            "profile": board.profile,
            "names": board.names,
            "bands": board.bands,
            "chime": board.chime,
            "speech": board.speech,
            "revision": board.revision,
            "widgets": cast("Json", layout.as_json(widgets)),
            "problems": list(problems),
        },
        "source": source_part(inputs, statuses, now, speaker(widgets, statuses)),
        "metrics": metrics_part(statuses, shown, (previous or {}).get("metrics"), inputs.figures),
        "thresholds": thresholds_part(statuses, shown),
        "incidents": incidents_part(inputs.incidents, board.line_ids, board.group_ids, board.names),
        "agents": agents_part(statuses, inputs.agents, board.names),
        "feeds": feeds_part(inputs, statuses),
        "budget": budget_part(inputs),
        "charts": dict(inputs.charts),
    }
    if dark := dark_screens_part(inputs.incidents):
        frame["dark_screens"] = dark
    frame["quality"] = quality_part(inputs, statuses, now, (previous or {}).get("quality"))
    frame["widgets"] = widgets_part(widgets, frame, statuses, now, (previous or {}).get("widgets"), rows_beside=inputs.rows_beside)
    return frame
