"""A board's complete picture at one moment: what every wall, page and API client of that board gets.

In:  the board, the inputs, the time, the frame before. Out: a frame. Pure: no I/O, no clock.
The shape is the contract of docs/wire-protocol.md. In a frame, nothing is an absent key, never null, outside arrays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from dashboard.live.incidents import incidents_part
from dashboard.live.inputs import Inputs
from dashboard.live.metrics import metrics_part, thresholds_part
from dashboard.live.patch import Object
from dashboard.live.roster import agents_part
from dashboard.live.status import budget_part, feed_statuses, feeds_part, source_part

Frame = Object


class BoardFacts(Protocol):
    """What a frame says about its board; the model `Board` has it."""

    slug: str
    title: str
    theme: str
    distance_m: int
    line_ids: list[int]
    group_ids: list[int]


def compose(board: BoardFacts, inputs: Inputs, now: datetime, previous: Frame | None) -> Frame:
    """The frame of `board` at `now` (aware). `previous` None: the first one, or the one before is lost; severities then begin anew."""
    statuses = feed_statuses(inputs, now, (previous or {}).get("feeds"))
    return {
        "board": {
            "slug": board.slug,
            "title": board.title,
            "theme": board.theme,
            "distance_m": board.distance_m,
            "time_zone": inputs.time_zone,
        },
        "source": source_part(inputs, statuses, now),
        "metrics": metrics_part(statuses, (previous or {}).get("metrics")),
        "thresholds": thresholds_part(statuses),
        "incidents": incidents_part(inputs.incidents, board.line_ids, board.group_ids),
        "agents": agents_part(statuses, inputs.agents),
        "feeds": feeds_part(inputs, statuses),
        "budget": budget_part(inputs),
        "charts": dict(inputs.charts),
    }
