"""Who was in what state since when: what is kept is what was seen, and it stays small."""

from __future__ import annotations

import itertools
import logging
from datetime import datetime, timedelta

import pytest
import redis as redis_py
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.agents import InState, follow
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AgentActivity
from dashboard.store import keys, rosters
from tests.live.examples import NOW

FEED = Feed("main", Endpoint.AGENTS)
NAMES = {1: "Amara Okafor", 2: "<b>Zoë</b>", 3: "ليلى", 360123456789: "Noah Brandt"}

states = st.sampled_from([("online", None), ("online", "on_call"), ("online", "wrap_up"), ("away", None), ("offline", None)])
# One poll: who is there in which state, and after how many seconds it came.
polls = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(sorted(NAMES)), states, max_size=4), st.integers(1, 700)), min_size=1, max_size=30
)


def keep(redis: redis_py.Redis, times: list[tuple[datetime, dict]]) -> list[dict[int, InState]]:
    """Follows the agents as the poller does; the states after each poll."""
    before: dict[int, InState] = {}
    previous: datetime | None = None
    seen = []
    for at, there in times:
        agents = [AgentActivity(agent_id, NAMES[agent_id], state, status) for agent_id, (state, status) in there.items()]
        after = follow(before, agents, at=at, previous_at=previous, max_gap_s=15)
        rosters.keep(redis, FEED, agents, after, before, at=at)
        seen.append(after)
        before, previous = after, at
    return seen


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls=polls)
def test_rosters_of_any_polls_are_at_each_moment_what_was_seen_last(redis: redis_py.Redis, polls: list) -> None:
    redis.flushall()
    ends = itertools.accumulate(after_s for _, after_s in polls)
    times = [(NOW + timedelta(seconds=end_s), there) for end_s, (there, _) in zip(ends, polls, strict=True)]
    seen = keep(redis, times)
    read = rosters.read(redis, FEED, times[0][0], times[-1][0])
    for (at, _), expected in zip(times, seen, strict=True):
        for when in (at, at + timedelta(milliseconds=500)):
            found = {each.agent_id: each for each in read.at(when)}
            assert {agent_id: each.state for agent_id, each in found.items()} == expected
            assert all(each.name == NAMES[agent_id] for agent_id, each in found.items())


def test_rosters_before_anything_was_kept_are_empty(redis: redis_py.Redis) -> None:
    keep(redis, [(NOW, {1: ("online", None)})])
    assert rosters.read(redis, FEED, NOW - timedelta(hours=3), NOW).at(NOW - timedelta(seconds=1)) == ()


def test_rosters_of_damaged_lines_tell_what_is_left(redis: redis_py.Redis, caplog: pytest.LogCaptureFixture) -> None:
    keep(redis, [(NOW, {1: ("online", None)})])
    block = int(NOW.timestamp()) // rosters.BLOCK_S
    redis.append(keys.roster(FEED.id, block), b'[1,"all",[[1]]]\n{\n[1,"some",[[1,99]]]\nnonsense\n')
    with caplog.at_level(logging.WARNING):
        found = rosters.read(redis, FEED, NOW, NOW).at(NOW)
    assert [each.name for each in found] == ["Amara Okafor"]
    assert "cannot be read" in caplog.text


def test_rosters_end_by_themselves_and_stay_small(redis: redis_py.Redis) -> None:
    """200 agents, each in another state every two minutes, over one block of ten."""
    everybody = {number: AgentActivity(360_000_000_000 + number, f"Agent Number {number:03}", "online") for number in range(200)}
    before: dict[int, InState] = {}
    start = NOW.replace(minute=0, second=0, microsecond=0)
    for step in range(120):
        for number in range(step % 24, 200, 24):
            was = everybody[number]
            everybody[number] = AgentActivity(was.agent_id, was.name, was.agent_state, None if was.call_status else "on_call")
        at = start + timedelta(seconds=5 * step)
        after = follow(before, everybody.values(), at=at, previous_at=at - timedelta(seconds=5) if step else None, max_gap_s=15)
        rosters.keep(redis, FEED, everybody.values(), after, before, at=at)
        before = after
    key = keys.roster(FEED.id, int(start.timestamp()) // rosters.BLOCK_S)
    assert redis.ttl(key) == pytest.approx(rosters.TTL_S, abs=5)
    blocks = rosters.SPAN_S // rosters.BLOCK_S
    assert redis.memory_usage(key) * blocks < 14e6, "what docs/rewind.md says of 200 agents"
