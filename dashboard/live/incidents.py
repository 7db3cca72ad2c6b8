"""The frame's open incidents: those of the board's account that concern its lines and groups, worst and oldest first.

In:  the list that alerts/shown.py keeps in Redis, as text; the board. Out: the frame's `incidents`. What cannot be read is passed over.
An incident without lines or groups concerns every board of its account; so does any on a board that shows all lines, or all groups.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from typing import cast

from dashboard.live.patch import Json, Object

logger = logging.getLogger(__name__)

# What a board may be told; anything else in the list stays behind.
SHOWN = (
    "id",
    "rule",
    "kind",
    "metric",
    "scope_name",
    "severity",
    "state",
    "since",
    "opened_at",
    "acknowledged_by",
    "snoozed_until",
    "value",
    "limit",
    "unit",
    "signed",
    "direction",
    "failed_rule",
    "detail",
    "text",
    "about",
)
# A dark TV is the supervisors' business and not the floor's: no board shows it among its incidents.
OF_SCREENS = "screen"
NEEDED = ("id", "severity", "state", "since", "text", "about")


def open_incidents(kept: bytes | None) -> Sequence[Object]:
    """The list as it is kept; empty when there is none, or none that can be read."""
    if kept is None:
        return ()
    try:
        found = json.loads(kept)
    except ValueError as error:
        logger.warning("The open incidents cannot be read (%s); they are written again within seconds.", type(error).__name__)
        return ()
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else ()


def incidents_part(incidents: Sequence[Object], line_ids: Collection[int], group_ids: Collection[int], names: str = "full") -> list[Json]:
    """`frame.incidents` of a board with these lines and groups (empty: all). Where `names` are not told in full, nor is who took one: that
    it is taken is in its state."""
    hidden = () if names == "full" else ("acknowledged_by",)
    return [
        {name: value for name, value in _shown(each).items() if name not in hidden}
        for each in incidents
        if each.get("kind") != OF_SCREENS
        and all(name in each for name in NEEDED)
        and _touches(each, "line_ids", line_ids)
        and _touches(each, "group_ids", group_ids)
    ]


def dark_screens_part(incidents: Sequence[Object]) -> list[Json]:
    """`frame.dark_screens`: the open incidents about screens, for a supervisor's page; a wall passes them over."""
    return [_shown(each) for each in incidents if each.get("kind") == OF_SCREENS and all(name in each for name in NEEDED)]


def _shown(incident: Mapping[str, Json]) -> Object:
    return {name: incident[name] for name in SHOWN if incident.get(name) is not None}


def _touches(incident: Mapping[str, Json], name: str, of_board: Collection[int]) -> bool:
    own = incident.get(name)
    if not isinstance(own, list) or not own or not of_board:
        return True
    return not set(cast("list[int]", own)).isdisjoint(of_board)
