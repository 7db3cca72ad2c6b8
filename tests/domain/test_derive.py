from __future__ import annotations

import pytest

from dashboard.domain import derive
from dashboard.domain.derive import Presence, TooFew
from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings import AccountOverview, AgentActivity, AgentsActivity, AgentState, CallStatus, QueueActivity


def agent(agent_id: int = 1, state: AgentState = "online", status: CallStatus | None = None, **values: int) -> AgentActivity:
    return AgentActivity(agent_id=agent_id, name="A", agent_state=state, call_status=status, **values)


def agents(*found: AgentActivity) -> derive.Bodies:
    return {Endpoint.AGENTS: AgentsActivity(found)}


@pytest.mark.parametrize(
    ("state", "status", "expected"),
    [
        ("online", None, Presence.AVAILABLE),
        ("online", "on_call", Presence.ON_CALL),
        ("away", "wrap_up", Presence.WRAP_UP),
        ("away", None, Presence.AWAY),
        ("transfers_only", None, Presence.TRANSFERS_ONLY),
        ("offline", None, Presence.OFFLINE),
        ("offline", "on_call", Presence.ON_CALL),
        ("unknown", None, Presence.UNKNOWN),
    ],
)
def test_presence_of_state_and_call_status_is_the_floors_word(state: AgentState, status: CallStatus | None, expected: Presence) -> None:
    assert derive.presence(agent(state=state, status=status)) is expected


def test_agents_in_without_a_reading_is_unknown() -> None:
    assert derive.agents_in(Presence.AVAILABLE)({}) is None


def test_agents_in_counts_one_presence() -> None:
    bodies = agents(agent(1), agent(2, status="on_call"), agent(3, "offline"))
    assert [derive.agents_in(presence)(bodies) for presence in (Presence.AVAILABLE, Presence.ON_CALL, Presence.AWAY)] == [1, 1, 0]


def test_field_not_sent_is_unknown_and_never_zero() -> None:
    assert derive.field(Endpoint.QUEUE, "calls_waiting")({Endpoint.QUEUE: QueueActivity(agents_online=3)}) is None
    assert derive.field(Endpoint.QUEUE, "calls_waiting")({}) is None


def test_average_handle_time_sums_talk_hold_and_wrap_up() -> None:
    bodies = agents(
        agent(1, total_talk_time=1000, total_hold_time=100, total_wrap_up_time=300, calls_accepted=8),
        agent(2, total_talk_time=500, total_wrap_up_time=100, calls_accepted=2),
    )
    assert derive.average_handle_time(bodies) == 200


def test_average_handle_time_of_few_calls_says_too_few() -> None:
    assert derive.average_handle_time(agents(agent(total_talk_time=9, total_wrap_up_time=1, calls_accepted=9))) == TooFew(9, 10)


def test_average_handle_time_with_a_missing_part_is_unknown() -> None:
    assert derive.average_handle_time(agents(agent(total_talk_time=9, calls_accepted=99))) is None
    assert derive.average_handle_time(agents()) is None


def test_occupancy_before_anybody_signed_in_is_unknown() -> None:
    assert derive.occupancy_ratio(agents(agent(total_talk_time=0, total_wrap_up_time=0, online_time=0))) is None


def test_occupancy_is_handled_over_signed_in_time() -> None:
    assert derive.occupancy_ratio(agents(agent(total_talk_time=60, total_hold_time=10, total_wrap_up_time=10, online_time=100))) == 0.8


@pytest.mark.parametrize(
    ("inbound", "abandoned", "expected"),
    [(100, 5, 0.05), (9, 1, TooFew(9, 10)), (0, 0, TooFew(0, 10)), (None, 5, None), (100, None, None)],
)
def test_abandon_ratio_needs_both_parts_and_enough_calls(inbound: int | None, abandoned: int | None, expected: object) -> None:
    body = AccountOverview(total_inbound_calls=inbound, total_calls_abandoned_in_queue=abandoned)
    assert derive.abandon_ratio({Endpoint.ACCOUNT: body}) == expected


def test_sends_professional_fields_tells_the_plans_apart() -> None:
    assert derive.sends_professional_fields(AccountOverview(total_calls=4)) is False
    assert derive.sends_professional_fields(AccountOverview(total_inbound_calls=0)) is True
    assert derive.sends_professional_fields(AgentsActivity((agent(),))) is False
    assert derive.sends_professional_fields(AgentsActivity((agent(accepted_transfers=0),))) is True
