"""What of a reading goes into a series, and what the catalogue makes of it again."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.derive import TooFew
from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings import AccountOverview, AgentActivity, AgentsActivity, AgentState, CallStatus, QueueActivity
from dashboard.domain.totals import AGENT_SUMS, body_of, series_fields, totals

TIMES = st.none() | st.integers(0, 100_000)
AGENTS = st.builds(
    AgentActivity,
    agent_id=st.integers(1, 10**6),
    name=st.just("Ada"),
    agent_state=st.sampled_from(get_args(AgentState)),
    call_status=st.none() | st.sampled_from(get_args(CallStatus)),
    **dict.fromkeys(AGENT_SUMS, st.integers(0, 100_000)),
)


@given(st.builds(AccountOverview, total_calls=TIMES, total_inbound_calls=TIMES, total_calls_abandoned_in_queue=TIMES))
def test_body_of_an_accounts_totals_is_the_body(body: AccountOverview) -> None:
    assert body_of(Endpoint.ACCOUNT, totals(body)) == body


@given(st.lists(AGENTS, max_size=30).map(tuple))
def test_every_agents_metric_of_the_totals_is_that_of_the_agents(agents: tuple[AgentActivity, ...]) -> None:
    body = AgentsActivity(agents)
    again = body_of(Endpoint.AGENTS, totals(body))
    for metric in CATALOGUE.values():
        if metric.endpoint is Endpoint.AGENTS:
            expected = metric.value({Endpoint.AGENTS: body})
            assert metric.value({Endpoint.AGENTS: again}) == expected or (isinstance(expected, TooFew) and not agents)


def test_totals_of_agents_hold_no_name_and_only_numbers() -> None:
    body = AgentsActivity((AgentActivity(1, "Ada", "online", calls_accepted=3), AgentActivity(2, "Bo", "away")))
    found = totals(body)

    assert tuple(found) == series_fields(Endpoint.AGENTS)
    assert (found["agents_available"], found["agents_away"], found["calls_accepted"], found["online_time"]) == (1, 1, 3, None)


def test_series_fields_of_the_queue_are_the_vendors() -> None:
    assert series_fields(Endpoint.QUEUE) == tuple(totals(QueueActivity()))
