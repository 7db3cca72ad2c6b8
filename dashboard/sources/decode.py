"""Vendor JSON to typed readings: driven by the dataclasses of domain/readings.py, so that a new field there is all it takes.

In:  the JSON of `current_queue_activity`, `account_overview`, `agents_overview`, one object of `agents_activity`.
Out: the dataclass and the fields that it has no name for. SourceError (invalid) names the field and never quotes its value.
Missing and null are None, never 0. Must not let a phone number through.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import cast, get_args

from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings import ANSWERS, AgentActivity, AgentState, CallStatus, Totals, vendor_fields
from dashboard.sources import values

# 300 years of seconds: no day's count or sum of times is larger, and sums of many stay exact in a double.
LARGEST_NUMBER = 10**10
MOST_UNKNOWN = 50

_AGENT_TEXTS = frozenset({"agent_id", "name", "agent_state", "call_status", "via"})
_AGENT_NUMBERS = tuple(field.name for field in fields(AgentActivity) if field.name not in _AGENT_TEXTS)
_STATES = frozenset(get_args(AgentState))
_STATUSES = frozenset(get_args(CallStatus))
_NEVER_KEPT = re.compile(r"(?i)phone|number|avatar|photo|picture|e[-_]?mail|url|address|caller|customer")
_LIKE_A_PHONE_NUMBER = re.compile(r"\d(?:[\s().+/\-\u2010-\u2015]{0,3}\d){6,}")


def totals(endpoint: Endpoint, answer: object) -> tuple[Totals, dict[str, object]]:
    """The one object of plain numbers that every endpoint but the agents' sends. KeyError for any other endpoint."""
    kind, what = ANSWERS[endpoint], endpoint.value
    found = values.mapping(answer, what)
    names = vendor_fields(kind)
    return kind(**{name: number(found.get(name), f"{what}.{name}") for name in names}), unknown_fields(found, frozenset(names))


def agent(answer: object, what: str) -> tuple[AgentActivity, dict[str, object]]:
    """One agent. A state or call status that we have no word for makes the agent's state `unknown`, so nobody counts as available."""
    found = values.mapping(answer, what)
    agent_id = values.identity(found.get("agent_id"), f"{what}.agent_id")
    state, status = _state(found.get("agent_state")), found.get("call_status")
    status = status.strip().lower() if isinstance(status, str) else status
    unknown = unknown_fields(found, _AGENT_TEXTS | frozenset(_AGENT_NUMBERS))
    if status is None or status in ("", "null"):
        call_status = None
    elif isinstance(status, str) and status in _STATUSES:
        call_status = cast("CallStatus", status)
    else:
        call_status, state = None, "unknown"
        unknown |= unknown_fields({"call_status": status}, frozenset())
    return (
        AgentActivity(
            agent_id=agent_id,
            name=_name(found.get("name"), f"{what}.name") or f"Agent {agent_id}",
            agent_state=state,
            call_status=call_status,
            via=_via(found.get("via")),
            **{name: number(found.get(name), f"{what}.{name}") for name in _AGENT_NUMBERS},
        ),
        unknown,
    )


def number(value: object, what: str) -> int | None:
    """A whole number from 0 to LARGEST_NUMBER, given as an integer, a float without fraction or digits in a string; None for null."""
    return None if value is None else values.whole(value, what, LARGEST_NUMBER)


def _state(value: object) -> AgentState:
    word = value.strip().lower() if isinstance(value, str) else ""
    return cast("AgentState", word) if word in _STATES else "unknown"


def _name(value: object, what: str) -> str:
    if value is not None and not isinstance(value, str):
        raise values.invalid(what, "is not text")
    return values.clean(value or "")


def _via(value: object) -> str | None:
    word = values.clean(value).lower() if isinstance(value, str) else ""
    return word if word and len(word) <= 40 and not _LIKE_A_PHONE_NUMBER.search(word) else None


def unknown_fields(found: Mapping[str, object], known: frozenset[str]) -> dict[str, object]:
    """The plain values that we have no name for, 50 at most; nothing that is, or may be, a phone number, an address or a picture."""
    kept: dict[str, object] = {}
    for raw_name, value in found.items():
        if len(kept) >= MOST_UNKNOWN:
            break
        name = values.clean(raw_name)
        if not name or raw_name in known or _NEVER_KEPT.search(name) or _LIKE_A_PHONE_NUMBER.search(name):
            continue
        if isinstance(value, str):
            value = values.clean(value)  # noqa: PLW2901 (the cleaned value is what the rest of the loop is about)
        elif not isinstance(value, (int, float, bool, type(None))) or (isinstance(value, float) and not math.isfinite(value)):
            continue
        if not isinstance(value, bool) and value is not None and _LIKE_A_PHONE_NUMBER.search(str(value)):
            continue
        kept[name] = value
    return kept
