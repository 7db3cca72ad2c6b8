"""One tick and one poll, from boards to claims to readings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import redis as redis_py

from dashboard.domain.feeds import TALK, Endpoint, Feed
from dashboard.domain.readings_tickets import TicketBacklog
from dashboard.models import Board
from dashboard.polling.feeds import DESK
from dashboard.polling.planner import UNDER_WAY_S, Claim
from dashboard.polling.rounds import KEPT_FOR_TICKS, make_poll, plans_now, take_due, watched_slugs
from dashboard.polling.watching import watch_desk
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.zendesk_talk import Answered
from dashboard.store import codec, keys, snapshots
from dashboard.store.snapshots import Pause
from tests.polling.fake_source import NOW, FakeSource, answered

pytestmark = pytest.mark.django_db
QUEUE = Feed("main", Endpoint.QUEUE)


def digest(_: str) -> str:
    return "digest-1"


@pytest.fixture
def board() -> Board:
    return Board.objects.create(slug="main", title="Main")


def make(redis: redis_py.Redis, claim: Claim, source: FakeSource) -> set[str]:
    return make_poll(redis, claim, source=lambda _: source, digest=digest, clock=lambda: NOW)


def test_watched_slugs_are_those_of_the_last_half_minute(redis: redis_py.Redis) -> None:
    for slug, age_s in (("fresh", 0), ("still", 30), ("gone", 31)):
        redis.zadd(keys.WATCH, {slug: (NOW - timedelta(seconds=age_s)).timestamp()})
    assert watched_slugs(redis, NOW) == {"fresh", "still"}


def test_watched_slugs_over_a_key_of_another_type_are_none(redis: redis_py.Redis) -> None:
    redis.set(keys.WATCH, "poison")
    assert watched_slugs(redis, NOW) == set()


def test_plans_now_ask_a_watched_board_more_often(redis: redis_py.Redis, board: Board) -> None:
    assert plans_now(redis, [board], NOW)[QUEUE].interval_s == 5.0
    redis.zadd(keys.WATCH, {"main": NOW.timestamp()})
    assert plans_now(redis, [board], NOW)[QUEUE].interval_s == 1.0


def test_take_due_claims_the_boards_feeds_and_leaves_a_sign_of_life(redis: redis_py.Redis, board: Board) -> None:
    claims = take_due(redis, NOW, digest=digest)

    assert {claim.feed.endpoint for claim in claims} == set(TALK)
    assert float(redis.get(keys.alive("worker")) or b"0") == NOW.timestamp()
    assert take_due(redis, NOW, digest=digest) == []


def test_take_due_without_boards_claims_nothing(redis: redis_py.Redis) -> None:
    assert take_due(redis, NOW, digest=digest) == []


def test_take_due_leaves_threads_for_ticks(redis: redis_py.Redis) -> None:
    for number in range(10):
        Board.objects.create(slug=f"b{number}", title="Board", line_ids=[number + 1], group_ids=[number + 1])
    assert len(take_due(redis, NOW, digest=digest)) == 16 - KEPT_FOR_TICKS


def test_take_due_while_the_account_pauses_claims_nothing_and_goes_on_after(redis: redis_py.Redis, board: Board) -> None:
    snapshots.save_pause(redis, "main", Pause("rate_limit", "Slower.", NOW, NOW + timedelta(seconds=20)))
    assert take_due(redis, NOW, digest=digest) == []
    assert len(take_due(redis, NOW + timedelta(seconds=21), digest=digest)) == 4


def test_take_due_of_an_account_without_settings_claims_nothing_and_says_why(redis: redis_py.Redis, board: Board) -> None:
    def none(_: str) -> str:
        raise SourceError(ErrorKind.REFUSED_CONFIG, "No such account is set up.")

    assert take_due(redis, NOW, digest=none) == []
    stop = snapshots.stopped(redis, "main")
    assert stop is not None
    assert stop.kind == "refused_config"


def test_make_poll_asks_once_and_names_the_boards_concerned(redis: redis_py.Redis, board: Board) -> None:
    Board.objects.create(slug="second", title="Second")
    Board.objects.create(slug="other", title="Other", line_ids=[7])
    (claim,) = [claim for claim in take_due(redis, NOW, digest=digest) if claim.feed == QUEUE]
    source = FakeSource([answered()])

    assert make(redis, claim, source) == {"main", "second"}
    assert source.asked == [QUEUE]
    assert snapshots.load_readings(redis, [QUEUE])[QUEUE] == answered().reading
    assert make(redis, claim, source) == set()  # the message came twice
    assert source.asked == [QUEUE]


def test_make_poll_whose_claim_was_never_made_asks_nothing(redis: redis_py.Redis, board: Board) -> None:
    source = FakeSource([answered()])
    assert make(redis, Claim(QUEUE, "forged"), source) == set()
    assert source.asked == []


def test_make_poll_after_the_account_was_stopped_asks_nothing_and_frees_the_claim(redis: redis_py.Redis, board: Board) -> None:
    claims = take_due(redis, NOW, digest=digest)
    make(redis, claims[0], FakeSource([SourceError(ErrorKind.AUTH, "The vendor refused the credentials (401).")]))
    source = FakeSource([answered()])

    assert make(redis, claims[1], source) == set()
    assert source.asked == []
    assert redis.hlen(keys.IN_FLIGHT) == 2


def test_make_poll_of_an_account_whose_settings_make_no_source_stops_it_and_says_why(redis: redis_py.Redis, board: Board) -> None:
    def unusable(_: str) -> FakeSource:
        raise SourceError(ErrorKind.REFUSED_CONFIG, "The OAuth token holds a character that HTTP forbids.")

    claim = next(claim for claim in take_due(redis, NOW, digest=digest) if claim.feed == QUEUE)

    assert make_poll(redis, claim, source=unusable, digest=digest, clock=lambda: NOW) == {"main"}
    stop = snapshots.stopped(redis, "main")
    assert stop is not None
    assert stop.message == "The OAuth token holds a character that HTTP forbids."
    assert take_due(redis, NOW + timedelta(hours=1), digest=digest) == []


def test_make_poll_of_all_tickets_makes_the_feeds_of_groups_due_at_once(redis: redis_py.Redis) -> None:
    number = {"id": "a", "kind": "number", "x": 0, "y": 0, "w": 6, "h": 5, "options": {"metric": "tickets_unsolved"}}
    for slug, group_ids in (("all", []), ("nine", [9])):
        Board.objects.create(slug=slug, title=slug, widgets=[number], group_ids=group_ids)
    whole, part = Feed("main", Endpoint.TICKETS), Feed("main", Endpoint.TICKETS, (9,))
    claims = {claim.feed: claim for claim in take_due(redis, NOW, digest=digest)}
    source = FakeSource([answered(TicketBacklog(tickets_unsolved=3))])

    assert make(redis, claims[whole], source) == {"all"}

    assert redis.zscore(keys.DUE, part.id) == codec.to_us(NOW)
    assert (redis.zscore(keys.DUE, whole.id) or 0) > codec.to_us(NOW)


def test_make_poll_after_its_board_was_removed_asks_nothing(redis: redis_py.Redis, board: Board) -> None:
    claims = take_due(redis, NOW, digest=digest)
    board.delete()
    source = FakeSource([answered()])
    assert make(redis, claims[0], source) == set()
    assert source.asked == []


def test_make_poll_that_fails_unforeseen_frees_its_claim(redis: redis_py.Redis, board: Board) -> None:
    class Broken:
        def read(self, feed: Feed, *, before_request: object) -> object:
            raise ZeroDivisionError

    claim = take_due(redis, NOW, digest=digest)[0]
    with pytest.raises(ZeroDivisionError):
        make_poll(redis, claim, source=lambda _: Broken(), digest=digest, clock=lambda: NOW)  # type: ignore[arg-type,return-value]
    assert claim.feed.id.encode() not in redis.hgetall(keys.IN_FLIGHT)


class Slow:
    """A source of several pages, each of which takes `page_s` on the clock that it is given; others tick meanwhile."""

    def __init__(self, pages: int, page_s: float, tick: Callable[[datetime], list[Claim]]) -> None:
        self.pages, self.page_s, self.tick = pages, page_s, tick
        self.now, self.sent, self.stacked = NOW, 0, 0

    def read(self, feed: Feed, *, before_request: Callable[[], None]) -> Answered:
        for _ in range(self.pages):
            before_request()
            self.sent += 1
            self.now += timedelta(seconds=self.page_s)
            self.stacked += sum(claim.feed == feed for claim in self.tick(self.now))
        return answered(at=self.now)


def test_make_poll_of_many_slow_pages_stays_the_only_one_of_its_feed(redis: redis_py.Redis, board: Board) -> None:
    (claim,) = [claim for claim in take_due(redis, NOW, digest=digest) if claim.feed == QUEUE]
    source = Slow(5, 9.9, lambda now: take_due(redis, now, digest=digest))

    assert make_poll(redis, claim, source=lambda _: source, digest=digest, clock=lambda: source.now) == {"main"}
    assert (source.sent, source.stacked) == (5, 0)


def test_make_poll_that_stood_still_until_another_took_over_asks_no_more_and_stores_nothing(redis: redis_py.Redis, board: Board) -> None:
    (claim,) = [claim for claim in take_due(redis, NOW, digest=digest) if claim.feed == QUEUE]
    source = Slow(2, UNDER_WAY_S + 1, lambda now: take_due(redis, now, digest=digest))

    assert make_poll(redis, claim, source=lambda _: source, digest=digest, clock=lambda: source.now) == set()
    assert (source.sent, source.stacked) == (1, 1)
    assert snapshots.load_readings(redis, [QUEUE]) == {}
    assert snapshots.load_outcomes(redis, [QUEUE]) == {}
    assert QUEUE.id.encode() in redis.hgetall(keys.IN_FLIGHT)  # the other's claim is left alone


def test_watch_desk_counts_as_somebody_who_watches_all_tickets(redis: redis_py.Redis) -> None:
    watch_desk(NOW)
    assert watched_slugs(redis, NOW) == {DESK}
