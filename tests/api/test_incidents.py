"""Incidents for programs: which, in which order, with what of their story, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.accounts.keys import digest_of
from dashboard.alerts import acting, incidents
from dashboard.api.schemas import SCHEMAS
from dashboard.domain.judging import What
from dashboard.models import Board, Incident, Notification, Role, Screen
from tests.alerts.telling import START, opened, recipient, record, rule, told_by
from tests.api.shapes import check

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]
LogIn = Callable[[Role], Client]
LIST = "/api/v1/incidents"


def ids(answer: Any) -> list[int]:
    return [each["id"] for each in answer.json()["incidents"]]


def three() -> list[Incident]:
    """One that is over, two that are open, an hour apart, oldest first."""
    found = [opened(rule(name=f"Rule {number}"), START + timedelta(hours=number)) for number in range(3)]
    first = found[0].rule
    assert first is not None
    record(first, What.RESOLVED, START + timedelta(minutes=20), value=90.0)
    return found


def test_incidents_are_the_newest_first_and_by_state_and_span(log_in: LogIn) -> None:
    first, second, third = (each.pk for each in three())
    client = log_in(Role.VIEWER)
    assert ids(client.get(LIST)) == [third, second, first]
    assert ids(client.get(LIST, {"state": "open"})) == [third, second]
    assert ids(client.get(LIST, {"state": "resolved"})) == [first]
    span = {"from": "2026-11-23T09:00:00Z", "to": "2026-11-23T11:00:00Z"}
    assert ids(client.get(LIST, span)) == [second, first]


def test_incidents_beyond_the_limit_are_announced_and_found_by_the_last_opening(log_in: LogIn) -> None:
    first, second, third = (each.pk for each in three())
    client = log_in(Role.VIEWER)
    page = client.get(LIST, {"limit": 2})
    assert (ids(page), page.json()["more"]) == ([third, second], True)
    rest = client.get(LIST, {"limit": 2, "to": page.json()["incidents"][-1]["opened_at"]})
    assert (ids(rest), rest.json()["more"]) == ([first], False)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"state": "closed"}, "state must be open or resolved."),
        ({"from": "yesterday"}, "from must be a time"),
        ({"from": "2026-11-23T09:00:00"}, "from must be a time"),
        ({"from": "2026-11-23T09:00:00Z", "to": "2026-11-23T09:00:00Z"}, "from must be earlier than to."),
        ({"limit": "0"}, "limit must be"),
        ({"limit": "1.5"}, "limit must be"),
        ({"limit": "1001"}, "limit must be"),
        ({"limit": "nan"}, "limit must be"),
    ],
)
def test_wrong_parameter_is_named(log_in: LogIn, parameters: dict[str, str], sentence: str) -> None:
    answer = log_in(Role.VIEWER).get(LIST, parameters)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(sentence)


def test_incident_says_its_story_and_who_was_told_but_no_address(log_in: LogIn) -> None:
    dana = recipient("dana")
    one = opened(told_by(rule(scope_name="Support"), dana))
    later = START + timedelta(minutes=2)
    acting.acknowledge(one.pk, "sam@example.com", "On it", later)
    acting.snooze(one.pk, later + timedelta(hours=1), "sam@example.com", later)
    Notification.objects.filter(incident=one).update(state=Notification.State.SENT, sent_at=START + timedelta(seconds=1))
    answer = log_in(Role.VIEWER).get(f"{LIST}/{one.pk}")
    found = answer.json()
    check(found, SCHEMAS["IncidentWhole"])
    assert found["incident"] | {"id": 0, "rule_id": 0} == {
        "id": 0,
        "rule_id": 0,
        "rule": "Long wait",
        "kind": "threshold",
        "account": "main",
        "metric": "longest_wait_time",
        "unit": "s",
        "scope_name": "Support",
        "severity": "warning",
        "worst_severity": "warning",
        "state": "acknowledged",
        "since": "2026-11-23T08:59:30.000Z",
        "limit_since": "2026-11-23T08:59:30.000Z",
        "opened_limit": 180.0,
        "opened_at": "2026-11-23T09:00:00.000Z",
        "last_seen_at": "2026-11-23T09:00:00.000Z",
        "acknowledged_at": "2026-11-23T09:02:00.000Z",
        "acknowledged_by": "sam",
        "snoozed_until": "2026-11-23T10:02:00.000Z",
        "value": 200.0,
        "worst_value": 200.0,
        "limit": 180.0,
        "direction": "above",
        "text": "Longest wait 3:20 on Support, at or above 3:00",
    }
    assert [(step["what"], step.get("by"), step.get("note")) for step in found["timeline"]] == [
        ("opened", None, None),
        ("acknowledged", "sam@example.com", "On it"),
        ("snoozed", "sam@example.com", None),
    ]
    (told,) = found["notifications"]
    assert (told["recipient"], told["state"], told["sent_at"]) == ("dana", "sent", "2026-11-23T09:00:01.000Z")
    assert "dana@example.com" not in answer.content.decode()


def test_incident_of_a_failed_rule_and_of_a_rule_that_is_gone_have_the_promised_shape(log_in: LogIn) -> None:
    judged = rule()
    failed = incidents.rule_failed(judged, "Its lines are no numbers.", START)
    assert failed is not None
    Incident.objects.filter(pk=failed.pk).update(rule=None)
    client = log_in(Role.VIEWER)
    check(client.get(f"{LIST}/{failed.pk}").json(), SCHEMAS["IncidentWhole"])
    check(client.get(LIST).json(), SCHEMAS["Incidents"])


@pytest.mark.parametrize("number", ["999", str(10**30)])
def test_unknown_incident_is_not_found(log_in: LogIn, number: str) -> None:
    assert log_in(Role.VIEWER).get(f"{LIST}/{number}").json()["error"] == "not_found"


def test_incidents_are_not_for_strangers_or_screens(client: Client, board: Board, log_in: LogIn) -> None:
    one = three()[0]
    Screen.objects.create(name="TV", board=board, key_digest=digest_of("k" * 20))
    administrator = log_in(Role.ADMINISTRATOR)
    for path in (LIST, f"{LIST}/{one.pk}"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers={"Authorization": "Bearer " + "k" * 20}).status_code == 403
        assert administrator.post(path).status_code == 405


def test_database_is_asked_no_more_for_more_incidents(log_in: LogIn) -> None:
    client = log_in(Role.VIEWER)
    counts: list[int] = []
    for _ in range(2):
        made = three()
        for number in range(3):
            acting.note(made[0].pk, "sam@example.com", f"Note {number} of {len(counts)}", START)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
            client.get(f"{LIST}/{made[0].pk}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
