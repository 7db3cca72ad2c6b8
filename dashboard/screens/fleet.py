"""The fleet: every screen in use, what it shows, and whether it really does.

In:  the database, what Redis has fresher, the time. Out: a `Row` for each screen, in words. Without Redis the rows are of the database, up
to a minute old, and say nothing about now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dashboard.accounts.assignment import assignment_of, with_boards
from dashboard.accounts.screen_hours import hours_of
from dashboard.domain.amounts import clock
from dashboard.domain.names import name_order
from dashboard.domain.working_hours import is_within
from dashboard.incidents.page import account_zone, said
from dashboard.models import Board, Screen
from dashboard.screens import hours, shows
from dashboard.screens.lacks import lacks
from dashboard.store.painted import Painted, facts_known

# A screen says it every ten seconds, and Redis hears it two seconds later.
PAINTING_S = 30.0
# Below this nobody minds, and the network alone makes some of it.
SKEW_SHOWN_MS = 2_000
GONE = "a board that is gone"


class State(StrEnum):
    PAINTING = "painting"
    SILENT = "silent"
    NEVER = "never"
    OFF_HOURS = "off_hours"
    NO_BOARD = "no_board"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """One screen. Texts are ready to be shown; empty where nothing is known. `is_old`: its page is of another release than is served.
    `lacks`: what its browser keeps back, one phrase each."""

    screen: Screen
    state: State
    standing: str
    shows: str
    painted: str
    age: str
    shown: str
    size: str
    version: str
    is_old: bool
    skew: str
    is_skewed: bool
    address: str
    lacks: Sequence[str]
    paired: str
    hours: str


@dataclass(frozen=True, slots=True)
class _Facts:
    at: datetime | None
    board: str
    known: Mapping[str, object]
    is_blind: bool


def rows(painted: Mapping[str, Painted] | None, now: datetime, *, version: str) -> Sequence[Row]:
    """By name. `painted` None: Redis does not answer. `version`: of the pages that are served."""
    titles = dict(Board.objects.values_list("slug", "title"))
    screens = sorted(with_boards(), key=lambda screen: (name_order(screen.name), screen.pk))
    return [_row(screen, _facts(screen, painted), titles=titles, now=now, version=version) for screen in screens]


def _row(screen: Screen, facts: _Facts, *, titles: Mapping[str, str], now: datetime, version: str) -> Row:
    state = _state(screen, facts, now)
    own_version, skew_ms = _text(facts.known, "version"), _number(facts.known, "skew_ms")
    return Row(
        screen=screen,
        state=state,
        standing=_standing(state, _moment(facts.at, now)),
        shows=shows.in_words(screen),
        painted=_moment(facts.at, now, seconds=True),
        age="" if facts.at is None else f"{clock(max(0.0, (now - facts.at).total_seconds()))} ago",
        shown=titles.get(facts.board, GONE) if facts.board else "",
        size=_size(facts.known),
        version=own_version[:8],
        is_old=bool(own_version) and own_version != version,
        skew="" if skew_ms is None else _skew(skew_ms),
        is_skewed=skew_ms is not None and abs(skew_ms) >= SKEW_SHOWN_MS,
        address=_text(facts.known, "address"),
        lacks=lacks(facts.known),
        paired=f"{said(screen.created_at)}{f' by {screen.paired_by}' if screen.paired_by else ''}",
        hours=hours.in_words(screen) if screen.is_watched else "not watched",
    )


def _facts(screen: Screen, painted: Mapping[str, Painted] | None) -> _Facts:
    """What is known, the fresher on top of the older."""
    latest = None if painted is None else painted.get(f"screen:{screen.pk}")
    if latest is None:
        return _Facts(screen.painted_at, _text(screen.seen, "board"), screen.seen, is_blind=painted is None)
    return _Facts(latest.at, latest.board, facts_known(screen.seen, latest.facts), is_blind=False)


def _state(screen: Screen, facts: _Facts, now: datetime) -> State:
    at = facts.at
    if not assignment_of(screen).items:
        return State.NO_BOARD
    if facts.is_blind:
        return State.UNKNOWN
    if at is None:
        return State.NEVER
    if (now - at).total_seconds() <= PAINTING_S:
        return State.PAINTING
    return State.SILENT if is_within(hours_of(screen), now) else State.OFF_HOURS


def _moment(at: datetime | None, now: datetime, *, seconds: bool = False) -> str:
    """ "14:02" of today, "Sun 22 Nov 14:02" of another day, in the account's zone. Empty for none."""
    whole = said(at, seconds=seconds)
    is_today = at is not None and at.astimezone(account_zone()).date() == now.astimezone(account_zone()).date()
    return whole.rpartition(" ")[2] if is_today else whole


def _standing(state: State, at: str) -> str:
    match state:
        case State.PAINTING:
            return "painting"
        case State.SILENT:
            return f"silent since {at}"
        case State.OFF_HOURS:
            return "outside its hours"
        case State.NEVER:
            return "never seen"
        case State.NO_BOARD:
            return "waits for a board"
        case State.UNKNOWN:
            return "not known just now"


def _size(known: Mapping[str, object]) -> str:
    """ "1920 × 1080", with the device's pixels per pixel of the page where they differ: "960 × 540 @ 2"."""
    width, height, ratio = _number(known, "width"), _number(known, "height"), _number(known, "ratio")
    if width is None or height is None:
        return ""
    size = f"{width:.0f} × {height:.0f}"
    return size if ratio is None or ratio == 1 else f"{size} @ {ratio:g}"


def _skew(skew_ms: float) -> str:
    """How its clock goes: "right", "3 s ahead", "2:05:00 behind"."""
    seconds = abs(skew_ms) / 1000
    if abs(skew_ms) < SKEW_SHOWN_MS:
        return "right"
    amount = f"{seconds:.0f} s" if seconds < 60 else clock(seconds) if seconds < 86_400 else f"{seconds / 86_400:.0f} days"
    return f"{amount} {'ahead' if skew_ms > 0 else 'behind'}"


def _text(known: Mapping[str, object], name: str) -> str:
    found = known.get(name)
    return found if isinstance(found, str) else ""


def _number(known: Mapping[str, object], name: str) -> float | None:
    found = known.get(name)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
