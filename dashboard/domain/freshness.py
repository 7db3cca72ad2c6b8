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
# A source that has failed for so long is away, and not merely late.
AWAY_AFTER_S = 10.0


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


def judge(
    *, at: datetime | None, interval_s: float, failing: bool, stopped: bool, now: datetime, failing_since: datetime | None = None
) -> Freshness:
    """The state of a feed whose last good answer came `at` (None: never one).

    `failing`: its last attempt failed. `stopped`: no attempt will be made until somebody changes something (refused credentials).
    `failing_since`: since when this feed has failed, or others of its account with nothing good from this one; None: nothing fails.
    Older than 2 intervals is late, older than 5 is stale, or down if we know that the source is failing. One that has failed for 10 s is
    down however young its last answer: a feed that is asked once a minute would else say nothing for five of them. Where it is others
    that fail, only when this one's own answer is due as well.
    A refused credential is down at once. A reading from the future (a clock stepped back) is as old as zero seconds.
    """
    if stopped:
        return Freshness.DOWN
    if at is None:
        return Freshness.DOWN if failing else Freshness.UNKNOWN
    age_s = max(0.0, (now - at).total_seconds() - GRACE_S)
    if age_s > STALE_AFTER_INTERVALS * interval_s:
        return Freshness.DOWN if failing or failing_since is not None else Freshness.STALE
    is_away = failing_since is not None and (now - failing_since).total_seconds() >= AWAY_AFTER_S
    if is_away and (failing or age_s > interval_s):
        return Freshness.DOWN
    return Freshness.LATE if age_s > LATE_AFTER_INTERVALS * interval_s else Freshness.LIVE
