from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings import AgentActivity, QueueActivity, vendor_fields
from dashboard.sources import decode
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.values import clean

QUEUE = {
    "agents_online": 4,
    "average_wait_time": 12,
    "longest_wait_time": 31,
    "calls_waiting": 2,
    "callbacks_waiting": 1,
    "embeddable_callbacks_waiting": 0,
}
AGENT: dict[str, Any] = {"agent_id": 360786799676, "name": "Amara Okafor", "agent_state": "online", "call_status": None, "via": "client"}


def wrong(call: object) -> str:
    with pytest.raises(SourceError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.kind is ErrorKind.INVALID
    return caught.value.message


def agent(**changes: object) -> AgentActivity:
    return decode.agent({**AGENT, **changes}, "agents_activity[0]")[0]


def test_totals_with_all_fields_reads_them() -> None:
    body, unknown = decode.totals(Endpoint.QUEUE, QUEUE)
    assert {name: getattr(body, name) for name in vendor_fields(QueueActivity)} == QUEUE
    assert unknown == {}


def test_totals_with_a_number_of_a_name_that_is_ours_does_not_take_it_for_ours() -> None:
    body, unknown = decode.totals(Endpoint.QUEUE, QUEUE | {"in_target_60m": 5})
    assert isinstance(body, QueueActivity)
    assert body.in_target_60m is None
    assert unknown == {"in_target_60m": 5}


def test_totals_with_missing_and_null_fields_gives_none_and_never_zero() -> None:
    body, _ = decode.totals(Endpoint.QUEUE, {"calls_waiting": 0, "agents_online": None})
    assert body == QueueActivity(calls_waiting=0)
    assert body.agents_online is None


@pytest.mark.parametrize(
    ("value", "number"), [(0, 0), (7, 7), (7.0, 7), (-0.0, 0), (1e3, 1000), ("7", 7), ("007", 7), (10**10, 10**10), (None, None)]
)
def test_number_with_a_whole_number_in_any_form_reads_it(value: object, number: int | None) -> None:
    found = decode.number(value, "x")
    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        -1,
        -1.0,
        1.5,
        float("nan"),
        float("inf"),
        10**10 + 1,
        10**400,
        1e300,
        "",
        "-1",
        "1.5",
        "many",
        "٣",
        "²",
        "1" * 21,
        [],
        {},
        [1],
    ],
)
def test_number_with_anything_else_is_refused_by_name_without_its_value(value: object) -> None:
    message = wrong(lambda: decode.number(value, "current_queue_activity.calls_waiting"))
    assert message.startswith("The vendor's answer is wrong: current_queue_activity.calls_waiting is ")


@pytest.mark.parametrize("answer", [None, [], "x", 3, True])
def test_totals_with_no_object_is_refused(answer: object) -> None:
    assert "current_queue_activity is" in wrong(lambda: decode.totals(Endpoint.QUEUE, answer))


@pytest.mark.parametrize("status", [None, "null", "NULL", "", " ", "absent"])
def test_agent_with_no_call_status_in_any_spelling_is_free(status: str | None) -> None:
    record = {**AGENT, "call_status": status}
    if status == "absent":
        del record["call_status"]
    assert decode.agent(record, "a")[0].call_status is None
    assert decode.agent(record, "a")[0].agent_state == "online"


@pytest.mark.parametrize("status", ["on_call", "wrap_up"])
def test_agent_with_a_call_status_has_it(status: str) -> None:
    assert agent(call_status=status).call_status == status


@pytest.mark.parametrize("status", ["ringing", 3, True, [], {}])
def test_agent_with_a_call_status_without_a_word_of_ours_is_not_called_available(status: object) -> None:
    found, unknown = decode.agent({**AGENT, "call_status": status}, "a")
    assert (found.agent_state, found.call_status) == ("unknown", None)
    assert unknown == ({"call_status": status} if isinstance(status, (str, int)) else {})


@pytest.mark.parametrize("state", ["online", "away", "transfers_only", "offline", "unknown"])
def test_agent_with_a_known_state_has_it(state: str) -> None:
    assert agent(agent_state=state).agent_state == state


@pytest.mark.parametrize("state", [None, "", "dancing", 3, []])
def test_agent_with_another_state_is_unknown(state: object) -> None:
    assert agent(agent_state=state).agent_state == "unknown"


@pytest.mark.parametrize("given_id", [360786799676, "360786799676", 360786799676.0])
def test_agent_with_an_id_as_number_or_text_is_the_same_agent(given_id: object) -> None:
    assert agent(agent_id=given_id).agent_id == 360786799676


@pytest.mark.parametrize("given_id", [None, "", "x", -1, True, 2**53, 1.5])
def test_agent_without_a_usable_id_is_refused(given_id: object) -> None:
    assert "agents_activity[0].agent_id is" in wrong(lambda: agent(agent_id=given_id))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>Ann</b> & Co", "<b>Ann</b> & Co"),
        ("  Ann\n\t O'Neil\x00\x1b[31m ", "Ann O'Neil [31m"),
        ("عمر الفاروق", "عمر الفاروق"),
        ("evil\u202eeman", "evileman"),
        ("\ud800lone", "\ufffdlone"),
        ("👩\u200d💻 Ada", "👩\u200d💻 Ada"),
        ("x" * 1000, "x" * 200),
        (None, "Agent 360786799676"),
        ("", "Agent 360786799676"),
        ("\x00\n", "Agent 360786799676"),
    ],
)
def test_agent_name_is_text_of_one_line(name: str | None, shown: str) -> None:
    assert agent(name=name).name == shown


@pytest.mark.parametrize("name", [3, [], {}, True])
def test_agent_name_that_is_no_text_is_refused(name: object) -> None:
    assert "agents_activity[0].name is not text" in wrong(lambda: agent(name=name))


def test_agent_on_the_team_plan_has_none_for_professional_fields() -> None:
    found = agent(calls_accepted=3)
    assert found.calls_accepted == 3
    assert found.total_hold_time is None
    assert found.accepted_transfers is None


def test_agent_keeps_no_phone_number_and_no_picture() -> None:
    record = {
        **AGENT,
        "forwarding_number": "+4930123456",
        "avatar_url": "https://x.example/photo.png",
        "mobile": "+49 (30) 123-456 78",
        "desk": 4930123456,
        "note": "call 030 / 123 45 67 please",
        "arabic": "٠٣٠١٢٣٤٥٦٧",
        "e-mail": "a@example.com",
        "via": "+4930123456",
        "new_field": 7,
        "mood": "good",
    }
    found, unknown = decode.agent(record, "a")
    assert unknown == {"new_field": 7, "mood": "good"}
    assert found.via is None


def test_unknown_fields_are_at_most_fifty_plain_values() -> None:
    many = {f"f{position}": position for position in range(80)}
    assert len(decode.unknown_fields(many, frozenset())) == 50
    odd = {"a": [1], "b": {"c": 1}, "d": None, "e": True, "f": 1.5, "g": float("inf"), "h": "x" * 999, "i\n\ud800": 1}
    assert decode.unknown_fields(odd, frozenset()) == {"d": None, "e": True, "f": 1.5, "h": "x" * 200, "i \ufffd": 1}


def test_unknown_fields_leave_the_known_ones_out() -> None:
    body, unknown = decode.totals(Endpoint.QUEUE, {**QUEUE, "ai_agent_calls": 3})
    assert unknown == {"ai_agent_calls": 3}
    assert body == QueueActivity(**QUEUE)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
LIKELY = st.sampled_from([None, 0, 1, 3.0, "4", "null", "on_call", "wrap_up", "online", "away", "", "Ann", 360786799676])
AGENTISH = st.dictionaries(st.sampled_from([field.name for field in fields(AgentActivity)]) | st.text(max_size=5), LIKELY | ANYTHING)


def outcome_of(record: dict[str, object]) -> tuple[AgentActivity, dict[str, object]] | SourceError:
    try:
        return decode.agent(record, "a")
    except SourceError as error:
        return error


@given(AGENTISH)
def test_agent_with_any_object_is_an_agent_or_a_refusal(record: dict[str, object]) -> None:
    outcome = outcome_of(record)
    if isinstance(outcome, SourceError):
        assert outcome.kind is ErrorKind.INVALID
        return
    found, unknown = outcome
    assert found.agent_id >= 0
    assert 0 < len(found.name) <= 200
    json.dumps([asdict(found), unknown], allow_nan=False, ensure_ascii=False).encode()
    numbers = [value for name, value in asdict(found).items() if isinstance(value, int)]
    assert all(type(value) is int and value >= 0 for value in numbers)


@given(st.text(alphabet=st.characters()))
def test_clean_with_any_text_is_one_printable_line(text: str) -> None:
    shown = clean(text)
    assert len(shown) <= 200
    assert shown == shown.strip()
    shown.encode()
    assert not any(ord(character) < 32 for character in shown)
    assert clean(shown) == shown
