"""Any reading that a source can give."""

from __future__ import annotations

import string
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, get_args

from hypothesis import strategies as st

from dashboard.domain.readings import (
    AccountOverview,
    AgentActivity,
    AgentsActivity,
    AgentsOverview,
    AgentState,
    Body,
    CallStatus,
    QueueActivity,
    Reading,
)

NUMBERS = st.none() | st.integers(0, 10**12)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))
NAMES = st.text(max_size=30)


def plain(body_type: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(body_type, **{field.name: NUMBERS for field in fields(body_type)})


AGENTS = st.builds(
    AgentActivity,
    **{field.name: NUMBERS for field in fields(AgentActivity)}
    | {
        "agent_id": st.integers(0, 2**63),
        "name": NAMES,
        "agent_state": st.sampled_from(get_args(AgentState)),
        "call_status": st.none() | st.sampled_from(get_args(CallStatus)),
        "via": st.none() | NAMES,
    },
)
BODIES: st.SearchStrategy[Body] = st.one_of(
    plain(QueueActivity),
    plain(AccountOverview),
    plain(AgentsOverview),
    st.builds(AgentsActivity, st.lists(AGENTS, max_size=5).map(tuple)),
)
UNKNOWN = st.dictionaries(
    st.text(string.ascii_lowercase, min_size=1, max_size=8), st.none() | st.integers() | st.text(max_size=8), max_size=3
)
READINGS = st.builds(Reading, BODIES, TIMES, UNKNOWN)
