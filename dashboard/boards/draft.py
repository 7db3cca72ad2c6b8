"""A board as somebody is making it: how it would look now, with real data, and what is wrong with which tile. Nothing of it is stored.

In:  Redis, the board, the widgets of an editor, the time. Out: a frame, problems and warnings. Must not publish, and must not poll.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import redis as redis_py

from dashboard.live import gather
from dashboard.live.frames import compose
from dashboard.live.past import drawn
from dashboard.live.patch import Object
from dashboard.live.stored import load_frame
from dashboard.live.tiles import board_widgets, wishes
from dashboard.models import Board
from dashboard.polling.rounds import plans_now
from dashboard.store import keys
from dashboard.widgets import layout
from dashboard.widgets.kind import MOST_WIDGETS, Json, Widget
from dashboard.widgets.registry import KINDS

# The design's rule: a viewer takes in three to six numbers.
MOST_NUMBERS = 6


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence; `widget` is the id of the tile it is about, "" for the whole board."""

    text: str
    widget: str = ""

    def as_json(self) -> dict[str, Json]:
        return {"text": self.text, "widget": self.widget}


@dataclass(frozen=True, slots=True)
class Draft:
    """`problems` keep the board from being saved as it is; `warnings` do not."""

    frame: Object
    problems: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


def composed(redis: redis_py.Redis, board: Board, widgets: Json, distance_m: int, now: datetime) -> Draft:
    """How `board` would look with these widgets. redis.RedisError or BudgetError when Redis does not answer."""
    # Somebody looks: the feeds are asked at full speed, as for a wall.
    redis.zadd(keys.WATCH, {board.slug: now.timestamp()})
    draft = copy.copy(board)
    draft.widgets, draft.distance_m = widgets, distance_m
    usable, _ = board_widgets(draft)
    stored = load_frame(redis, board.slug)
    before = stored.frame if stored else None
    plans = plans_now(redis, [*Board.objects.exclude(pk=board.pk), draft], now)
    charts = drawn(redis, draft, wishes(usable), now)
    frame = compose(draft, gather.inputs(redis, draft, plans, now, charts=charts), now, before)
    return Draft(frame, tuple(problems(widgets)), tuple(warnings(usable, frame)))


def problems(widgets: Json) -> list[Remark]:
    """What keeps the widgets from being saved, tile by tile."""
    try:
        layout.read(widgets)
    except layout.LayoutError as error:
        whole = error.problems
    else:
        return []
    if not isinstance(widgets, list) or len(widgets) > MOST_WIDGETS:
        return [Remark(text) for text in whole]
    out = []
    for entry in widgets:
        try:
            layout.read([entry])
        except layout.LayoutError as error:
            name = entry.get("id") if isinstance(entry, dict) else None
            out += [Remark(_sentence(text), name if isinstance(name, str) else "") for text in error.problems]
    # Overlaps and ids used twice are about several tiles; the editor shows the former by itself while somebody drags.
    return out + [Remark(text) for text in whole if not text.startswith("Widget ")]


def warnings(widgets: Sequence[Widget], frame: Object) -> list[Remark]:
    """What a viewer would miss: too many numbers, numbers that the plan does not send, tiles that are small on an upright screen."""
    out = []
    count = sum(KINDS[each.kind].numbers for each in widgets)
    if count > MOST_NUMBERS:
        out.append(Remark(f"{count} numbers are more than people take in from afar; {MOST_NUMBERS} are plenty."))
    known = frame.get("metrics")
    for each in widgets:
        kind = KINDS[each.kind]
        missing = [name for name in kind.metrics(each.options) if _state(known, name) == "not_on_plan"]
        if missing:
            out.append(Remark(f"Zendesk Talk does not send {' and '.join(missing)} on this account's plan.", each.id))
        if each.portrait.w * 2 < kind.least[0] or each.portrait.h < min(2, kind.least[1]):
            where = f"{each.portrait.w} by {each.portrait.h} cells"
            out.append(Remark(f"On an upright screen this tile has only {where}; it will hardly be readable.", each.id))
    return out


def _state(metrics: object, name: str) -> object:
    entry = metrics.get(name) if isinstance(metrics, dict) else None
    return entry.get("state") if isinstance(entry, dict) else None


def _sentence(text: str) -> str:
    """ "Widget 1: it needs …" without the number, which is that of a list of one."""
    text = text.removeprefix("Widget 1: ")
    return text[:1].upper() + text[1:]
