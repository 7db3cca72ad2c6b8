"""How old a number may be before it stops being live.

In:  a feed's last good answer, its last outcome and the time. Out: one of five words.
The browser judges by the same rule between two messages (static/js/live/freshness.js);
tests/vectors/freshness.json holds both to it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

LATE_AFTER_INTERVALS = 2
STALE_AFTER_INTERVALS = 5
# A poll that leaves on time still takes a moment to arrive; without this a healthy one-second feed would blink "late".
GRACE_S = 0.5


class Freshness(StrEnum):
    """`live` and `late` numbers may be shown as now; `stale` and `down` ones only as the past."""

    LIVE = "live"
    LATE = "late"
    STALE = "stale"
    DOWN = "down"
    UNKNOWN = "unknown"


def live_for_s(interval_s: float) -> float:
    """For how many seconds a reading counts as live in a feed that is asked every `interval_s`: until the age at which it is late."""
    return LATE_AFTER_INTERVALS * interval_s + GRACE_S


def judge(*, at: datetime | None, interval_s: float, failing: bool, stopped: bool, now: datetime) -> Freshness:
    """The state of a feed whose last good answer came `at` (None: never one).

    `failing`: its last attempt failed. `stopped`: no attempt will be made until somebody changes something (refused credentials).
    Older than 2 intervals is late, older than 5 is stale, or down if we know that the source is failing.
    A refused credential is down at once. A reading from the future (a clock stepped back) is as old as zero seconds.
    """
    if stopped:
        return Freshness.DOWN
    if at is None:
        return Freshness.DOWN if failing else Freshness.UNKNOWN
    age_s = max(0.0, (now - at).total_seconds() - GRACE_S)
    if age_s > STALE_AFTER_INTERVALS * interval_s:
        return Freshness.DOWN if failing else Freshness.STALE
    return Freshness.LATE if age_s > LATE_AFTER_INTERVALS * interval_s else Freshness.LIVE
