"""What is over is written, once, whatever happens in between."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import redis as redis_py
from django.db import close_old_connections, connections

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.history import reader
from dashboard.history.writer import FEWEST_ROWS, MOST_ROWS, SLICE_MINUTES, write_minutes
from dashboard.models import Board, HistoryFeed, Minute
from dashboard.store import keys
from dashboard.store.series import series_of
from tests.history.readings import ACCOUNT, NOON, QUEUE, after, read, waits

pytestmark = pytest.mark.django_db
WAIT = "longest_wait_time"


@pytest.fixture(autouse=True)
def board() -> None:
    Board.objects.create(slug="main", title="Main")


def written(feed: Feed = QUEUE, metric: str = WAIT) -> list[reader.MinuteValue]:
    return reader.minutes(feed, metric, NOON - timedelta(days=3), NOON + timedelta(days=3))


def test_minutes_that_are_over_are_written_and_the_one_in_hand_is_not(redis: redis_py.Redis) -> None:
    waits(redis, 0, 150)
    assert write_minutes(redis, after(150)) == 2
    first, second = written()
    assert (first.at, first.min, first.max, first.last) == (NOON, 0, 59, 59)
    assert first.mean == pytest.approx(29.5, abs=0.01)
    assert (second.live_ratio, second.reset, second.corrected) == (1.0, False, False)
    assert [value.last for value in written(metric="calls_waiting")] == [], "the vendor did not send it"


def test_minute_is_written_only_when_it_has_settled(redis: redis_py.Redis) -> None:
    waits(redis, 0, 62)
    assert write_minutes(redis, after(62.9)) == 0
    assert write_minutes(redis, after(63)) == 1


def test_writing_goes_on_where_it_left_off(redis: redis_py.Redis) -> None:
    for minute in range(3):
        waits(redis, 60 * minute, 60 * minute + 60)
        assert write_minutes(redis, after(60 * minute + 63)) == 1
        assert write_minutes(redis, after(60 * minute + 64)) == 0
    assert [value.max for value in written()] == [59, 119, 179]


def test_gap_has_no_rows_and_does_not_stop_the_writer(redis: redis_py.Redis) -> None:
    waits(redis, 0, 90)
    assert write_minutes(redis, after(90)) == 1
    waits(redis, 7 * 3600, 7 * 3600 + 60)
    assert write_minutes(redis, after(7 * 3600 + 63)) == 2
    assert [value.at for value in written()] == [NOON, after(60), after(7 * 3600)]
    assert written()[1].live_ratio == pytest.approx((29 + 2.5) / 60)


def test_readings_that_outlast_their_minute_are_live_in_the_next(redis: redis_py.Redis) -> None:
    series = series_of(ACCOUNT, 15.0)
    series.append(redis, after(10), {"total_calls": 7}, live_s=120.5)
    assert write_minutes(redis, after(300)) == 3
    rows = list(Minute.objects.order_by("minute").values_list("live_ratio", flat=True))
    assert rows == pytest.approx([50 / 60, 1.0, 10.5 / 60])
    assert [value.at for value in written(ACCOUNT, "total_calls")] == [NOON], "a minute without a reading has no value"


def test_nothing_at_all_is_written_of_nothing(redis: redis_py.Redis) -> None:
    assert write_minutes(redis, NOON) == 0
    assert not HistoryFeed.objects.exists()


def test_catching_up_after_a_day_is_done_in_bounded_runs(redis: redis_py.Redis) -> None:
    """The database was away: what the ring still has is written, oldest first, a run at a time, to the end of a slice."""
    minutes = 30 * 60
    series = series_of(ACCOUNT, 15.0)
    other = Feed("main", Endpoint.ACCOUNT, (5,))
    Board.objects.create(slug="five", title="Five", line_ids=[5])
    for minute in range(minutes):
        series.append(redis, after(60 * minute), {"total_calls": minute})
    redis.copy(keys.series(ACCOUNT.id), keys.series(other.id))
    now, runs = after(60 * minutes + 3), []
    while count := write_minutes(redis, now):
        runs.append(count)
    assert len(runs) == 2
    assert max(runs) < MOST_ROWS + 2 * SLICE_MINUTES
    assert 2 * minutes <= sum(runs) <= 2 * minutes + 2
    assert [value.last for value in written(ACCOUNT, "total_calls")] == list(range(minutes))
    assert [value.last for value in written(other, "total_calls")] == list(range(minutes))


def test_many_feeds_share_a_run(redis: redis_py.Redis) -> None:
    waits(redis, 0, 600)
    many = MOST_ROWS // FEWEST_ROWS + 1
    for number in range(many):
        feed = Feed("main", Endpoint.QUEUE, (number,))
        HistoryFeed.objects.create(feed=feed.id)
        if number < 3:
            redis.copy(keys.series(QUEUE.id), keys.series(feed.id))
    assert write_minutes(redis, after(603)) == 40


def test_feed_of_a_deleted_board_gets_its_last_minute(redis: redis_py.Redis) -> None:
    waits(redis, 0, 60)
    write_minutes(redis, after(63))
    waits(redis, 60, 90)
    Board.objects.all().delete()
    assert write_minutes(redis, after(123)) == 1
    assert [value.max for value in written()] == [59, 89]
    HistoryFeed.objects.create(feed="main:an_endpoint_of_another_version")
    assert write_minutes(redis, after(183)) == 0


def test_feed_of_very_many_lines_has_history_like_any_other(redis: redis_py.Redis) -> None:
    lines = [360_000_000_000 + number for number in range(80)]
    many, others = (Feed("main", Endpoint.QUEUE, tuple(lines[: 80 - less])) for less in (0, 1))
    Board.objects.create(slug="many", title="Many", line_ids=lines)
    Board.objects.create(slug="others", title="Others", line_ids=lines[:79])
    read(redis, many, [(1, 5)], WAIT)
    read(redis, others, [(1, 6)], WAIT)
    assert write_minutes(redis, after(63)) == 2
    assert [value.last for value in written(many)] == [5]
    assert [value.last for value in written(others)] == [6]
    assert max(len(row.feed) for row in HistoryFeed.objects.all()) <= 400
    assert write_minutes(redis, after(64)) == 0


def test_clock_that_is_put_back_doubles_and_changes_nothing(redis: redis_py.Redis) -> None:
    waits(redis, 0, 300)
    assert write_minutes(redis, after(303)) == 5
    before = written()
    read(redis, QUEUE, ((second, 9999) for second in range(120, 240)), WAIT)  # the same two minutes, lived through once more
    assert write_minutes(redis, after(183)) == 0
    assert write_minutes(redis, after(243)) == 0
    assert written() == before
    waits(redis, 300, 360)
    assert write_minutes(redis, after(363)) == 1


def test_clock_that_was_ahead_for_a_while_does_not_stop_the_writer(redis: redis_py.Redis) -> None:
    waits(redis, 0, 60, start=NOON + timedelta(days=2))
    assert write_minutes(redis, after(63, NOON + timedelta(days=2))) == 1
    waits(redis, 0, 60)
    assert write_minutes(redis, after(63)) == 1


def test_midnight_of_the_account_is_marked_a_reset_and_another_fall_a_correction(redis: redis_py.Redis, settings: Any) -> None:
    settings.ACCOUNT_TIME_ZONE = "Asia/Kathmandu"  # its midnight is at 18:15 UTC
    start = NOON.replace(hour=18, minute=9)
    totals = [(0, 100), (60, 90), (120, 95), (375, 2), (420, 3)]
    read(redis, ACCOUNT, totals, "total_calls", start)
    for second in range(63, 543, 60):  # minute by minute: what was before is known from the row alone
        write_minutes(redis, after(second, start))
    marks = [(value.reset, value.corrected) for value in written(ACCOUNT, "total_calls")]
    assert marks == [(False, False), (False, True), (False, False), (True, False), (False, False)]


def test_reset_is_told_across_an_outage_over_midnight(redis: redis_py.Redis, settings: Any) -> None:
    settings.ACCOUNT_TIME_ZONE = "Europe/Berlin"
    evening = NOON.replace(hour=22, minute=30)
    read(redis, ACCOUNT, [(50, 100)], "total_calls", evening)
    assert write_minutes(redis, after(123, evening)) == 2, "what came last was live beyond its minute"
    read(redis, ACCOUNT, [(7200, 40)], "total_calls", evening)
    write_minutes(redis, after(7263, evening))
    assert [(value.last, value.reset) for value in written(ACCOUNT, "total_calls")] == [(100, False), (40, True)]


def test_ratio_that_falls_is_neither(redis: redis_py.Redis) -> None:
    series = series_of(ACCOUNT, 15.0)
    for second, abandoned in ((0, 30), (15, 20)):
        values = {"total_inbound_calls": 100, "total_calls_abandoned_in_queue": abandoned, "max_calls_waiting": abandoned}
        series.append(redis, after(second), values)
    write_minutes(redis, after(63))
    (ratio,) = written(ACCOUNT, "abandon_ratio")
    assert (ratio.min, ratio.max, ratio.corrected) == (0.2, 0.3, False)
    assert not written(ACCOUNT, "max_calls_waiting")[0].corrected
    assert written(ACCOUNT, "total_calls_abandoned_in_queue")[0].corrected


def test_without_redis_nothing_is_written(no_redis: None) -> None:
    from dashboard.store import connection

    with pytest.raises(redis_py.ConnectionError):
        write_minutes(connection.client(), NOON)


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_write_each_minute_once(redis: redis_py.Redis) -> None:
    waits(redis, 0, 1800)
    together, failures = threading.Barrier(4), []

    def write() -> None:
        try:
            together.wait(10)
            write_minutes(redis, after(1803))
        except Exception as error:  # noqa: BLE001 (of a thread: told below)
            failures.append(error)
        finally:
            close_old_connections()
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert [value.max for value in written()] == [60 * minute + 59 for minute in range(30)]
    assert Minute.objects.count() == 30
