"""A person's request beside the polls: within the same budget, and held by the same pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.polling import buckets
from dashboard.polling.permit import heed, permit
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.store import snapshots

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _permit(waited: list[float], **given: float) -> Any:
    return permit("main", clock=lambda: NOW, sleep=waited.append, **given)


def test_a_request_waits_a_little_for_the_budget_but_not_for_ever(redis: Any) -> None:
    buckets.learn_limit(redis, "main", 10)  # of which, before a minute was watched, one may be asked every half a minute
    waited: list[float] = []
    with pytest.raises(SourceError) as caught:
        _permit(waited)()
    assert sum(waited) <= 4.0
    assert (caught.value.kind, caught.value.is_unsure, caught.value.retry_after_s is not None) == (ErrorKind.RATE_LIMIT, False, True)
    assert str(caught.value) == "Our share of the vendor's request limit is used up for the moment. Nothing was sent."


def test_a_429_holds_everybody_back_until_it_ends(redis: Any) -> None:
    heed("main", SourceError(ErrorKind.RATE_LIMIT, "Used up (429).", status=429, retry_after_s=30.0), NOW)
    with pytest.raises(SourceError, match="asked us to wait"):
        _permit([])()
    pause = snapshots.paused(redis, "main", NOW)
    assert pause is not None
    assert pause.until == NOW + timedelta(seconds=30)
    heed("main", SourceError(ErrorKind.RATE_LIMIT, "Used up (429).", status=429, retry_after_s=5.0), NOW)
    assert snapshots.paused(redis, "main", NOW) == pause
    with pytest.raises(SourceError, match="used up for the moment"):
        permit("main", clock=lambda: NOW + timedelta(seconds=31), patience_s=0.0)()
    heed("main", SourceError(ErrorKind.RATE_LIMIT, "Of one endpoint.", status=429, retry_after_s=9.0, is_endpoint_limit=True), NOW)
    assert snapshots.paused(redis, "main", NOW) == pause


def test_a_vendor_that_has_just_failed_is_left_alone_and_not_said_to_have_asked_for_it(redis: Any) -> None:
    snapshots.save_pause(redis, "main", snapshots.Pause("server", "The vendor failed (500).", NOW, NOW + timedelta(seconds=8)))
    with pytest.raises(SourceError, match=r"^The vendor failed a moment ago, so it is left alone for a while\. Nothing was sent\.$"):
        _permit([])()


def test_without_redis_nothing_is_sent(no_redis: None) -> None:
    with pytest.raises(SourceError, match="Redis, which counts the requests"):
        _permit([])()
    heed("main", SourceError(ErrorKind.RATE_LIMIT, "Used up (429).", status=429, retry_after_s=5.0), NOW)
