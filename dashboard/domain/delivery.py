"""May this be sent to this recipient now? The holds, the gathering of many into one letter, and the waits between attempts.

In:  frozen facts about one notification and its recipient, and now. Out: send, hold until (and why), or drop (and why). Pure.
The words in `why` stand on a page as they are. Must not know rows, mail servers or clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.domain.thresholds import Severity

# The first notification waits this long, so that what happens at once goes in one letter.
SETTLE = timedelta(seconds=1)
# From this many on, what settles together is one letter. Of two, each has its own.
DIGEST_FROM = 3
# However long more keeps coming, the first has not to wait longer.
LONGEST_SETTLING = timedelta(seconds=5)
# A storm: this many letters in this time; then what comes is gathered for that long.
STORM_LETTERS_COUNT = 5
STORM_WITHIN = timedelta(minutes=5)
STORM_GATHER = timedelta(minutes=2)
# What could not be handed over for so long is no news any more.
GIVE_UP_AFTER = timedelta(days=3)
# An address that is refused is tried so often: servers say "permanently" by mistake, too.
PERMANENT_ATTEMPTS_COUNT = 3
# A letter that cannot be composed is a fault of ours, which a restart may end; the others of the recipient wait behind it meanwhile.
COMPOSE_ATTEMPTS_COUNT = 5
# Waits between two attempts: doubled each time, up to these.
FIRST_BACKOFF_S = 5.0
LONGEST_BACKOFF_S = 300.0
# The mail server is one for all: everybody waits for its return, so it is asked oftener.
LONGEST_SERVER_BACKOFF_S = 60.0
BACKOFF_JITTER_RATIO = 0.2
# From this long on, a letter says that it is late.
LATE_FROM = timedelta(seconds=60)


class Telling(StrEnum):
    """What a notification tells of."""

    OPENED = "opened"
    WORSE = "worse"
    REMINDER = "reminder"
    RESOLVED = "resolved"


class Opening(StrEnum):
    """How far the recipient has been told of the opening: it was sent; it is on its way (before this one in the queue); it is held back;
    never, or given up."""

    SENT = "sent"
    COMING = "coming"
    HELD = "held"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides. `held_why`: why it was held so far (empty: never was). `step`: 0 is told at once, later ones escalate.

    `quiet_until`, `muted_until`, `cooled_until`: ends (aware UTC) of the recipient's quiet hours, of a mute or maintenance window
    (`muted_why` in words), of the rule's cool-down for this recipient; None where there is none.
    """

    what: Telling
    severity: Severity
    step: int
    due_at: datetime
    is_open: bool
    wants: bool
    opening: Opening
    held_why: str = ""
    acknowledged_by: str = ""
    snoozed_until: datetime | None = None
    quiet_until: datetime | None = None
    critical_breaks_quiet: bool = True
    muted_until: datetime | None = None
    muted_why: str = ""
    cooled_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Now."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not before `until` (aware UTC); then it is decided anew."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Never."""

    why: str


Decision = Send | Hold | Drop


def decide(facts: Facts, now: datetime) -> Decision:
    """What to do with one notification whose time has come."""
    if not facts.wants:
        return Drop("The recipient does not want any more, or is switched off.")
    if now - facts.due_at > GIVE_UP_AFTER:
        return Drop(f"It could not be handed over for {GIVE_UP_AFTER.days} days.")
    if (overtaken := _overtaken(facts, now)) is not None:
        return overtaken
    hold = _hold(facts, now)
    if hold is None:
        return Send()
    if facts.what is not Telling.RESOLVED and not facts.is_open:
        return Drop(f"It was over before it could be told. {hold.why}")
    return hold


def _overtaken(facts: Facts, now: datetime) -> Decision | None:
    """What has become untrue or needless while it waited."""
    if facts.what is Telling.OPENED:
        return _opening_overtaken(facts, now) if facts.held_why or facts.step else None
    if facts.opening is Opening.HELD and facts.what is Telling.WORSE:
        return Drop("The opening, not told yet, will say it.")
    if facts.opening in (Opening.HELD, Opening.NEVER):
        return Drop("This recipient was not told of the opening.")
    return _reminder_overtaken(facts, now) if facts.what is Telling.REMINDER else None


def _opening_overtaken(facts: Facts, now: datetime) -> Decision | None:
    if not facts.is_open:
        return Drop(f"It was over before it could be told. {facts.held_why}".rstrip())
    if facts.acknowledged_by:
        return Drop(f"Acknowledged by {facts.acknowledged_by} before it could be told. {facts.held_why}".rstrip())
    if facts.snoozed_until is not None and facts.snoozed_until > now:
        return Hold(facts.snoozed_until, "Snoozed.")
    return None


def _reminder_overtaken(facts: Facts, now: datetime) -> Decision | None:
    if not facts.is_open:
        return Drop("It was over before the reminder could be sent.")
    if facts.acknowledged_by:
        return Drop(f"Acknowledged by {facts.acknowledged_by} before the reminder could be sent.")
    if facts.snoozed_until is not None and facts.snoozed_until > now:
        return Drop("Snoozed before the reminder could be sent.")
    return None


def _hold(facts: Facts, now: datetime) -> Hold | None:
    """The hold that ends last; when it ends, all are looked at again."""
    critical = facts.severity is Severity.CRITICAL
    holds = [Hold(facts.muted_until, facts.muted_why or "Muted.")] if facts.muted_until else []
    if facts.quiet_until is not None and not (critical and facts.critical_breaks_quiet):
        holds.append(Hold(facts.quiet_until, "Quiet hours of the recipient."))
    if facts.cooled_until is not None and facts.what is Telling.OPENED:
        holds.append(Hold(facts.cooled_until, "The same rule told this recipient shortly before (cool-down)."))
    return max((hold for hold in holds if hold.until > now), key=lambda hold: hold.until, default=None)


def gathered_until(due_at: datetime, letters_due: Sequence[datetime]) -> datetime | None:
    """In a storm, until when what is due at `due_at` is gathered into one letter; None: no storm, it goes now.

    `letters_due`: when each letter that this recipient was sent had been due. By when they were due and not by when they left, so that a
    queue that waited for the mail server arrives as it would have arrived in time.
    """
    lately = [due for due in letters_due if due_at - STORM_WITHIN < due <= due_at]
    if len(lately) < STORM_LETTERS_COUNT:
        return None
    until = max(lately) + STORM_GATHER
    return until if until > due_at else None


def together_count(due: Sequence[datetime]) -> int:
    """How many of these, from the first on, belong in one letter: each due within `SETTLE` of the one before, `LONGEST_SETTLING` in all.

    `due` rises. At least 1 for a queue that is not empty.
    """
    count = 0
    for number, at in enumerate(due):
        if number and (at - due[number - 1] > SETTLE or at - due[0] > LONGEST_SETTLING):
            break
        count = number + 1
    return count


def backoff_s(failures_count: int, rng: float, *, longest_s: float = LONGEST_BACKOFF_S) -> float:
    """Seconds to wait after so many failures in a row (>= 1); `rng` in 0..1 shakes it by a fifth either way."""
    wait_s = min(longest_s, FIRST_BACKOFF_S * 2.0 ** min(failures_count - 1, 30))
    return wait_s * (1 + BACKOFF_JITTER_RATIO * (2 * rng - 1))


def late_s(due_at: datetime, now: datetime) -> float | None:
    """By how many seconds a letter that goes now is late, not counting holds and gathering, which move `due_at`; None: not worth a word."""
    late = now - due_at
    return late.total_seconds() if late >= LATE_FROM else None
