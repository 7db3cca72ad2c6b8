"""What beat sends: the entries exist, and do what they say."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis as redis_py
from django.conf import settings

from config.celery import app
from dashboard.models import Board, Minute
from dashboard.polling.poller import utc_now
from dashboard.tasks import prune_history, write_history
from tests.history.filled import fill
from tests.history.readings import QUEUE, waits


@pytest.mark.django_db
def test_history_is_written_and_pruned(redis: redis_py.Redis) -> None:
    Board.objects.create(slug="main", title="Main")
    minute = utc_now().replace(second=0, microsecond=0) - timedelta(minutes=3)
    waits(redis, 0, 60, start=minute)
    write_history()
    assert Minute.objects.filter(minute=int(minute.timestamp()) // 60).count() == 1

    fill(QUEUE, {"calls_waiting": [1] * 10}, minute - timedelta(days=401))
    prune_history()
    assert not Minute.objects.filter(minute__lt=int(minute.timestamp()) // 60).exists()


@pytest.mark.django_db
def test_without_redis_the_writer_ends_quietly(no_redis: None, caplog: pytest.LogCaptureFixture) -> None:
    write_history()
    assert "Traceback" not in caplog.text


def test_beat_sends_what_exists_and_nothing_that_could_pile_up() -> None:
    for name in ("write_history", "prune_history"):
        entry = settings.CELERY_BEAT_SCHEDULE[name]
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"]
