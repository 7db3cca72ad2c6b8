"""What the doctor says: findings, and how a check is run so that none can hold up or break the others.

In:  checks. Out: findings, in the order of the checks. A check that raises or hangs is itself a finding.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.sources.redaction import redact

# Longer than the longest wait for the budget, with the answer after it.
CHECK_TIMEOUT_S = 9.0


class Level(StrEnum):
    """OK: as it should be. WARN: works, but look at it. FAIL: does not work. SKIP: cannot be told now; another finding says why."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` in two words, `text` what was found, `remedy` what to do (empty when there is nothing to do)."""

    what: str
    level: Level
    text: str
    remedy: str = ""


Check = Callable[[], Sequence[Finding]]


def ok(what: str, text: str) -> tuple[Finding, ...]:
    return (Finding(what, Level.OK, text),)


def warn(what: str, text: str, remedy: str) -> tuple[Finding, ...]:
    return (Finding(what, Level.WARN, text, remedy),)


def fail(what: str, text: str, remedy: str) -> tuple[Finding, ...]:
    return (Finding(what, Level.FAIL, text, remedy),)


def skip(what: str, text: str) -> tuple[Finding, ...]:
    return (Finding(what, Level.SKIP, text),)


def examine(checks: Sequence[tuple[str, Check]], timeout_s: float = CHECK_TIMEOUT_S) -> list[Finding]:
    """Runs all checks, each within `timeout_s`; the names are for those that do not come to a finding of their own."""
    found: list[Finding] = []
    for what, check in checks:
        found.extend(_run(what, check, timeout_s))
    return found


def _run(what: str, check: Check, timeout_s: float) -> Sequence[Finding]:
    results: list[Sequence[Finding]] = []

    def run() -> None:
        try:
            results.append(check())
        except Exception as error:  # noqa: BLE001 (whatever is broken, the doctor must say so and look at the rest)
            results.append(fail(what, f"the check itself failed: {type(error).__name__}: {redact(str(error))}", ""))

    thread = threading.Thread(target=run, name=f"doctor-{what}", daemon=True)  # a hanging one ends with the process
    thread.start()
    thread.join(timeout_s)
    return results[0] if results else fail(what, f"no answer within {timeout_s:g} s", "look at the network on the way there")
