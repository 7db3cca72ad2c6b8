"""An incident in words: every subject says it all, and its figures add up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.alerts import shown, wording
from dashboard.alerts.wording import AGREE_S, Figure
from dashboard.domain.amounts import duration_s
from tests.alerts.long_wait import SINCE, long_wait


def figure(value: float | None = 462.0, after_s: float = 282.0) -> Figure:
    return Figure(value, SINCE + timedelta(seconds=after_s))


@pytest.mark.parametrize(
    ("what", "columns", "now", "says"),
    [
        ("opened", {}, figure(), "Longest wait 7:42 on Support line, at or above 3:00 for 4:42"),
        (
            "worse",
            {"limit": 300.0, "since_at": SINCE + timedelta(seconds=120)},
            figure(),
            "Now critical: Longest wait 7:42 on Support line, at or above 5:00 for 2:42",
        ),
        ("reminder", {}, figure(724, 544), "Still open: Longest wait 12:04 on Support line, at or above 3:00 for 9:04"),
        ("opened", {"kind": "spike"}, figure(), "Longest wait 7:42 on Support line, a spike at or above 3:00 for 4:42"),
        ("opened", {"scope_name": ""}, figure(), "Longest wait 7:42, at or above 3:00 for 4:42"),
        ("opened", {}, figure(180, 0), "Longest wait 3:00 on Support line for 0:00"),
        ("opened", {}, figure(200, 600), "Longest wait 3:20 on Support line, at or above 3:00 for 10:00"),  # other callers since
        ("opened", {}, figure(420, 3), "Longest wait 7:00 on Support line, at or above 3:00 for 4:00"),  # a jump between two polls
        ("reminder", {}, figure(20, 300), "Still open: Longest wait 0:20 on Support line, which was at or above 3:00 for 4:42"),
        ("opened", {"metric": "calls_waiting", "limit": 7.0}, figure(17), "Calls waiting 17 on Support line, at or above 7 for 4:42"),
        ("opened", {"metric": "calls_waiting", "limit": 7.0}, figure(17, 0), "Calls waiting 17 on Support line, at or above 7"),
        (
            "opened",
            {"metric": "abandon_ratio", "limit": 0.05},
            figure(0.062),
            "Abandoned today 6.2 % on Support line, at or above 5 % for 4:42",
        ),
        (
            "opened",
            {"metric": "agents_online", "limit": 0.0, "direction": "below"},
            figure(0),
            "Agents online 0 on Support line for 4:42",
        ),
        (
            "opened",
            {"kind": "lost", "metric": "", "value": 60.0, "limit": 60.0, "last_seen_at": SINCE},
            figure(None, 1),
            "No data from Zendesk Talk for 1:01",
        ),
        (
            "opened",
            {"kind": "source", "metric": "", "value": 60.0, "limit": 60.0, "last_seen_at": SINCE},
            figure(None, 0),
            "Zendesk Talk fails for 1:00",
        ),
        ("opened", {"scope": "rule:7", "kind": "source"}, figure(), "The rule “Longest wait” has failed and is switched off"),
    ],
)
def test_subject_says_it_all(what: str, columns: dict[str, Any], now: Figure, says: str) -> None:
    assert wording.subject(what, long_wait(**columns), now) == says


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"worst_value": 724.0}, "Resolved: longest wait on Support line was at or above 3:00 for 9:10, highest 12:04"),
        (
            {"metric": "agents_online", "direction": "below", "limit": 1.0, "worst_value": 0.0},
            "Resolved: agents online on Support line was at or below 1 for 9:10, lowest 0",
        ),
        (
            {"metric": "agents_online", "direction": "below", "limit": 0.0, "worst_value": 0.0},
            "Resolved: agents online on Support line was at 0 for 9:10, lowest 0",
        ),
        ({"metric": "average_handle_time", "worst_value": None}, "Resolved: AHT today on Support line was at or above 3:00 for 9:10"),
        ({"kind": "lost", "metric": "", "limit": 60.0}, "Resolved: there was no data from Zendesk Talk for 10:10"),
        ({"kind": "source", "metric": "", "limit": 60.0}, "Resolved: Zendesk Talk failed for 10:10"),
    ],
)
def test_subject_of_an_end_says_what_it_was(columns: dict[str, Any], says: str) -> None:
    back_at = SINCE + timedelta(seconds=550)
    over = long_wait(recovering_at=back_at, resolved_at=back_at + timedelta(seconds=60), **columns)
    assert wording.subject("resolved", over, figure()) == says


def test_what_else_the_rule_looks_at_is_said() -> None:
    assert wording.subject("opened", long_wait(), figure(), "3 calls waiting").endswith("for 4:42, with 3 calls waiting")


@given(limit=st.integers(1, 3600), value=st.integers(1, 7200), held_s=st.floats(0, 7200))
def test_figures_of_a_wait_add_up(limit: int, value: int, held_s: float) -> None:
    """Whoever waits `value` has been above `limit` for the difference: never is less said, and within a poll exactly that."""
    said = wording.subject("opened", long_wait(limit=float(limit)), figure(float(value), held_s))
    found = re.search(r"wait (\S+) on .*, at or above (\S+) for (\S+)$", said)
    if value <= limit:
        assert found is None or "which was" in said
        return
    assert found is not None
    shown, line, lasted = (duration_s(text) for text in found.groups())
    assert lasted >= shown - line
    if abs(held_s - (value - limit)) <= AGREE_S:
        assert shown == line + lasted


@given(st.text(max_size=300))
def test_any_name_leaves_one_short_line(name: str) -> None:
    said = wording.subject("opened", long_wait(scope_name=name, rule_name=name), figure())
    assert len(said) <= wording.LONGEST_SUBJECT
    assert said.isprintable()


def test_nothing_is_said_to_have_been_below_nothing() -> None:
    empty = long_wait(metric="agents_online", direction="below", limit=0.0, value=7.0)
    assert shown.about(empty) == "Agents online at 0"
    assert shown.sentence(empty) == "Agents online 7 on Support line, was at 0"
    assert wording.standing(empty, figure(7)) == "which was at 0 for 4:42"


def test_a_difference_is_said_to_have_been_below_nothing() -> None:
    shrinking = long_wait(metric="tickets_net_flow_today", direction="below", limit=0.0, value=-40.0)
    assert shown.about(shrinking).endswith(" at or below 0")
    assert shown.sentence(shrinking).endswith(" −40 on Support line, at or below 0")
