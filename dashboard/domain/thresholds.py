"""Which values colour a tile: thresholds with an enter and a leave value, so that a number at the line does not flicker.

In:  a value, the severity it had, a threshold. Out: a severity. Nothing here opens an incident; that takes a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Enter and leave values of both severities, in the metric's own unit.

    `higher_is_worse`: a value at or above `warning_enter` warns, and goes on warning until it is at or below `warning_leave`
    (mirrored when False). `target` is what the tile prints beside the number.
    ValueError if a leave value lies beyond its enter value, or critical on the calm side of warning.
    """

    target: float
    warning_enter: float
    warning_leave: float
    critical_enter: float
    critical_leave: float
    higher_is_worse: bool = True

    def __post_init__(self) -> None:
        sign = 1 if self.higher_is_worse else -1
        if sign * self.warning_leave > sign * self.warning_enter:
            raise ValueError("the warning's leave value lies beyond its enter value")
        if sign * self.critical_leave > sign * self.critical_enter:
            raise ValueError("the critical leave value lies beyond its enter value")
        if sign * self.warning_enter > sign * self.critical_enter:
            raise ValueError("critical is entered before warning")


def judge(value: float | None, previous: Severity, threshold: Threshold) -> Severity:
    """The severity of `value`, given the one before. None (no number to judge) is ok: an unknown value has no severity."""
    if value is None:
        return Severity.OK
    sign = 1 if threshold.higher_is_worse else -1
    v = sign * value
    if v >= sign * threshold.critical_enter or (previous is Severity.CRITICAL and v > sign * threshold.critical_leave):
        return Severity.CRITICAL
    warned = previous in (Severity.WARNING, Severity.CRITICAL)
    if v >= sign * threshold.warning_enter or (warned and v > sign * threshold.warning_leave):
        return Severity.WARNING
    return Severity.OK
