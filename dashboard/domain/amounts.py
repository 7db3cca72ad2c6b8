"""A metric's amount in people's words, and back: "3:00" and 180 seconds, "5 %" and 0.05.

In:  what somebody typed, or a number with its unit. Out: the number, or one sentence that says what was expected; the words.
Must not know forms or mails.
"""

from __future__ import annotations

import math
import re

from dashboard.domain.catalogue import Unit

# A year in seconds, a thousand million calls: beyond this it is a slip of the hand.
MOST = 1e9
_CLOCK = re.compile(r"^(?:(\d{1,4}):)?(\d{1,5}):([0-5]\d)$", re.ASCII)
_NUMBER = r"(\d{1,12}(?:\.\d{1,6})?|\.\d{1,6})"
_DURATION = re.compile(rf"^{_NUMBER}\s*(s|sec|second|seconds|m|min|minute|minutes|h|hour|hours|d|day|days)?$", re.ASCII)
_PLAIN = re.compile(rf"^{_NUMBER}$", re.ASCII)
_PERCENT = re.compile(rf"^{_NUMBER}\s*%?$", re.ASCII)
_DAYS = re.compile(r"^(\d{1,5})\s*d(?:ays?)?(?:\s+(\d{1,2})\s*h)?(?:\s+(\d{1,2})\s*min)?(?:\s+(\d{1,2})\s*s)?$", re.ASCII)
DAY_S = 86_400
_SECONDS_IN = {"s": 1, "m": 60, "h": 3600, "d": DAY_S}
HINTS = {
    Unit.SECONDS: "a time such as 3:00 (minutes:seconds), 90, 1:30:00 or 2 d 4 h",
    Unit.COUNT: "a number such as 5",
    Unit.RATIO: "a percentage such as 5 %",
}


class AmountError(ValueError):
    """The text is no amount; the message is one sentence for whoever typed it."""


def duration_s(text: str) -> float:
    """Seconds, >= 0, of "3:00", "1:30:00", "180", "90 s", "3 min", "2 h", "1 day" or "2 d 4 h 30 min".

    AmountError.
    """
    given = text.strip().lower()
    clock = _CLOCK.match(given)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        if clock.group(1) is not None and minutes > 59:
            raise AmountError(f"{_shown(text)} has more than 59 minutes in its middle; write hours:minutes:seconds.")
        return float(hours * 3600 + minutes * 60 + seconds)
    days = _DAYS.match(given)
    if days:
        parts = (int(part or 0) for part in days.groups())
        return _bounded(float(sum(part * unit_s for part, unit_s in zip(parts, (DAY_S, 3600, 60, 1), strict=True))), text)
    found = _DURATION.match(given)
    if not found:
        raise AmountError(f"{_shown(text)} is not {HINTS[Unit.SECONDS]}.")
    return _bounded(float(found.group(1)) * _SECONDS_IN[(found.group(2) or "s")[0]], text)


def parse(text: str, unit: Unit) -> float:
    """The amount, >= 0, in the metric's own unit: seconds, a count, or a ratio (5 % and 5 are both 0.05). AmountError."""
    if unit is Unit.SECONDS:
        return duration_s(text)
    found = (_PERCENT if unit is Unit.RATIO else _PLAIN).match(text.strip())
    if not found:
        raise AmountError(f"{_shown(text)} is not {HINTS[unit]}.")
    number = float(found.group(1))
    if unit is Unit.RATIO and number > 100:
        raise AmountError(f"{_shown(text)} is more than 100 %.")
    return number / 100 if unit is Unit.RATIO else _bounded(number, text)


def measured(value: float, unit: Unit, limit: float | None = None) -> float:
    """A measured value as people are told it: a share to a tenth of a per cent, as walls show it; other units as they are. `limit`: what it
    is compared with; rounding never puts a value onto it, or onto its other side."""
    if unit is not Unit.RATIO:
        return value
    tenth = round(value, 3)
    if limit is not None and value != limit and (tenth == limit or (tenth < limit) != (value < limit)):
        return value
    return tenth


def say(value: float, unit: Unit) -> str:
    """As people read it: "3:00", "5", "4.5 %". What `parse` takes back to the same value, to the second and to a thousandth."""
    if unit is Unit.SECONDS:
        return clock(value)
    if unit is Unit.RATIO:
        return f"{_short(value * 100)} %"
    return _short(value)


def clock(seconds: float) -> str:
    """ "0:30", "3:00", "1:05:00", "2 d 4 h 30 min": minutes and seconds, with hours from one hour on, in words from a day on; fractions are
    rounded."""
    whole = round(abs(seconds))
    sign = "−" if seconds < 0 and whole else ""
    if whole >= DAY_S:
        parts = ((whole // DAY_S, "d"), (whole // 3600 % 24, "h"), (whole // 60 % 60, "min"), (whole % 60, "s"))
        return sign + " ".join(f"{part} {unit}" for part, unit in parts if part)
    hours, minutes = divmod(whole // 60, 60)
    return f"{sign}{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{sign}{minutes}:{whole % 60:02}"


def span(seconds: float) -> str:
    """How long something took, in words: "45 s", "12 min", "3 h 20 min", "5 days"."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(hours / 24)} days"


def step_of(unit: Unit) -> float:
    """The smallest step in which people set a limit: 5 s, one, 1 %."""
    return {Unit.SECONDS: 5.0, Unit.COUNT: 1.0, Unit.RATIO: 0.01}[unit]


def leave_for(enter: float, unit: Unit, *, higher_is_worse: bool) -> float:
    """A sensible leave value where none was given: a tenth of the enter value towards the calm side, at least one step, never below 0.

    With it, a number that stands at the line does not open and resolve an incident again and again.
    """
    step = step_of(unit)
    distance = max(step, math.floor(abs(enter) * 0.1 / step + 0.5) * step)
    return round(max(0.0, enter - distance), 6) if higher_is_worse else round(enter + distance, 6)


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _bounded(number: float, text: str) -> float:
    if number > MOST:
        raise AmountError(f"{_shown(text)} is too large.")
    return number


def _shown(text: str) -> str:
    return f"“{text.strip()[:40]}”"
