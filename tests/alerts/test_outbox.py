"""What boards see of open incidents, and the wake-up of delivery, which never fails whoever caused it."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
import redis as redis_py

from dashboard.alerts import acting, outbox, shown
from dashboard.domain.judging import What
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident, Notification
from dashboard.store import connection, keys
from tests.alerts.telling import START, opened, recipient, record, rule, told_by


def _shown(redis: redis_py.Redis, account: str = "main") -> list[dict[str, Any]]:
    found = redis.get(keys.incidents(account))
    assert isinstance(found, bytes)
    listed: list[dict[str, Any]] = json.loads(found)
    return listed


@pytest.mark.django_db
def test_boards_see_the_worst_and_oldest_first_and_nothing_is_null(redis: redis_py.Redis) -> None:
    warning = opened(rule(name="Warning", scope_name="Support line", line_ids=[7]), START)
    late = opened(rule(name="Late"), START + timedelta(seconds=9), severity=Severity.CRITICAL, value=462.0)
    early = opened(rule(name="Early"), START + timedelta(seconds=5), severity=Severity.CRITICAL)
    acting.acknowledge(warning.pk, "dana@example.com", "", START)
    acting.snooze(warning.pk, START + timedelta(hours=1), "dana@example.com", START)
    shown.publish_open(redis)
    listed = _shown(redis)
    assert [each["id"] for each in listed] == [early.pk, late.pk, warning.pk]
    assert listed[2] == {
        "id": warning.pk,
        "rule": "Warning",
        "kind": "threshold",
        "metric": "longest_wait_time",
        "scope_name": "Support line",
        "severity": "warning",
        "state": "acknowledged",
        "since": "2026-11-23T08:59:30.000Z",
        "opened_at": "2026-11-23T09:00:00.000Z",
        "acknowledged_by": "dana",
        "snoozed_until": "2026-11-23T10:00:00.000Z",
        "value": 200.0,
        "limit": 180.0,
        "unit": "s",
        "direction": "above",
        "line_ids": [7],
        "group_ids": [],
        "text": "Longest wait 3:20 on Support line, at or above 3:00",
        "about": "Longest wait at or above 3:00",
    }
    assert listed[1]["text"] == "Longest wait 7:42, at or above 5:00"
    assert "null" not in (redis.get(keys.incidents("main")) or b"").decode()  # type: ignore[union-attr]


@pytest.mark.django_db
def test_what_is_over_is_taken_away(redis: redis_py.Redis) -> None:
    judged = rule()
    opened(judged)
    shown.publish_open(redis)
    assert len(_shown(redis)) == 1
    record(judged, What.RESOLVED, START + timedelta(minutes=1))
    shown.publish_open(redis)
    assert _shown(redis) == []


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"value": 462.0, "limit": 180.0}, "Longest wait 7:42, at or above 3:00"),
        ({"value": 180.0, "limit": 180.0}, "Longest wait 3:00, at its limit"),
        ({"value": 100.0, "limit": 180.0}, "Longest wait 1:40, was at or above 3:00"),
        ({"value": None, "limit": 180.0}, "Longest wait, at or above 3:00"),
        ({"value": 462.0, "limit": None}, "Longest wait 7:42"),
        ({"metric": "agents_online", "direction": "below", "value": 0.0, "limit": 1.0}, "Agents online 0, at or below 1"),
        ({"metric": "", "kind": "lost", "detail": "No data from Zendesk Talk."}, "No data from Zendesk Talk."),
        ({"metric": "", "kind": "lost", "value": 75.0}, "No data, for 1:15"),
        ({"metric": "", "kind": "source"}, "The source fails"),
    ],
)
def test_one_sentence_says_it(columns: dict[str, Any], text: str) -> None:
    given = {"metric": "longest_wait_time", "kind": "threshold", "direction": "above"} | columns
    assert shown.sentence(Incident(**given)) == text


@pytest.mark.django_db
def test_announce_shows_and_wakes_delivery(redis: redis_py.Redis) -> None:
    incident = opened(rule())
    outbox.announce(redis)
    assert [each["id"] for each in _shown(redis)] == [incident.pk]
    (task,) = redis.lrange(keys.TASKS, 0, -1)  # type: ignore[misc, not-iterable]
    headers = json.loads(task)["headers"]
    assert (headers["task"], headers["eta"] is not None, headers["expires"] is not None) == (outbox.DELIVER, True, True)


@pytest.mark.django_db
def test_announce_without_redis_is_over_soon_and_fails_nobody(no_redis: None, caplog: pytest.LogCaptureFixture) -> None:
    opened(rule())
    began = time.monotonic()
    outbox.announce(connection.client())
    assert time.monotonic() - began < 5
    assert "the next tick shows the open incidents, and delivers" in caplog.text


@pytest.mark.django_db
def test_a_row_is_never_written_twice() -> None:
    who = recipient()
    incident = opened(told_by(rule(), who))
    for _ in range(3):
        outbox.write(incident, Notification.What.REMINDER, [who], START, number=1)
        outbox.write(incident, Notification.What.OPENED, [who], START)
    assert [row.once for row in Notification.objects.order_by("pk")] == [
        f"{incident.pk}.opened.0.{who.pk}",
        f"{incident.pk}.reminder.1.{who.pk}",
    ]


@pytest.mark.django_db
def test_ready_names_who_has_something_due_and_may_be_tried() -> None:
    free, waits, later = recipient("free"), recipient("waits", not_before=START + timedelta(minutes=5)), recipient("later")
    opened(told_by(rule(), free, waits))
    opened(told_by(rule(name="Later"), later), START + timedelta(hours=1))
    assert outbox.ready(START) == []
    assert [pk for pk, _ in outbox.ready(START + timedelta(seconds=1))] == [free.pk]
    assert [pk for pk, _ in outbox.ready(START + timedelta(minutes=5))] == [free.pk, waits.pk]
