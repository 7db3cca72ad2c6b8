"""The list of incidents: what stands first, how it is narrowed, what it says of a choice that cannot be meant."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis as redis_py

from dashboard.alerts import acting, incidents, shown
from dashboard.domain.judging import Happened, What
from dashboard.domain.rules import Limit
from dashboard.domain.thresholds import Severity
from dashboard.incidents.page import said
from dashboard.models import Incident, Role
from dashboard.store import keys
from tests.incidents.floor import QUEUE, LogIn, a_rule, text_of
from tests.incidents.records import opened, resolved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


def test_list_puts_the_worst_first_and_the_past_below(log_in: LogIn) -> None:
    opened(a_rule(name="A"), ago=timedelta(minutes=30))
    opened(a_rule(name="B", scope_name="Night line"), severity=Severity.CRITICAL)
    resolved(a_rule(name="C"), ago=timedelta(hours=3))
    answer = log_in(Role.VIEWER).get("/incidents/")
    assert [row.incident.rule_name for row in answer.context["open"]] == ["B", "A"]
    assert [row.incident.rule_name for row in answer.context["past"]] == ["C"]
    assert "Longest wait up to 7:42, at or above 3:00" in text_of(answer)
    assert answer.context["past"][0].lasted == "7:42"  # above 3:00 for 4:42 when it opened, over 3:00 later


def test_failing_source_lasts_from_its_first_failure_wherever_it_is_shown(log_in: LogIn) -> None:
    began_at = datetime.now(UTC) - timedelta(minutes=5)
    at = began_at + timedelta(seconds=60)
    rule = a_rule(name="Source error", kind="source", metric="", warning_enter=60.0, warning_leave=60.0)
    happened = Happened(What.OPENED, at, Severity.WARNING, at, 60.0, Limit(60.0, 60.0, 0))
    found = incidents.record(rule, rule.account, happened, now=at, detail="The vendor had an internal error (500).")
    assert found is not None
    row = log_in(Role.VIEWER).get("/incidents/").context["open"][0]
    assert row.since == said(began_at)
    assert row.lasted[:2] in ("5:", "6:")  # and not 4: from the second failure
    assert shown.entry(found)["since"] == began_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_what_somebody_has_in_hand_covers_nothing_that_still_calls(log_in: LogIn, redis: redis_py.Redis) -> None:
    taken = opened(a_rule(name="Taken"), ago=timedelta(minutes=30), severity=Severity.CRITICAL)
    opened(a_rule(name="Mild", scope_name="Day"), ago=timedelta(minutes=20))
    opened(a_rule(name="Calls", scope_name="Night"), severity=Severity.CRITICAL)
    acting.acknowledge(taken.pk, "dana@example.com", "", datetime.now(UTC))
    answer = log_in(Role.VIEWER).get("/incidents/")
    assert [row.incident.rule_name for row in answer.context["open"]] == ["Calls", "Taken", "Mild"]
    shown.publish_open(redis)
    assert [each["rule"] for each in json.loads(redis.get(keys.incidents(taken.account)))] == ["Calls", "Taken", "Mild"]


def test_wait_that_jumped_lasts_as_long_as_it_says_itself(log_in: LogIn) -> None:
    incident = opened(a_rule(), ago=timedelta(seconds=30))
    at = datetime.now(UTC)
    Incident.objects.filter(pk=incident.pk).update(value=900.0, last_seen_at=at)
    row = log_in(Role.VIEWER).get("/incidents/").context["open"][0]
    assert row.text == "Longest wait 15:00, at or above 3:00"
    assert row.since == said(at - timedelta(seconds=720))
    assert row.lasted[:3] in ("12:", "13:")  # and neither the half minute nor the quarter of an hour


def test_what_ended_by_itself_was_taken_by_somebody_not_resolved_by_them(log_in: LogIn) -> None:
    incident = opened(a_rule())
    at = datetime.now(UTC)
    acting.acknowledge(incident.pk, "dana@example.com", "", at)
    client = log_in(Role.VIEWER)
    assert "acknowledged by dana@example.com" in text_of(client.get("/incidents/"))
    incidents.record(incident.rule, QUEUE.id, Happened(What.RESOLVED, at, Severity.WARNING, at, 20.0, None), now=at)
    assert "resolved · taken by dana@example.com" in text_of(client.get("/incidents/"))


def test_list_is_narrowed_by_rule_severity_and_day_and_paged(log_in: LogIn) -> None:
    rule = a_rule(name="A")
    for number in range(60):
        resolved(rule, ago=timedelta(hours=number + 1))
    critical = opened(a_rule(name="B"), severity=Severity.CRITICAL)
    client = log_in(Role.VIEWER)

    def rows(query: str) -> list[Any]:
        context = client.get(f"/incidents/?{query}").context
        return [*context["open"], *context["past"]]

    assert len(rows("")) == 51
    assert len(rows("page=2")) == 11
    assert len(rows("page=nonsense")) == 51
    assert {row.incident.rule_id for row in rows(f"rule={rule.pk}")} == {rule.pk}
    assert [row.incident.pk for row in rows("severity=critical")] == [critical.pk]
    day = (datetime.now(UTC) - timedelta(days=1)).date()
    assert {row.incident.opened_at.date() for row in rows(f"day={day}")} == {day}
    turned = client.get(f"/incidents/?rule={rule.pk}").content.decode()
    assert f"?rule={rule.pk}&amp;page=2" in turned


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("rule=x", "There is no such rule."),
        ("severity=purple", "A severity is warning or critical."),
        ("day=2026-02-31", "A day is written such as 2026-11-22."),
        ("day=0001-01-01", "A day is written such as 2026-11-22."),
        ("rule=" + "9" * 400, "There is no such rule."),
    ],
)
def test_list_says_what_of_a_choice_cannot_be_meant(log_in: LogIn, query: str, words: str) -> None:
    answer = log_in(Role.VIEWER).get(f"/incidents/?{query}")
    assert answer.status_code == 200
    assert words in text_of(answer)


def test_calm_list_says_so(log_in: LogIn) -> None:
    words = text_of(log_in(Role.VIEWER).get("/incidents/"))
    assert "No incident is open." in words
    assert "No incident is over yet." in words
