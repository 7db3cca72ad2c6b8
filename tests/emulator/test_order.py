"""Whatever is switched while the world runs, nobody is in two places, and no agent idles while somebody waits for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.emulator import stats
from dashboard.emulator.people import Doing
from dashboard.emulator.scenarios import SCENARIOS
from dashboard.emulator.stage import Stage
from dashboard.emulator.world import World, WorldConfig

START = datetime(2026, 11, 21, 7, tzinfo=UTC)

acts = st.one_of(
    st.floats(0.5, 3600).map(lambda seconds: ("advance", seconds)),
    st.sampled_from([*SCENARIOS]).map(lambda name: ("scenario", name)),
    st.integers(1, 40).map(lambda count: ("agents", count)),
)


def check(stage: Stage) -> None:
    agents = stage.agents.values()
    assert {a.id for a in agents if a.state == "online" and a.doing is Doing.FREE} == {*stage.idle}
    assert stage.presence.signed_in_count == sum(a.state != "offline" for a in agents)
    ringing = [call.ringing.id for call in stage.waiting_calls.values() if call.ringing is not None]
    assert len(ringing) == len({*ringing})
    assert {*ringing} <= {a.id for a in agents if a.doing is Doing.RINGING}
    for call in stage.waiting_calls.values():
        assert call.visit.left_ms is None
        assert call.fate is None
        assert (call.id in stage.connected) == (call.visit.kind == "live")
        if call.ringing is None:
            able = [a for a in stage.idle.values() if call.overflowed or call.group_id in a.group_ids]
            assert not able or able == [call.refused_by]
    assert all(call.connected_since_ms is not None and call.ended_ms is None for call in stage.connected.values())
    places = [visit.entered_ms for call in stage.waiting_calls.values() for visit in call.visits[-1:] if visit.kind == "live"]
    assert places == sorted(places)
    waiting = stage.book.waiting.waiting
    assert sum(waiting.values()) == len(stage.waiting_calls)
    assert min(waiting.values(), default=0) >= 0


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(1, 1000), done=st.lists(acts, min_size=5, max_size=25))
def test_world_under_any_switching_keeps_its_order(seed: int, done: list[tuple[str, float | str | int]]) -> None:
    world, at = World(WorldConfig(seed=seed, agents_count=9), START), START
    for act, value in done:
        if act == "advance":
            at += timedelta(seconds=float(value))
        elif act == "scenario":
            world.set_scenario(str(value))
        else:
            world.set_agents_count(int(value))
        world.advance(at)
        check(world.stage)
        account = stats.account_overview(world, None)
        assert all(value >= 0 for value in account.values())
