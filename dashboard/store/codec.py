"""Readings and what surrounds them as bytes for Redis, and back.

In:  domain values. Out: compact JSON. Must not talk to Redis.
What comes out of Redis may be of another release, or damaged: every `load_*` raises CodecError rather than
returning half a value, and ignores fields that it has no name for, so that two releases can run side by side for a while.
A reading's text starts with its time (`AT_PREFIX`), so that a script in Redis can compare two readings without parsing them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from dashboard.domain.agents import InState
from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings import (
    TOTALS,
    AgentActivity,
    AgentsActivity,
    AgentState,
    Body,
    CallStatus,
    Reading,
    number_fields,
    our_fields,
)
from dashboard.domain.readings_tickets import BacklogRow, PolicyRow

AT_PREFIX = '{"at_us":'

_ENDPOINTS: Mapping[type[Body], Endpoint] = {
    AgentsActivity: Endpoint.AGENTS,
    **{body_type: endpoint for endpoint, body_type in TOTALS.items()},
}
_ROWS: Mapping[Endpoint, type[BacklogRow | PolicyRow]] = {Endpoint.TICKETS: BacklogRow, Endpoint.SLA: PolicyRow}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class CodecError(ValueError):
    """The bytes are not what this release writes; treat the value as absent."""


def to_us(at: datetime) -> int:
    """Whole microseconds since 1970 of an aware time. Exact, unlike `timestamp()`."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(at_us: int) -> datetime:
    """The inverse of `to_us`. CodecError beyond the calendar."""
    try:
        return _EPOCH + timedelta(microseconds=at_us)
    except OverflowError as error:
        raise CodecError("a time beyond the calendar") from error


def dump_reading(reading: Reading) -> bytes:
    """`{"at_us":…,"endpoint":…,"body":{…},"unknown":{…}}`. Fields that are None are left out."""
    body = reading.body
    if isinstance(body, AgentsActivity):
        ours = {name: getattr(body, name) for name in our_fields(AgentsActivity)}
        content: dict[str, object] = {"agents": [_present(asdict(agent)) for agent in body.agents]} | _present(ours)
    else:
        content = _present({name: getattr(body, name) for name in number_fields(type(body))})
        if rows := getattr(body, "rows", ()):
            content["rows"] = [list(asdict(row).values()) for row in rows]
    return dump({"at_us": to_us(reading.at), "endpoint": _ENDPOINTS[type(body)].value, "body": content, "unknown": dict(reading.unknown)})


def load_reading(data: bytes) -> Reading:
    """The inverse of `dump_reading`. CodecError for anything else."""
    found = load_object(data)
    endpoint, body, unknown = found.get("endpoint"), found.get("body"), found.get("unknown", {})
    if not isinstance(body, dict) or not isinstance(unknown, dict) or endpoint not in _NAMES:
        raise CodecError("not a reading")
    return Reading(_body(Endpoint(endpoint), body), from_us(whole(found, "at_us")), unknown)


def dump_in_states(states: Mapping[int, InState], *, at: datetime) -> bytes:
    """Who is in what state since when, as of the reading taken `at`."""
    rows = [[agent_id, s.state, s.call_status, to_us(s.since), s.since_exact] for agent_id, s in states.items()]
    return dump({"at_us": to_us(at), "agents": rows})


def load_in_states(data: bytes) -> tuple[datetime, dict[int, InState]]:
    """The inverse of `dump_in_states`: the reading's time and the states. CodecError for anything else."""
    found = load_object(data)
    rows = found.get("agents")
    if not isinstance(rows, list):
        raise CodecError("not states of agents")
    states: dict[int, InState] = {}
    for row in rows:
        match row:
            case [int(agent_id), state, call_status, int(since_us), bool(exact)] if state in _STATES and call_status in _CALL_STATUSES:
                states[agent_id] = InState(state, call_status, from_us(since_us), exact)
            case _:
                raise CodecError("not the state of an agent")
    return from_us(whole(found, "at_us")), states


def dump(value: Mapping[str, object]) -> bytes:
    """Compact JSON, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def load_object(data: bytes) -> dict[str, Any]:
    """A JSON object. CodecError for anything else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CodecError("not JSON") from error
    if not isinstance(found, dict):
        raise CodecError("not a JSON object")
    return found


def whole(found: Mapping[str, Any], name: str) -> int:
    """A whole number of an object. CodecError when it is missing or something else."""
    value = found.get(name)
    if type(value) is not int:  # a bool is an int to isinstance
        raise CodecError(f"{name} is not a whole number")
    return value


# Tuples: what is looked up in them may be a list, which a set cannot take.
_NAMES = tuple(endpoint.value for endpoint in Endpoint)
_STATES = get_args(AgentState)
_CALL_STATUSES = (None, *get_args(CallStatus))


def _present(found: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in found.items() if value is not None}


def _body(endpoint: Endpoint, content: Mapping[str, Any]) -> Body:
    if endpoint is not Endpoint.AGENTS:
        body_type: Any = TOTALS[endpoint]
        values = _fields(body_type, {**content, "rows": None})
        row_type = _ROWS.get(endpoint)
        body: Body = body_type(**values) if row_type is None else body_type(**values, rows=_rows(row_type, content.get("rows", [])))
        return body
    agents = content.get("agents")
    if not isinstance(agents, list) or not all(isinstance(agent, dict) for agent in agents):
        raise CodecError("not a list of agents")
    return AgentsActivity(**(_fields(AgentsActivity, {**content, "agents": None}) | {"agents": tuple(_agent(agent) for agent in agents)}))


def _agent(content: Mapping[str, Any]) -> AgentActivity:
    values = _fields(AgentActivity, content)
    if values["agent_state"] not in _STATES or values.get("call_status") not in _CALL_STATUSES:
        raise CodecError("an agent in no state")
    return AgentActivity(**values)


def _rows(row_type: Any, found: object) -> tuple[Any, ...]:
    """Rows as lists of their fields' values, in the order of the fields: texts where the field is a text, whole numbers elsewhere."""
    kinds = tuple(str if each.type == "str" else int for each in fields(row_type))
    if not isinstance(found, list) or not all(isinstance(row, list) and tuple(map(type, row)) == kinds for row in found):
        raise CodecError("not rows of this kind")
    return tuple(row_type(*row) for row in found)


_TEXT = frozenset(("name", "agent_state", "call_status", "via"))


def _fields(of: Any, content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a dataclass out of an object, each of its type: texts and whole numbers are all there are."""
    values: dict[str, Any] = {}
    for field in fields(of):
        value = content.get(field.name)
        if value is None:
            if field.default is MISSING:
                raise CodecError(f"{field.name} is missing")
            continue
        if type(value) is not (str if field.name in _TEXT else int):
            raise CodecError(f"{field.name} is of the wrong type")
        values[field.name] = value
    return values
