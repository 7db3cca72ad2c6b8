"""Whatever is known, the frames of any run follow from each other by patches, and keep their promises."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import timedelta
from typing import cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.feeds import Feed
from dashboard.domain.readings import AccountOverview, AgentActivity, AgentsActivity, AgentsOverview, Body, QueueActivity
from dashboard.live.frames import compose
from dashboard.live.inputs import Inputs
from dashboard.live.messages import encode
from dashboard.live.patch import Json, apply, diff, same, without_nulls
from dashboard.store.snapshots import Outcome
from tests.live.examples import ACCOUNT, AGENTS, NOW, QUEUE, TEAM, board, failing, inputs

counts = st.none() | st.integers(0, 400)


def any_numbers(kind: type[Body]) -> st.SearchStrategy[Body]:
    """A body whose fields are each missing or some number."""
    return st.builds(kind, **{field.name: counts for field in fields(kind)})


some_agents = st.lists(
    st.builds(
        AgentActivity,
        agent_id=st.integers(1, 30),
        name=st.text(max_size=8),
        agent_state=st.sampled_from(["online", "away", "transfers_only", "offline", "unknown"]),
        call_status=st.sampled_from([None, "on_call", "wrap_up"]),
        calls_accepted=counts,
        total_talk_time=counts,
        total_wrap_up_time=counts,
        online_time=counts,
    ),
    max_size=5,
)
some_bodies = st.fixed_dictionaries(
    {},
    optional={
        QUEUE: any_numbers(QueueActivity),
        AGENTS: some_agents.map(lambda agents: AgentsActivity(tuple(agents))),
        ACCOUNT: any_numbers(AccountOverview),
        TEAM: any_numbers(AgentsOverview),
    },
)
some_outcomes = st.dictionaries(st.sampled_from([QUEUE, AGENTS, ACCOUNT, TEAM]), st.sampled_from([failing(), Outcome(NOW)]))


def aged(given_bodies: dict[Feed, Body], age_s: float, outcomes: dict[Feed, Outcome]) -> Inputs:
    return inputs(given_bodies, ages_s=dict.fromkeys(given_bodies, age_s), outcomes=outcomes)


some_inputs = st.builds(aged, some_bodies, st.floats(-10, 400), some_outcomes)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.lists(some_inputs, min_size=1, max_size=4))
def test_any_run_of_inputs_gives_frames_that_patches_rebuild_and_a_client_can_trust(run: list[Inputs]) -> None:
    held, previous = None, None
    for second, given_inputs in enumerate(run):
        found = compose(board(), given_inputs, NOW + timedelta(seconds=second), previous)
        assert same(without_nulls(found), found)
        assert json.loads(encode(found)) == found
        held = found if held is None else cast("dict[str, Json]", apply(held, json.loads(encode(diff(held, found)))))
        assert held == found
        for entry in cast("dict[str, dict[str, Json]]", found["metrics"]).values():
            assert ("value" in entry) <= (entry["state"] in {"live", "late", "stale", "down"})
            assert (entry["severity"] == "ok") <= ("severity_since" not in entry)
            assert (entry["severity"] != "ok") <= (entry["state"] in {"live", "late"} and "severity_since" in entry)
            assert (entry["state"] == "too_few") <= ({"have", "needs"} <= entry.keys())
        previous = found
