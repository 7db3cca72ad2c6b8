"""What failed when: changes are kept, and any moment can be asked for."""

from __future__ import annotations

from datetime import timedelta

import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.store import keys, troubles
from dashboard.store.snapshots import Outcome, Pause, Stop
from tests.live.examples import NOW, ago

FEED, OTHER = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.AGENTS)


def failed(seconds_ago: float, kind: str = "timeout", since_ago: float | None = None) -> Outcome:
    since = ago(seconds_ago if since_ago is None else since_ago)
    return Outcome(ago(seconds_ago), kind, f"It was {kind}.", 1, since, None)


def test_troubles_of_a_feed_are_known_from_their_beginning_to_their_end(redis: redis_py.Redis) -> None:
    first, same, worse, good = failed(100), failed(90, since_ago=100), failed(80, "server", since_ago=100), Outcome(ago(70))
    for before, outcome in ((None, first), (first, same), (same, worse), (worse, good), (good, Outcome(ago(60)))):
        troubles.note_outcome(redis, FEED, before, outcome)
    found = troubles.read(redis, "main")
    assert redis.llen(keys.troubles("main")) == 3, "what fails on as before, or goes on working, is no change"
    assert found.outcome(FEED, ago(101)) is None
    known = found.outcome(FEED, ago(85))
    assert known is not None
    assert (known.error_kind, known.failing_since) == ("timeout", ago(100))
    later = found.outcome(FEED, ago(75))
    assert later is not None
    assert (later.error_kind, later.failing_since) == ("server", ago(100))
    assert found.outcome(FEED, ago(70)) is None
    assert found.outcome(OTHER, ago(85)) is None


def test_troubles_of_an_account_are_stops_and_pauses(redis: redis_py.Redis) -> None:
    troubles.note_stop(redis, "main", Stop("auth", "Refused.", ago(50), "digest"))
    troubles.note_go_on(redis, "main", ago(40))
    troubles.note_pause(redis, "main", Pause("rate_limit", "Slower.", ago(30), ago(10)))
    found = troubles.read(redis, "main")
    stop, pause = found.stop(ago(45)), found.pause(ago(20))
    assert stop is not None
    assert (stop.kind, stop.at, stop.digest) == ("auth", ago(50), ""), "the digest of credentials is not kept"
    assert pause == Pause("rate_limit", "Slower.", ago(30), ago(10))
    assert found.stop(ago(40)) is None
    assert found.pause(ago(10)) is None


def test_troubles_without_end_are_bounded_and_survive_damage(redis: redis_py.Redis) -> None:
    redis.set(keys.troubles("main"), "of another type")
    assert troubles.read(redis, "main").stop(NOW) is None
    troubles.note_stop(redis, "main", Stop("auth", "Refused.", ago(5), ""))
    redis.rpush(keys.troubles("main"), b"{", b'{"at_us":1,"scope":3}')
    assert troubles.read(redis, "main").stop(NOW) is not None
    redis.rpush(keys.troubles("main"), *[b"{}"] * troubles.MOST_KEPT)
    troubles.note_go_on(redis, "main", NOW + timedelta(seconds=1))
    assert redis.llen(keys.troubles("main")) == troubles.MOST_KEPT
