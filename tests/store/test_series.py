"""Two days of numbers in one string, held against a dictionary."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.store import keys
from dashboard.store.series import SPAN_S, TTL_S, Point, Series, series_fields, series_of

FEED = Feed("main", Endpoint.QUEUE)
FIELDS = ("calls_waiting", "longest_wait_time")
START = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
_feeds = itertools.count()

VALUES = st.fixed_dictionaries({name: st.none() | st.integers(0, 2**32 - 2) for name in FIELDS})
# Steps of the clock in milliseconds: mostly forward, sometimes back, over more than two days.
STEPS_MS = st.one_of(st.integers(0, 5_000), st.integers(0, 80_000_000), st.integers(-180_000_000, 0))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    appends=st.lists(st.tuples(STEPS_MS, VALUES), max_size=40),
    interval_s=st.sampled_from([1.0, 1.5, 7.0, 3600.0, 50_000.0]),
    start_ms=st.integers(-200_000_000, 200_000_000),
    length_ms=st.integers(0, 400_000_000),
)
def test_series_holds_what_a_dictionary_by_slot_holds(
    redis: redis_py.Redis, appends: list[tuple[int, dict[str, int | None]]], interval_s: float, start_ms: int, length_ms: int
) -> None:
    series = Series(Feed("main", Endpoint.QUEUE, (next(_feeds),)), interval_s, FIELDS)
    model: dict[int, Point] = {}
    at = START
    for step_ms, values in appends:
        at += timedelta(milliseconds=step_ms)
        series.append(redis, at, values, live_s=abs(step_ms) / 1000)
        model[round(at.timestamp() * 1000) // round(interval_s * 1000) % series.slots] = Point(at, values, abs(step_ms) / 1000)

    begin = START + timedelta(milliseconds=start_ms)
    end = begin + timedelta(milliseconds=length_ms)
    begin_kept = end - timedelta(seconds=(series.slots - 1) * interval_s)
    expected = [point for point in model.values() if begin <= point.at <= end]
    found = series.read(redis, begin, end)
    assert [point for point in found if point.at >= begin_kept] == sorted(
        (point for point in expected if point.at >= begin_kept), key=lambda point: point.at
    )
    assert all(point in expected for point in found)


def test_read_of_all_gives_two_days_and_gaps_stay_gaps(redis: redis_py.Redis) -> None:
    series = Series(FEED, 120.0, FIELDS)
    for number in range(3 * 720):
        if number % 10:
            series.append(redis, START + timedelta(minutes=2 * number), {"calls_waiting": number, "longest_wait_time": None})
    end = START + timedelta(minutes=2 * (3 * 720 - 1))
    points = series.read(redis, START, end)

    assert len(points) == 1296
    assert points[-1] == Point(end, {"calls_waiting": 2159, "longest_wait_time": None}, 240.5)
    assert points[0].at == end - timedelta(minutes=2 * 1438)
    assert redis.strlen(keys.series(FEED.id)) == series.size


def test_append_with_another_interval_or_other_fields_clears(redis: redis_py.Redis) -> None:
    day = START - timedelta(days=1), START + timedelta(days=1)
    Series(FEED, 1.0, FIELDS).append(redis, START, {"calls_waiting": 1})
    for other in (Series(FEED, 2.0, FIELDS), Series(FEED, 2.0, FIELDS[:1]), Series(FEED, 2.0, FIELDS[::-1])):
        assert other.read(redis, *day) == []
        other.append(redis, START + timedelta(seconds=30), {"calls_waiting": 2})
        (point,) = other.read(redis, START - timedelta(hours=11), START + timedelta(hours=11))
        assert point.values["calls_waiting"] == 2


def test_append_says_for_how_long_the_values_are_live(redis: redis_py.Redis) -> None:
    series = Series(FEED, 1.0, FIELDS)
    for second, live_s in ((0, 60.5), (1, None), (2, -1.0), (3, 1e12)):
        series.append(redis, START + timedelta(seconds=second), {}, live_s=live_s)
    assert [point.live_s for point in series.read(redis, START, START + timedelta(seconds=9))] == [60.5, 2.5, 0, (2**32 - 2) / 1000]


def test_append_clears_a_ring_of_the_first_version(redis: redis_py.Redis) -> None:
    """It held 24 hours, and not for how long a reading was live."""
    series = Series(FEED, 1.0, FIELDS)
    series.append(redis, START, {"calls_waiting": 1})
    redis.setrange(keys.series(FEED.id), 0, b"QLs1")
    assert series.read(redis, START, START) == []
    series.append(redis, START + timedelta(seconds=1), {"calls_waiting": 2})
    assert [point.values["calls_waiting"] for point in series.read(redis, START, START + timedelta(hours=1))] == [2]


def test_append_over_a_key_of_another_type_clears(redis: redis_py.Redis) -> None:
    series = Series(FEED, 1.0, FIELDS)
    redis.lpush(keys.series(FEED.id), "poison")
    assert series.read(redis, START, START) == []
    series.append(redis, START, {"calls_waiting": 1})
    assert len(series.read(redis, START, START)) == 1


@pytest.mark.parametrize("poison", [b"short", b"x" * 1000, b""])
def test_read_of_poison_is_empty(redis: redis_py.Redis, poison: bytes) -> None:
    redis.set(keys.series(FEED.id), poison)
    assert Series(FEED, 1.0, FIELDS).read(redis, START, START + timedelta(hours=1)) == []


def test_append_of_numbers_beyond_the_record_keeps_the_nearest(redis: redis_py.Redis) -> None:
    series = Series(FEED, 1.0, FIELDS)
    series.append(redis, START, {"calls_waiting": 10**12, "longest_wait_time": -3, "unheard_of": 1})
    (point,) = series.read(redis, START, START)
    assert point.values == {"calls_waiting": 2**32 - 2, "longest_wait_time": 0}


def test_append_makes_the_ring_end_by_itself_after_two_days(redis: redis_py.Redis) -> None:
    Series(FEED, 1.0, FIELDS).append(redis, START, {})
    assert TTL_S - 5 < redis.ttl(keys.series(FEED.id)) <= TTL_S


def test_sizes_at_the_defaults_are_as_documented() -> None:
    sizes = {
        endpoint: series_of(Feed("main", endpoint), interval_s).size
        for endpoint, interval_s in [
            (Endpoint.QUEUE, 1.0),
            (Endpoint.AGENTS, 5.0),
            (Endpoint.ACCOUNT, 15.0),
            (Endpoint.AGENTS_OVERVIEW, 30.0),
        ]
    }
    assert {endpoint: round(size / 1e6, 2) for endpoint, size in sizes.items()} == {
        Endpoint.QUEUE: 7.6,
        Endpoint.AGENTS: 3.32,
        Endpoint.ACCOUNT: 1.57,
        Endpoint.AGENTS_OVERVIEW: 0.58,
    }
    assert all(
        size == 16 + SPAN_S / interval * (12 + 4 * len(series_fields(endpoint)))
        for (endpoint, size), interval in zip(sizes.items(), (1, 5, 15, 30), strict=True)
    )


def test_memory_of_a_full_ring_stays_near_its_size(redis: redis_py.Redis) -> None:
    series = series_of(FEED, 1.0)
    for second in (0, 1, 40_000, 172_799, 172_800, 400_000):
        series.append(redis, START + timedelta(seconds=second), {})
    assert redis.memory_usage(keys.series(FEED.id)) <= series.size + 2**20


@pytest.mark.parametrize(("interval_s", "fields"), [(0.0, FIELDS), (-1.0, FIELDS), (1.0, ())])
def test_series_of_nonsense_raises(interval_s: float, fields: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="series needs"):
        Series(FEED, interval_s, fields)
