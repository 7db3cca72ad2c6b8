"""A process that is told to end waits for nothing any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import redis as redis_py
from celery.signals import worker_shutting_down

import config.celery  # noqa: F401 (whose handler listens)
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.models import Board
from dashboard.polling.rounds import make_poll, take_due
from dashboard.polling.stopping import STOPPING, StoppedError, Stopping
from dashboard.sources.zendesk_talk import Answered
from dashboard.store import codec, keys, snapshots
from tests.polling.fake_source import NOW

QUEUE = Feed("main", Endpoint.QUEUE)
WITHIN_S = 20.0


@pytest.fixture(autouse=True)
def _goes_on() -> Iterator[None]:
    yield
    STOPPING.forget()


class ToldToStop:
    """Its process is told to end between two pages."""

    pages_count = 0

    def read(self, feed: Feed, *, before_request: Callable[[], None]) -> Answered:
        for _ in range(3):
            before_request()
            self.pages_count += 1
            worker_shutting_down.send(sender="worker", sig="SIGTERM", how="Warm", exitcode=0)
        raise AssertionError("it asked on")


def test_stopping_ends_a_wait_under_way_at_once() -> None:
    stopping, ended = Stopping(), threading.Event()

    def wait() -> None:
        with pytest.raises(StoppedError):
            stopping.sleep(10 * WITHIN_S)
        ended.set()

    stopping.sleep(0.0)
    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    stopping.begin()
    assert ended.wait(WITHIN_S)
    with pytest.raises(StoppedError):
        stopping.check()


@pytest.mark.django_db
def test_a_poll_of_a_worker_that_is_told_to_stop_asks_no_further_page_and_is_due_for_the_next_worker(redis: redis_py.Redis) -> None:
    Board.objects.create(slug="main", title="Main")
    claim = next(each for each in take_due(redis, NOW, digest=lambda _: "digest") if each.feed == QUEUE)
    source = ToldToStop()
    assert make_poll(redis, claim, source=lambda _: source, digest=lambda _: "digest", clock=lambda: NOW) == set()
    assert source.pages_count == 1
    assert snapshots.load_outcomes(redis, [QUEUE]) == {}
    assert redis.hexists(keys.IN_FLIGHT, QUEUE.id) is False
    assert redis.zscore(keys.DUE, QUEUE.id) == codec.to_us(NOW)
