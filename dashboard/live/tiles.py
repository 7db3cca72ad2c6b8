"""The frame's tiles: which widgets a board has, and what each adds to the frame.

In:  the board, the frame so far, the feeds as judged. Out: the usable widgets, and the frame's `widgets`. Pure: no I/O, no clock.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol, cast

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import TALK, Endpoint
from dashboard.domain.readings import AgentsActivity
from dashboard.live.patch import Json, Object
from dashboard.live.status import FeedStatus
from dashboard.models.board import Profile
from dashboard.widgets import defaults, layout
from dashboard.widgets.kind import Seen, Widget, Wish
from dashboard.widgets.registry import KINDS

logger = logging.getLogger(__name__)

# Who speaks where no phone is shown: the one that is asked most often comes first.
_AFTER_THE_PHONE = (Endpoint.TICKETS, Endpoint.SLA, Endpoint.TICKET_METRICS, Endpoint.CASES)


class HasWidgets(Protocol):
    profile: str
    widgets: object


def board_widgets(board: HasWidgets) -> tuple[tuple[Widget, ...], tuple[str, ...]]:
    """The widgets that a board shows, and why it does not show the others. An executive's board names nobody."""
    people = board.profile != Profile.EXECUTIVE
    widgets, problems = layout.usable(defaults.standard(people=people) if board.widgets is None else board.widgets)
    if not people:
        widgets = tuple(each for each in widgets if not KINDS[each.kind].names_people)
    return widgets, problems


def board_remarks(board: HasWidgets) -> tuple[str, ...]:
    """Sentences about widgets that are shown otherwise than they were made; for whoever can mend them, not for the floor."""
    return layout.remarks(board.widgets)


def shown_metrics(widgets: Sequence[Widget]) -> frozenset[str]:
    """The names of the numbers that these widgets show."""
    return frozenset(name for each in widgets for name in KINDS[each.kind].metrics(each.options))


def speaker(widgets: Sequence[Widget], polled: Collection[Endpoint]) -> Endpoint:
    """The feed that speaks for what these widgets show, of those that are polled: the queue wherever anything of the phone is shown, or
    nothing that has numbers; else the tickets' own feeds, and Kayako where there is nothing but Kayako."""
    names = {*shown_metrics(widgets), *(wish.metric for wish in wishes(widgets).values())}
    needed = {endpoint for name in names if (metric := CATALOGUE.get(name)) for endpoint in (metric.endpoint, *metric.also)}
    if any(KINDS[each.kind].names_people for each in widgets) or needed & set(TALK):
        return Endpoint.QUEUE
    return next((each for each in _AFTER_THE_PHONE if each in needed and each in polled), Endpoint.QUEUE)


def wishes(widgets: Sequence[Widget]) -> dict[str, Wish]:
    """What of the past these widgets need drawn, each once, by its key."""
    return {wish.key: wish for each in widgets for wish in KINDS[each.kind].wishes(each.options)}


def widgets_part(
    widgets: Sequence[Widget],
    frame: Object,
    statuses: Mapping[Endpoint, FeedStatus],
    now: datetime,
    previous: Json,
    *,
    rows_beside: Mapping[Endpoint, int | None] = MappingProxyType({}),
) -> Object:
    """`frame.widgets` by id. `frame` must have all other parts; `rows_beside` as in `Inputs`. A kind that fails leaves its own tile without
    a part, and says so in the log: the other tiles go on."""
    before = previous if isinstance(previous, dict) else {}
    agents = statuses.get(Endpoint.AGENTS)
    body = agents.reading.body if agents and agents.reading else None
    rows = {
        endpoint.value: found
        for endpoint, status in statuses.items()
        if status.reading is not None and (found := getattr(status.reading.body, "rows", ()))
    }
    out: Object = {}
    for each in widgets:
        known = before.get(each.id)
        seen = Seen(
            now=now,
            metrics=_part(frame, "metrics"),
            feeds=_part(frame, "feeds"),
            charts=_part(frame, "charts"),
            budget=_part(frame, "budget"),
            names=str(_part(frame, "board").get("names", "none")),
            agents=body.agents if isinstance(body, AgentsActivity) else (),
            rows=rows,
            beside={endpoint.value: count for endpoint, count in rows_beside.items()},
            before=known if isinstance(known, dict) else {},
        )
        try:
            out[each.id] = cast("Json", KINDS[each.kind].part(each, seen))
        except Exception:  # one tile's fault must not take the board: the kinds are many and more will come
            logger.exception("The widget %s of kind %s has failed.", each.id, each.kind)
            out[each.id] = {}
    return out


def _part(frame: Object, name: str) -> Mapping[str, Json]:
    part = frame.get(name)
    return part if isinstance(part, dict) else {}
