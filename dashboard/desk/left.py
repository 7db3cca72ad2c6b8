"""How much time a clock has left, in words: "1:12:05 left", "missed by 12:05", "paused".

In:  seconds and a clock's state. Out: text, and a word for how it is drawn. Pure.
The list ticks by the same rules in the browser (static/js/tickets/left.js); tests/vectors/time_left.json holds both.
"""

from __future__ import annotations

from dashboard.domain.sla import ClockState

SOON_S = 900
_DAY_S = 86_400


def span(seconds: int) -> str:
    """A length of time >= 0: "4:05", "1:12:05", and from two days on "3 d 4 h"."""
    whole = max(0, int(seconds))
    if whole >= 2 * _DAY_S:
        days, rest = divmod(whole, _DAY_S)
        return f"{days} d {rest // 3600} h"
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def word(left_s: int | None, state: str, *, is_missed: bool = False) -> str:
    """How a clock is drawn: missed, soon (within 15 minutes), fine, paused, or none, for one without an announced breach.

    `left_s`: seconds to the announced breach, below 0 after it. `is_missed`: of a paused clock, whose breach came before it stopped.
    """
    if state == ClockState.PAUSED:
        return "missed-paused" if is_missed else "paused"
    if left_s is None:
        return "none"
    if left_s <= 0:
        return "missed"
    return "soon" if left_s <= SOON_S else "fine"


def text(left_s: int | None, drawn: str, *, is_known: bool = True) -> str:
    """What stands beside the icon, for a `word`. `is_known` False: clocks were not read to their end, so none may be one unread."""
    if drawn == "paused":
        return "paused"
    if drawn == "missed-paused":
        return "missed, paused"
    if drawn == "none" or left_s is None:
        return "no target" if is_known else "not known"
    return f"missed by {span(-left_s)}" if left_s <= 0 else f"{span(left_s)} left"
