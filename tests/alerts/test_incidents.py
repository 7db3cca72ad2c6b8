"""Events become rows: one open incident, its timeline, and what is to be told, together or not at all."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from dashboard.alerts import acting, incidents
from dashboard.domain.judging import What
from dashboard.domain.thresholds import Severity
from dashboard.models import Board, Incident, KnownName, Notification, RecipientGroup, Role, Rule, Transition, User
from tests.alerts.telling import FEED, START, happened, opened, recipient, record, rule, told_by

pytestmark = pytest.mark.django_db

LATER = START + timedelta(minutes=5)


def _timeline(incident: Incident) -> list[str]:
    return [entry.what for entry in incident.transitions.all()]


def test_opened_makes_the_incident_its_entry_and_one_notification_each() -> None:
    dana, alex = recipient("dana"), recipient("alex")
    leads = RecipientGroup.objects.create(name="Leads")
    leads.members.set([dana, alex])
    judged = told_by(rule(), leads, dana)
    incident = opened(judged)
    assert (incident.state, incident.severity, incident.value, incident.limit, incident.for_s) == ("open", "warning", 200.0, 180.0, 30)
    assert (incident.since_at, incident.opened_at) == (START - timedelta(seconds=30), START)
    assert _timeline(incident) == ["opened"]
    assert [row.once for row in incident.notifications.order_by("pk")] == [f"{incident.pk}.opened.0.{who.pk}" for who in (dana, alex)]
    assert {row.due_at for row in incident.notifications.all()} == {START + timedelta(seconds=1)}
    ids = [row.message_id for row in incident.notifications.all()]
    assert len(set(ids)) == 2
    assert all(each.startswith("<") and each.endswith(">") and "@" in each for each in ids)


def test_opened_of_groups_is_called_by_their_names_and_a_number_in_the_language_of_the_boards() -> None:
    Board.objects.create(slug="main", title="Halle", language="de")
    KnownName.objects.create(account="main", what="group", vendor_id=7, name="Support")
    assert opened(rule(metric="tickets_unsolved", group_ids=[7, 360001])).scope_name == "Support, Gruppe 360001"
    assert opened(rule(metric="tickets_unsolved", group_ids=[7], scope_name="Ours")).scope_name == "Ours"


def test_opened_again_while_open_gives_the_open_one_and_nothing_new() -> None:
    judged = told_by(rule(), recipient())
    first = opened(judged)
    again = record(judged, What.OPENED, LATER)
    assert again == first
    assert (Incident.objects.count(), Transition.objects.count(), Notification.objects.count()) == (1, 1, 1)


def test_the_same_opening_of_an_incident_that_is_over_changes_nothing() -> None:
    judged = rule()
    opened(judged)
    record(judged, What.RESOLVED, LATER)
    assert record(judged, What.OPENED, START) is None
    assert Incident.objects.count() == 1
    assert record(judged, What.OPENED, LATER + timedelta(seconds=1)) is not None


def test_the_database_refuses_a_second_open_incident() -> None:
    judged = rule()
    incident = opened(judged)
    incident.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        incident.save(force_insert=True)


@pytest.mark.parametrize("what", [What.WORSE, What.EASED, What.RECOVERING, What.BACK, What.RESOLVED])
def test_an_event_without_an_open_incident_is_nothing(what: What) -> None:
    assert record(rule(), what, START, severity=Severity.CRITICAL) is None


def test_the_whole_life_is_in_the_timeline_and_each_event_counts_once() -> None:
    judged = told_by(rule(), recipient())
    incident = opened(judged)
    steps = [
        (What.WORSE, Severity.CRITICAL, 320.0),
        (What.EASED, Severity.WARNING, 210.0),
        (What.WORSE, Severity.CRITICAL, 400.0),
        (What.RECOVERING, Severity.CRITICAL, 60.0),
        (What.BACK, Severity.CRITICAL, 310.0),
        (What.RECOVERING, Severity.CRITICAL, 50.0),
        (What.RESOLVED, Severity.CRITICAL, 10.0),
    ]
    for number, (what, severity, value) in enumerate(steps, 1):
        at = START + timedelta(minutes=number)
        assert record(judged, what, at, severity=severity, value=value) is not None
        assert record(judged, what, at, severity=severity, value=value) is None
    incident.refresh_from_db()
    assert _timeline(incident) == ["opened", *(what.value for what, _, _ in steps)]
    assert [entry.number for entry in incident.transitions.all()] == list(range(1, 9))
    assert (incident.state, incident.worst_severity, incident.worst_value, incident.version) == ("resolved", "critical", 400.0, 8)
    # Worse is told once, whatever it did later.
    assert [row.what for row in incident.notifications.order_by("pk")] == ["opened", "worse", "resolved"]


def test_an_event_older_than_the_opening_changes_nothing() -> None:
    judged = rule()
    opened(judged)
    assert record(judged, What.RESOLVED, START - timedelta(seconds=1)) is None


def test_a_rule_that_was_switched_off_meanwhile_opens_nothing() -> None:
    judged = rule()
    Rule.objects.update(is_enabled=False)
    assert record(judged, What.OPENED, START) is None
    assert Incident.objects.count() == 0


def test_without_steps_the_administrator_is_told(settings: Any) -> None:
    admin = User.objects.create(email="boss@example.com", role=Role.ADMINISTRATOR)
    incident = opened(rule())
    assert [row.recipient.email for row in incident.notifications.all()] == [admin.email]


def test_where_all_who_were_named_have_left_the_administrator_is_told() -> None:
    User.objects.create(email="boss@example.com", role=Role.ADMINISTRATOR)
    incident = opened(told_by(rule(), recipient("gone", left_at=START), recipient("off", is_active=False)))
    assert [row.recipient.email for row in incident.notifications.all()] == ["boss@example.com"]


def test_without_anybody_to_tell_the_incident_is_there_all_the_same() -> None:
    assert opened(rule()).notifications.count() == 0


def test_closed_because_no_reading_will_end_it_is_told_with_the_reason() -> None:
    judged = told_by(rule(), recipient())
    incident = opened(judged)
    for _ in range(2):
        closed = incidents.close(incident.pk, "The rule was deleted.", LATER)
    assert closed.resolved_at == LATER
    last = closed.transitions.last()
    assert last is not None
    assert (last.what, last.note) == ("resolved", "The rule was deleted.")
    assert [row.what for row in closed.notifications.order_by("pk")] == ["opened", "resolved"]


def test_a_failed_rule_is_said_once() -> None:
    judged = told_by(rule(), recipient())
    first = incidents.rule_failed(judged, "It divides by zero.", START)
    assert first is not None
    assert incidents.rule_failed(judged, "It divides by zero.", LATER) is None
    assert (first.kind, first.severity, first.metric) == ("source", "warning", "")
    assert first.detail == "The rule “Long wait” has failed and is switched off: It divides by zero."
    assert first.notifications.count() == 1


def test_acknowledged_twice_keeps_the_first_and_the_second_ones_note() -> None:
    incident = opened(rule())
    acting.acknowledge(incident.pk, "dana@example.com", " on it ", START)
    acting.acknowledge(incident.pk, "dana@example.com", "on it", LATER)
    after = acting.acknowledge(incident.pk, "alex@example.com", "me too", LATER)
    assert (after.state, after.acknowledged_by, after.acknowledged_at) == ("acknowledged", "dana@example.com", START)
    assert [(each.what, each.by, each.note) for each in after.transitions.all()][1:] == [
        ("acknowledged", "dana@example.com", "on it"),
        ("noted", "alex@example.com", "me too"),
    ]


def test_taken_back_twice_is_taken_back_once() -> None:
    incident = opened(rule())
    acting.acknowledge(incident.pk, "dana", "", START)
    acting.unacknowledge(incident.pk, "dana", LATER)
    after = acting.unacknowledge(incident.pk, "dana", LATER)
    assert (after.state, after.acknowledged_by) == ("open", "")
    assert _timeline(after) == ["opened", "acknowledged", "unacknowledged"]


def test_snoozed_by_two_clicks_is_snoozed_once_and_can_be_ended() -> None:
    incident = opened(rule())
    acting.snooze(incident.pk, START + timedelta(hours=1), "dana", START)
    acting.snooze(incident.pk, START + timedelta(hours=1, seconds=2), "dana", START + timedelta(seconds=2))
    after = acting.snooze(incident.pk, None, "dana", LATER)
    assert after.snoozed_until is None
    assert _timeline(after) == ["opened", "snoozed", "snoozed"]
    assert acting.snooze(incident.pk, None, "dana", LATER).version == after.version


@pytest.mark.parametrize("until", [START, START - timedelta(hours=1), START + timedelta(days=40)])
def test_a_snooze_that_makes_no_sense_is_refused_in_words(until: Any) -> None:
    with pytest.raises(ValueError, match="snooze"):
        acting.snooze(opened(rule()).pk, until, "dana", START)


def test_nobody_acts_on_what_is_over_but_notes_are_taken() -> None:
    judged = rule()
    incident = opened(judged)
    record(judged, What.RESOLVED, LATER)
    acting.acknowledge(incident.pk, "dana", "late", LATER)
    acting.snooze(incident.pk, LATER + timedelta(hours=1), "dana", LATER)
    acting.note(incident.pk, "dana", "", LATER)
    acting.note(incident.pk, "dana", "It was the trunk.", LATER)
    after = acting.note(incident.pk, "dana", "It was the trunk.", LATER)
    assert _timeline(after) == ["opened", "resolved", "noted"]


def test_the_worst_value_between_two_writings_is_kept() -> None:
    judged = rule()
    incident = opened(judged)
    for second, value in enumerate([210.0, 900.0, 220.0], 1):
        incidents.observe(incident.pk, value, START + timedelta(seconds=second))
    incident.refresh_from_db()
    assert (incident.value, incident.worst_value) == (210.0, 210.0)  # written at most every ten seconds
    incidents.observe(incident.pk, 230.0, START + timedelta(seconds=12))
    incident.refresh_from_db()
    assert (incident.value, incident.worst_value, incident.last_seen_at) == (230.0, 900.0, START + timedelta(seconds=12))
    incidents.observe(incident.pk, 950.0, START + timedelta(seconds=13))
    record(judged, What.RESOLVED, LATER, value=5.0)
    incident.refresh_from_db()
    assert (incident.value, incident.worst_value) == (5.0, 950.0)


def test_below_the_worst_is_the_lowest() -> None:
    judged = rule(direction="below", metric="agents_online")
    incident = opened(judged, value=3.0)
    incidents.observe(incident.pk, 1.0, START + timedelta(seconds=1))
    incidents.observe(incident.pk, 2.0, START + timedelta(seconds=20))
    incident.refresh_from_db()
    assert incident.worst_value == 1.0


@pytest.mark.django_db(transaction=True)
def test_ten_workers_who_see_the_same_opening_make_one_incident() -> None:
    judged = told_by(rule(), recipient())
    start = threading.Barrier(10)
    found: list[Incident | None] = []

    def worker() -> None:
        try:
            start.wait(10)
            found.append(incidents.record(judged, FEED, happened(What.OPENED, START), now=START))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {incident.pk for incident in found if incident is not None} == {Incident.objects.get().pk}
    assert (len(found), Transition.objects.count(), Notification.objects.count()) == (10, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_ten_people_who_acknowledge_at_once_are_one_acknowledgement() -> None:
    incident = opened(rule())
    start = threading.Barrier(10)

    def person(number: int) -> None:
        try:
            start.wait(10)
            acting.acknowledge(incident.pk, f"p{number}", "", LATER)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=person, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    incident.refresh_from_db()
    assert _timeline(incident) == ["opened", "acknowledged"]
    assert incident.version == 2
