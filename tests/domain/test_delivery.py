"""Send, hold or drop, from the facts alone; storms, settling and waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain import delivery
from dashboard.domain.delivery import Drop, Facts, Hold, Opening, Send, Telling, backoff_s, decide, gathered_until, late_s, together_count
from dashboard.domain.thresholds import Severity

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SOON, LATER = NOW + timedelta(minutes=5), NOW + timedelta(hours=5)
OPENED = Facts(Telling.OPENED, Severity.WARNING, 0, NOW, is_open=True, wants=True, opening=Opening.COMING)
REMINDER = replace(OPENED, what=Telling.REMINDER, opening=Opening.SENT)
WORSE = replace(OPENED, what=Telling.WORSE, opening=Opening.SENT, severity=Severity.CRITICAL)
RESOLVED = replace(OPENED, what=Telling.RESOLVED, opening=Opening.SENT, is_open=False)
QUIET: dict[str, Any] = {"quiet_until": SOON}
MUTED: dict[str, Any] = {"muted_until": LATER, "muted_why": "The rule is muted."}


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        (OPENED, Send()),
        (replace(OPENED, wants=False), Drop("The recipient does not want any more, or is switched off.")),
        (replace(OPENED, due_at=NOW - timedelta(days=4)), Drop("It could not be handed over for 3 days.")),
        (replace(OPENED, **QUIET), Hold(SOON, "Quiet hours of the recipient.")),
        (replace(OPENED, severity=Severity.CRITICAL, **QUIET), Send()),
        (replace(OPENED, severity=Severity.CRITICAL, critical_breaks_quiet=False, **QUIET), Hold(SOON, "Quiet hours of the recipient.")),
        (replace(OPENED, severity=Severity.CRITICAL, **MUTED), Hold(LATER, "The rule is muted.")),
        (replace(OPENED, **QUIET, **MUTED), Hold(LATER, "The rule is muted.")),
        (replace(OPENED, muted_until=NOW), Send()),
        (replace(OPENED, cooled_until=SOON), Hold(SOON, "The same rule told this recipient shortly before (cool-down).")),
        (replace(WORSE, cooled_until=SOON), Send()),
        # an opening that was over before it was ever held goes: the mail server was away, and all arrives
        (replace(OPENED, is_open=False), Send()),
        (replace(OPENED, is_open=False, **QUIET), Drop("It was over before it could be told. Quiet hours of the recipient.")),
        (replace(OPENED, is_open=False, held_why="Quiet hours."), Drop("It was over before it could be told. Quiet hours.")),
        (replace(OPENED, held_why="Quiet hours."), Send()),
        (replace(OPENED, held_why="Q.", acknowledged_by="dana"), Drop("Acknowledged by dana before it could be told. Q.")),
        (replace(OPENED, acknowledged_by="dana"), Send()),
        (replace(OPENED, step=1, acknowledged_by="dana"), Drop("Acknowledged by dana before it could be told.")),
        (replace(OPENED, step=1, snoozed_until=SOON), Hold(SOON, "Snoozed.")),
        (replace(OPENED, snoozed_until=SOON), Send()),
        (REMINDER, Send()),
        (replace(REMINDER, is_open=False), Drop("It was over before the reminder could be sent.")),
        (replace(REMINDER, acknowledged_by="dana"), Drop("Acknowledged by dana before the reminder could be sent.")),
        (replace(REMINDER, snoozed_until=SOON), Drop("Snoozed before the reminder could be sent.")),
        (replace(REMINDER, **QUIET), Hold(SOON, "Quiet hours of the recipient.")),
        (replace(REMINDER, opening=Opening.NEVER), Drop("This recipient was not told of the opening.")),
        (WORSE, Send()),
        (replace(WORSE, acknowledged_by="dana", snoozed_until=SOON), Send()),
        (replace(WORSE, opening=Opening.HELD), Drop("The opening, not told yet, will say it.")),
        (RESOLVED, Send()),
        (replace(RESOLVED, opening=Opening.COMING), Send()),
        (replace(RESOLVED, opening=Opening.HELD), Drop("This recipient was not told of the opening.")),
        (replace(RESOLVED, opening=Opening.NEVER), Drop("This recipient was not told of the opening.")),
        (replace(RESOLVED, **QUIET), Hold(SOON, "Quiet hours of the recipient.")),
    ],
)
def test_decide(facts: Facts, decision: delivery.Decision) -> None:
    assert decide(facts, NOW) == decision


@given(
    st.builds(
        Facts,
        what=st.sampled_from(Telling),
        severity=st.sampled_from(Severity),
        step=st.integers(0, 2),
        due_at=st.datetimes(timezones=st.just(UTC)),
        is_open=st.booleans(),
        wants=st.booleans(),
        opening=st.sampled_from(Opening),
        held_why=st.sampled_from(["", "Held."]),
        acknowledged_by=st.sampled_from(["", "dana"]),
        snoozed_until=st.sampled_from([None, NOW, SOON]),
        quiet_until=st.sampled_from([None, NOW, SOON]),
        muted_until=st.sampled_from([None, NOW, LATER]),
        cooled_until=st.sampled_from([None, NOW, LATER]),
    )
)
def test_a_hold_always_ends_later_and_a_drop_always_says_why(facts: Facts) -> None:
    decision = decide(facts, NOW)
    if isinstance(decision, Hold):
        assert decision.until > NOW
        assert decision.why
    if isinstance(decision, Drop):
        assert decision.why
    if not facts.wants:
        assert isinstance(decision, Drop)


def _due(*seconds: float) -> list[datetime]:
    return [NOW + timedelta(seconds=each) for each in seconds]


@pytest.mark.parametrize(
    ("due", "letters", "until"),
    [
        (0, [-250, -200, -100, -50], None),
        (0, [-250, -200, -100, -50, -10], 110),
        (0, [-300, -200, -100, -50, -10], None),
        (0, [-299, -200, -100, -50, 0], 120),
        (0, [-290, -280, -270, -260, -120], None),
        (0, [-290, -280, -270, -260, -120, 10], None),
    ],
)
def test_gathered_until(due: float, letters: list[float], until: float | None) -> None:
    assert gathered_until(NOW + timedelta(seconds=due), _due(*letters)) == (None if until is None else NOW + timedelta(seconds=until))


@pytest.mark.parametrize(
    ("seconds", "count"),
    [([], 0), ([0], 1), ([0, 1], 2), ([0, 1.01], 1), ([0, 0, 0], 3), ([0, 1, 2, 3, 4, 5, 6], 6), ([0, 0.5, 9], 2)],
)
def test_together_count(seconds: list[float], count: int) -> None:
    assert together_count(_due(*seconds)) == count


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_waits_grow_to_their_bound_and_are_shaken_by_a_fifth(failures: int, rng: float) -> None:
    wait_s = backoff_s(failures, rng)
    assert 4 <= wait_s <= 360
    assert backoff_s(failures + 1, 0.5) >= backoff_s(failures, 0.5)
    assert abs(wait_s - backoff_s(failures, 0.5)) <= 0.2 * backoff_s(failures, 0.5) + 1e-9


def test_late_is_said_from_a_minute_on() -> None:
    assert late_s(NOW, NOW + timedelta(seconds=59)) is None
    assert late_s(NOW, NOW + timedelta(minutes=58)) == 3480
