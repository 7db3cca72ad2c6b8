"""What goes into Redis comes out the same, and nothing else comes out at all."""

from __future__ import annotations

import contextlib
import json
import re
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.agents import InState
from dashboard.domain.readings import AgentState, CallStatus, QueueActivity, Reading
from dashboard.store import codec
from dashboard.store.codec import CodecError
from tests.store.examples import READINGS, TIMES

STATES = st.dictionaries(
    st.integers(0, 2**63),
    st.builds(InState, st.sampled_from(get_args(AgentState)), st.none() | st.sampled_from(get_args(CallStatus)), TIMES, st.booleans()),
    max_size=5,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@given(READINGS)
def test_reading_after_a_round_trip_is_the_same(reading: Reading) -> None:
    assert codec.load_reading(codec.dump_reading(reading)) == reading


@given(READINGS)
def test_dump_reading_starts_with_its_time_for_the_script_that_compares_them(reading: Reading) -> None:
    found = re.match(re.escape(codec.AT_PREFIX) + r"(\d+)", codec.dump_reading(reading).decode())
    assert found is not None
    assert codec.from_us(int(found[1])) == reading.at


@given(STATES, TIMES)
def test_states_after_a_round_trip_are_the_same(states: dict[int, InState], at: datetime) -> None:
    assert codec.load_in_states(codec.dump_in_states(states, at=at)) == (at, states)


@given(st.binary(max_size=50) | JSON.map(lambda value: json.dumps(value).encode()))
def test_load_of_anything_else_raises_one_error(data: bytes) -> None:
    for load in (codec.load_reading, codec.load_in_states):
        with pytest.raises(CodecError):
            load(data)


@given(st.lists(JSON, min_size=5, max_size=5), STATES, TIMES)
def test_load_states_of_any_row_gives_states_or_the_error(row: list[object], states: dict[int, InState], at: datetime) -> None:
    found = json.loads(codec.dump_in_states(states, at=at))
    for position in range(5):
        mixed = [*[7, "online", None, 1, True][:position], row[position], *[7, "online", None, 1, True][position + 1 :]]
        found["agents"] = [mixed]
        with contextlib.suppress(CodecError):
            codec.load_in_states(json.dumps(found).encode())


@given(READINGS, JSON)
def test_load_reading_with_any_field_replaced_gives_a_reading_or_the_error(reading: Reading, junk: object) -> None:
    found = json.loads(codec.dump_reading(reading))
    for place in (found, found["body"], *found["body"].get("agents", [])):
        for name in list(place):
            kept, place[name] = place[name], junk
            with contextlib.suppress(CodecError):
                codec.load_reading(json.dumps(found).encode())
            place[name] = kept


def test_load_reading_of_a_newer_release_ignores_what_it_has_no_name_for() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    found = json.loads(codec.dump_reading(Reading(QueueActivity(calls_waiting=1), at)))
    found["body"]["ai_agent_calls"] = 5
    found["colour"] = "green"
    assert codec.load_reading(json.dumps(found).encode()) == Reading(QueueActivity(calls_waiting=1), at)


def test_load_object_of_endless_nesting_raises_the_error() -> None:
    with pytest.raises(CodecError):
        codec.load_object(b"[" * 100_000)


def test_load_reading_of_a_time_beyond_the_calendar_raises_the_error() -> None:
    with pytest.raises(CodecError):
        codec.load_reading(b'{"at_us":%d,"endpoint":"agents_activity","body":{"agents":[]}}' % 10**30)
