from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.domain.agents import InState, follow
from dashboard.domain.readings import AgentActivity, AgentState, CallStatus

T0 = datetime(2026, 11, 21, 9, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def seen(state: AgentState = "online", status: CallStatus | None = None, agent_id: int = 7) -> AgentActivity:
    return AgentActivity(agent_id, "Amara", state, status)


def test_follow_from_nothing_knows_only_a_lower_bound() -> None:
    assert follow({}, [seen()], at=at(0), previous_at=None, max_gap_s=25) == {7: InState("online", None, at(0), False)}


def test_follow_an_unchanged_state_keeps_its_beginning() -> None:
    first = {7: InState("online", None, at(0), True)}
    assert follow(first, [seen()], at=at(5), previous_at=at(0), max_gap_s=25) == first


def test_follow_a_changed_state_begins_now_exactly() -> None:
    first = {7: InState("online", None, at(0), False)}
    after = follow(first, [seen(status="on_call")], at=at(5), previous_at=at(0), max_gap_s=25)
    assert after == {7: InState("online", "on_call", at(5), True)}


def test_follow_after_a_gap_begins_anew_as_a_lower_bound() -> None:
    first = {7: InState("online", None, at(0), True)}
    assert follow(first, [seen()], at=at(60), previous_at=at(0), max_gap_s=25) == {7: InState("online", None, at(60), False)}


def test_follow_an_agent_who_left_the_list_is_forgotten() -> None:
    first = {7: InState("online", None, at(0), True)}
    assert follow(first, [seen(agent_id=8)], at=at(5), previous_at=at(0), max_gap_s=25) == {8: InState("online", None, at(5), True)}
