"""The budget is a proof; here it is attacked."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta

import pytest
import redis as redis_py
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboard.polling.budget import TRANSIT_S, Budget, BudgetError
from dashboard.polling.monotonic import HostClock
from dashboard.store import keys
from tests.polling.simulation import SECOND_US, Host, Terms, World, ask, busiest

WINDOW_US = 300 * SECOND_US
# A request that was granted at g reaches the vendor between g and g + TRANSIT_S: no window of the vendor sees more than this one holds.
VENDOR_WINDOW_US = WINDOW_US + round(TRANSIT_S * SECOND_US)

_accounts = itertools.count()

DURATIONS_US = st.one_of(
    st.integers(0, 2 * SECOND_US),
    st.integers(0, 400 * SECOND_US),
    st.sampled_from([299, 300, 301, 314, 315, 316, 317, 3600, 90_000]).map(lambda s: s * SECOND_US),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), DURATIONS_US),
        st.tuples(st.just("burst"), st.integers(0, 2), st.integers(1, 25), st.integers(0, 3 * SECOND_US)),
        st.tuples(st.just("held up"), st.integers(0, 2), DURATIONS_US, DURATIONS_US),
        st.tuples(st.just("overtaken"), st.integers(0, 2), st.integers(0, 2), st.integers(1, 12), DURATIONS_US),
        st.tuples(st.just("reboot"), st.integers(0, 2), st.integers(0, 10**12), st.integers(-500, 500)),
        st.tuples(st.just("flush")),
    ),
    max_size=40,
)


def run(redis: redis_py.Redis, terms: Terms, hosts: list[Host], steps: list[tuple[object, ...]]) -> None:
    world = hosts[0].world
    for step in steps:
        match step:
            case ("pass", int(passed_us)):
                world.now_us += passed_us
            case ("burst", int(who), int(count), int(gap_us)):
                for _ in range(count):
                    ask(redis, terms, hosts[who])
                    world.now_us += gap_us
            case ("held up", int(who), int(before_us), int(after_us)):
                ask(redis, terms, hosts[who], before_us=before_us, after_us=after_us)
            case ("overtaken", int(who), int(other), int(count), int(before_us)):
                ask(
                    redis,
                    terms,
                    hosts[who],
                    before_us=before_us,
                    meanwhile=lambda other=other, count=count: [ask(redis, terms, hosts[other]) for _ in range(count)] and None,
                )
            case ("reboot", int(who), int(offset_us), int(ppm)):
                hosts[who].boot += 1
                hosts[who].offset_us, hosts[who].ppm = offset_us, ppm
            case ("flush",):
                redis.flushall()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("pass", 0), ("burst", 0, 25, 0)])
@example(steps=[("burst", 0, 25, 3 * SECOND_US), ("pass", WINDOW_US), ("burst", 0, 25, 0), ("flush",), ("burst", 0, 25, 3 * SECOND_US)] * 3)
def test_take_under_any_load_resets_and_reboots_never_exceeds_the_limit(redis: redis_py.Redis, steps: list[tuple[object, ...]]) -> None:
    terms = Terms(f"any-{next(_accounts)}", cap=8, reserve=2)
    world = World()
    run(redis, terms, [Host(world, "a"), Host(world, "b", 5 * 10**9, 500), Host(world, "c", 10**12, -500)], steps)

    assert busiest(world.granted_us, VENDOR_WINDOW_US) <= terms.cap + terms.reserve


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_take_with_memory_intact_never_exceeds_the_share(redis: redis_py.Redis, steps: list[tuple[object, ...]]) -> None:
    terms = Terms(f"intact-{next(_accounts)}", cap=8, reserve=2)
    world = World()
    one_machine = Host(world, "a", 10**9, 300)
    kept = [step for step in steps if step[0] not in ("flush", "reboot")]
    run(redis, terms, [one_machine, one_machine, one_machine], kept)

    assert busiest(world.granted_us, VENDOR_WINDOW_US) <= terms.cap


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_take_after_any_history_grants_the_share_again(redis: redis_py.Redis, steps: list[tuple[object, ...]]) -> None:
    terms = Terms(f"alive-{next(_accounts)}", cap=8, reserve=2)
    world = World()
    hosts = [Host(world, "a"), Host(world, "b", 5 * 10**9, 500), Host(world, "c", 10**12, -500)]
    run(redis, terms, hosts, steps)

    begin_us = world.now_us
    for turn in range(700):
        ask(redis, terms, hosts[turn % 2])
        world.now_us += 2 * SECOND_US
    late = [at for at in world.granted_us if at >= begin_us + 700 * SECOND_US]

    assert len(late) >= 2 * terms.cap  # 700 s hold two full windows


def test_take_at_fifty_times_the_demand_keeps_to_2500_with_the_real_numbers(redis: redis_py.Redis) -> None:
    terms = Terms("real", cap=2000, reserve=500)
    world = World()
    hosts = [Host(world, "a"), Host(world, "b", 10**12, -200)]
    lost_s = {400, 401, 430, 900}
    while world.now_us < 1000 * SECOND_US:
        second = world.now_us // SECOND_US
        if second in lost_s:
            redis.flushall()
            lost_s.discard(second)
        wait_s = ask(redis, terms, hosts[second % 2])
        world.now_us += 20_000 if wait_s == 0.0 else 200_000

    most = busiest(world.granted_us, WINDOW_US)
    assert most <= 2500
    assert len(world.granted_us) > 1500


def test_take_with_no_memory_of_before_spaces_grants_from_the_first(redis: redis_py.Redis) -> None:
    terms = Terms("spaced", cap=2000, reserve=500)
    world = World()
    host = Host(world, "a")
    first_wait_s = ask(redis, terms, host)
    while world.now_us < 60 * SECOND_US:
        world.now_us += 10_000
        ask(redis, terms, host)

    assert 0.6 < first_wait_s < 0.7
    gaps_us = [later - earlier for earlier, later in itertools.pairwise(world.granted_us)]
    assert min(gaps_us) >= 0.63 * SECOND_US
    assert len(world.granted_us) > 85  # 60 s / 0.64 s, less the granularity of asking


def test_take_behind_others_while_grants_are_spaced_leaves_each_to_them(redis: redis_py.Redis) -> None:
    terms = Terms("polite", cap=160, reserve=40)
    world = World()
    host = Host(world, "a")
    granted = {"first": 0, "polite": 0}
    while world.now_us < 60 * SECOND_US:
        world.now_us += 50_000
        for name in ("polite", "first"):  # the polite one asks first each time, and in vain
            granted[name] += ask(redis, terms, host, behind_s=0.6 * (name == "polite")) == 0.0

    assert granted["polite"] == 0
    assert granted["first"] > 5
    alone_us = world.now_us
    while ask(redis, terms, host, behind_s=0.6) > 0.0:
        world.now_us += 50_000
    assert world.now_us - alone_us > 0.5 * SECOND_US


def test_take_when_denied_names_a_wait_after_which_it_is_granted(redis: redis_py.Redis) -> None:
    terms = Terms("wait", cap=5, reserve=2)
    world = World()
    host = Host(world, "a")
    for _ in range(330):  # old enough to know what was granted
        ask(redis, terms, host)
        world.now_us += SECOND_US
    world.now_us += 400 * SECOND_US
    while (wait_s := ask(redis, terms, host)) == 0.0:
        world.now_us += SECOND_US

    assert 300 < wait_s < 320
    world.now_us += round(wait_s * SECOND_US)
    assert ask(redis, terms, host) == 0.0


def test_take_by_a_newcomer_beside_an_established_machine_is_granted_at_once(redis: redis_py.Redis) -> None:
    terms = Terms("newcomer", cap=100, reserve=2)
    world = World()
    old, new = Host(world, "old"), Host(world, "new", 10**12)
    for _ in range(400):
        ask(redis, terms, old)
        world.now_us += 4 * SECOND_US

    assert ask(redis, terms, new) == 0.0


def test_take_with_a_smaller_cap_than_before_waits_for_the_larger_past(redis: redis_py.Redis) -> None:
    world = World()
    host = Host(world, "a")
    large, small = Terms("shrunk", cap=50, reserve=5), Terms("shrunk", cap=10, reserve=5)
    for _ in range(330):
        ask(redis, large, host)
        world.now_us += SECOND_US
    world.now_us += 700 * SECOND_US
    ask(redis, large, host)
    before = len(world.granted_us)
    while ask(redis, large, host) == 0.0:
        pass
    assert len(world.granted_us) - before >= 48
    world.now_us += 250 * SECOND_US
    assert ask(redis, small, host) > 0.0
    assert ask(redis, large, host) > 0.0  # and growing back frees nothing early


def test_take_when_the_server_was_restarted_from_a_snapshot_begins_a_new_log(redis: redis_py.Redis) -> None:
    terms = Terms("snapshot", cap=50, reserve=5)
    world = World()
    host = Host(world, "a")
    for _ in range(330):
        ask(redis, terms, host)
        world.now_us += SECOND_US
    assert ask(redis, terms, host) == 0.0
    # A restarted server has another id than the one that its snapshot speaks of.
    redis.hset(keys.budget(terms.account, "queue"), "server", "another life")

    assert ask(redis, terms, host) > 0.0


def test_take_with_the_wall_clock_stepping_is_not_affected(redis: redis_py.Redis) -> None:
    budget = Budget(redis, account="wall", bucket="queue", cap=100, reserve=50, window_s=10, transit_s=0)
    with time_machine.travel(0, tick=True) as traveller:
        for hours in (0, 5000, -9000, 20_000):
            traveller.shift(timedelta(hours=hours))
            budget.take()
        assert budget.take() > 0.0  # the first wait has not passed yet, whatever the calendar says


def test_take_by_a_process_that_was_held_up_claims_nothing_of_the_time_before(redis: redis_py.Redis) -> None:
    terms = Terms("held-up", cap=8, reserve=2)
    world = World()
    slow, quick = Host(world, "slow"), Host(world, "quick", 10**12)
    for second in range(800):
        ask(redis, terms, slow if second % 2 else quick)
        world.now_us += SECOND_US
    world.now_us += 700 * SECOND_US

    def meanwhile() -> None:
        world.now_us += 308 * SECOND_US
        while ask(redis, terms, quick) == 0.0:
            pass

    ask(redis, terms, slow, meanwhile=meanwhile)  # its question was as old as a window when Redis got it
    for _ in range(40):
        world.now_us += SECOND_US
        ask(redis, terms, slow)

    assert busiest(world.granted_us, VENDOR_WINDOW_US) <= terms.cap


def test_take_after_the_log_alone_was_lost_forgets_what_was_noted_of_it(redis: redis_py.Redis) -> None:
    terms = Terms("evicted", cap=50, reserve=5)
    world = World()
    host = Host(world, "a")
    for _ in range(700):
        ask(redis, terms, host)
        world.now_us += SECOND_US
    redis.delete(keys.budget(terms.account, "queue"))

    assert ask(redis, terms, host) > 0.0
    assert ask(redis, terms, host) > 0.0


def test_take_from_many_threads_at_once_counts_each_once(redis: redis_py.Redis) -> None:
    terms = Terms("threads", cap=40, reserve=5)
    world = World()
    host = Host(world, "a")
    for _ in range(330):
        ask(redis, terms, host)
        world.now_us += SECOND_US
    world.now_us += 700 * SECOND_US
    ask(redis, terms, host)
    world.granted_us.clear()

    threads = [threading.Thread(target=lambda: [ask(redis, terms, host) for _ in range(20)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # One was taken before, and one fell between two notes of the window before.
    assert len(world.granted_us) == 38


def test_used_counts_the_last_window_and_never_exceeds_the_cap(redis: redis_py.Redis) -> None:
    terms = Terms("used", cap=20, reserve=5)
    world = World()
    host = Host(world, "a")

    class Now:
        boot_id = "a-0"

        def now_us(self) -> int:
            return host.read_us()

    budget = Budget(redis, account="used", bucket="queue", cap=20, reserve=5, window_s=300, clock=Now())
    assert budget.used() == 0
    seen = []
    for _ in range(1000):
        ask(redis, terms, host)
        seen.append(budget.used())
        world.now_us += SECOND_US
    assert max(seen) == 20
    for _ in range(400):  # nobody asks, somebody looks
        world.now_us += SECOND_US
        seen.append(budget.used())
    assert seen[-1] == 0


def test_take_without_redis_raises_a_clear_error() -> None:
    nobody = redis_py.Redis.from_url("redis://:a-secret@127.0.0.1:1/0", retry=None)
    budget = Budget(nobody, account="gone", bucket="queue", cap=1, window_s=1)
    with pytest.raises(BudgetError, match="Redis does not answer") as caught:
        budget.take()
    assert "a-secret" not in str(caught.value)


@pytest.mark.parametrize(("cap", "window_s", "reserve"), [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_budget_with_nonsense_raises(redis: redis_py.Redis, cap: int, window_s: float, reserve: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        Budget(redis, account="x", bucket="queue", cap=cap, window_s=window_s, reserve=reserve)


def test_host_clock_is_shared_by_all_of_this_machine_and_grows() -> None:
    first, second = HostClock(), HostClock()
    assert first.boot_id == second.boot_id
    assert first.now_us() <= second.now_us() <= first.now_us()
