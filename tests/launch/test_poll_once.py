"""`manage.py poll_once`: asks for real, stores, prints numbers and no people."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from config.env import ZendeskEnv
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.models import Board
from dashboard.polling import buckets
from dashboard.sources import registry
from dashboard.store import keys, snapshots
from dashboard.store.snapshots import Pause
from tests.emulator.running import RunningEmulator

QUEUE = Feed("main", Endpoint.QUEUE)


@pytest.fixture
def account(emulator: RunningEmulator, redis: redis_py.Redis) -> Iterator[RunningEmulator]:
    given = ZendeskEnv(emulator.url, email=emulator.settings.email, api_token=emulator.settings.api_token)
    # Tickets take several polls before they have a number, which is not what this is about.
    with override_settings(ENV=replace(settings.ENV, zendesk=given, tickets=False)):
        yield emulator
        registry.close_all()


def said(*feeds: str) -> str:
    out = io.StringIO()
    call_command("poll_once", *feeds, stdout=out)
    return out.getvalue()


def test_poll_once_of_one_feed_prints_and_stores_it(account: RunningEmulator, redis: redis_py.Redis) -> None:
    text = said("current_queue_activity")
    assert text.startswith("main:current_queue_activity: ok\n")
    assert "calls_waiting" in text
    assert QUEUE in snapshots.load_readings(redis, [QUEUE])
    bucket = buckets.buckets(redis, "main")[buckets.QUEUE]
    assert buckets.budget_for(redis, "main", bucket).used() == 1


@pytest.mark.django_db
def test_poll_once_of_all_asks_what_the_boards_need_and_names_nobody(account: RunningEmulator) -> None:
    Board.objects.create(slug="main", title="Support line")
    text = said()
    assert text.count(": ok\n") == 4
    people = account.get("/api/v2/channels/voice/stats/agents_activity.json").json()["agents_activity"]
    assert people
    assert not [person["name"] for person in people if person["name"] in text]


def test_poll_once_refused_says_why_and_fails(account: RunningEmulator) -> None:
    account.fault("401")
    with pytest.raises(SystemExit) as caught:
        said("current_queue_activity")
    assert caught.value.code == 1


def test_poll_once_while_the_account_rests_says_until_when(account: RunningEmulator, redis: redis_py.Redis) -> None:
    now = datetime.now(UTC)
    snapshots.save_pause(redis, "main", Pause("rate_limit", "Wait.", now, now + timedelta(minutes=5)))
    assert redis.exists(keys.pause("main"))
    with pytest.raises(SystemExit):
        said("current_queue_activity")
    assert account.requests()["recent"] == []


@pytest.mark.parametrize("name", ["nonsense", "main:nonsense", "main:current_queue_activity:x"])
def test_poll_once_of_no_feed_names_those_there_are(name: str) -> None:
    with pytest.raises(CommandError, match="agents_activity"):
        said(name)


def test_poll_once_without_an_account_says_what_to_set(redis: redis_py.Redis) -> None:
    with override_settings(ENV=replace(settings.ENV, zendesk=None)), pytest.raises(CommandError, match="ZENDESK_URL"):
        said("current_queue_activity")
