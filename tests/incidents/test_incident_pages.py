"""One incident's page, and what may be done there."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.alerts import acting, incidents
from dashboard.domain.judging import Happened, What
from dashboard.domain.thresholds import Severity
from dashboard.incidents.acts import until_of
from dashboard.models import Incident, Notification, Recipient, Role, Step, Transition
from tests.incidents.floor import LogIn, a_rule, remembered, text_of
from tests.incidents.records import opened, resolved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


EVIL = "<script>alert(1)</script> مريم"


# --- who may


def test_incidents_need_a_login(client: Client) -> None:
    incident = opened(a_rule())
    for path in ("/incidents/", f"/incidents/{incident.pk}/", "/mail/"):
        assert client.get(path).headers["Location"] == f"/login/?next={path}"


def test_viewer_reads_and_finds_nothing_to_press(log_in: LogIn) -> None:
    incident = opened(a_rule())
    client = log_in(Role.VIEWER)
    assert "Longest wait 7:42, at or above 3:00" in text_of(client.get("/incidents/"))
    page = client.get(f"/incidents/{incident.pk}/").content.decode()
    assert 'action="/incidents/' not in page
    assert "/rules/" not in page
    assert client.get("/mail/").status_code == 403


@pytest.mark.parametrize("act", ["acknowledge", "unacknowledge", "snooze", "note"])
def test_viewer_changes_nothing(log_in: LogIn, act: str) -> None:
    incident = opened(a_rule())
    assert log_in(Role.VIEWER).post(f"/incidents/{incident.pk}/{act}/", {"for": "1h", "note": "x"}).status_code == 403
    assert Incident.objects.get(pk=incident.pk).version == incident.version


@pytest.mark.parametrize("act", ["acknowledge", "unacknowledge", "snooze", "note"])
def test_acts_are_posts_with_the_forms_token(log_in: LogIn, act: str) -> None:
    incident = opened(a_rule())
    client = log_in(Role.SUPERVISOR)
    assert client.get(f"/incidents/{incident.pk}/{act}/").status_code == 405
    client.handler.enforce_csrf_checks = True
    assert client.post(f"/incidents/{incident.pk}/{act}/", {"for": "1h", "note": "x"}).status_code == 403
    assert Incident.objects.get(pk=incident.pk).version == incident.version


# --- acting


def test_acknowledge_with_a_note_names_who_and_a_second_click_changes_nothing(log_in: LogIn) -> None:
    incident = opened(a_rule())
    client = log_in(Role.SUPERVISOR)
    for _ in range(2):
        answer = client.post(f"/incidents/{incident.pk}/acknowledge/", {"note": "on it"})
        assert answer.headers["Location"] == f"/incidents/{incident.pk}/"
    found = Incident.objects.get(pk=incident.pk)
    assert (found.state, found.acknowledged_by, found.version) == ("acknowledged", "supervisor@example.com", 2)
    assert "on it" in text_of(client.get(f"/incidents/{incident.pk}/"))
    other = log_in(Role.ADMINISTRATOR)
    said = text_of(other.post(f"/incidents/{incident.pk}/acknowledge/", follow=True))
    assert "supervisor@example.com has it already." in said
    other.post(f"/incidents/{incident.pk}/unacknowledge/")
    assert Incident.objects.get(pk=incident.pk).state == "open"


def test_acknowledge_for_a_script_answers_the_state(log_in: LogIn) -> None:
    incident = opened(a_rule())
    answer = log_in(Role.SUPERVISOR).post(f"/incidents/{incident.pk}/acknowledge/", headers={"Accept": "application/json"})
    assert answer.json() == {
        "id": incident.pk,
        "state": "acknowledged",
        "acknowledged_by": "supervisor@example.com",
        "message": "You have it now.",
    }


@pytest.mark.parametrize(("wish", "hours"), [("15m", 0.25), ("1h", 1), ("4h", 4)])
def test_snooze_ends_when_it_says(log_in: LogIn, wish: str, hours: float) -> None:
    incident = opened(a_rule())
    client = log_in(Role.SUPERVISOR)
    before = datetime.now(UTC)
    client.post(f"/incidents/{incident.pk}/snooze/", {"for": wish, "zone": "Europe/Berlin"})
    until = Incident.objects.get(pk=incident.pk).snoozed_until
    assert until is not None
    assert timedelta(0) <= until - before - timedelta(hours=hours) < timedelta(seconds=30)
    client.post(f"/incidents/{incident.pk}/snooze/", {"for": "awake"})
    assert Incident.objects.get(pk=incident.pk).snoozed_until is None


def test_snooze_until_tomorrow_is_eight_by_the_clock_also_when_it_is_changed() -> None:
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    before_summer_time = datetime(2027, 3, 27, 22, 30, tzinfo=UTC)  # 23:30 there; that night has 23 hours
    assert until_of("tomorrow", before_summer_time, berlin) == datetime(2027, 3, 28, 6, 0, tzinfo=UTC)
    after_midnight = datetime(2027, 1, 5, 23, 30, tzinfo=UTC)  # 0:30 of the 6th there
    assert until_of("tomorrow", after_midnight, berlin) == datetime(2027, 1, 7, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("given", [{}, {"for": "never"}, {"for": ""}, {"for": "999h"}])
def test_snooze_that_says_nothing_is_said(log_in: LogIn, given: dict[str, str]) -> None:
    incident = opened(a_rule())
    answer = log_in(Role.SUPERVISOR).post(f"/incidents/{incident.pk}/snooze/", given, follow=True)
    assert "Choose how long to snooze." in text_of(answer)
    assert Incident.objects.get(pk=incident.pk).snoozed_until is None


@pytest.mark.parametrize("zone", ["", "Nowhere/At_All", "../../etc/passwd", "\x00", "x" * 500])
def test_snooze_with_a_zone_nobody_knows_takes_the_accounts(log_in: LogIn, zone: str) -> None:
    incident = opened(a_rule())
    answer = log_in(Role.SUPERVISOR).post(f"/incidents/{incident.pk}/snooze/", {"for": "tomorrow", "zone": zone})
    assert answer.status_code == 302
    assert Incident.objects.get(pk=incident.pk).snoozed_until is not None


def test_what_is_over_takes_notes_alone(log_in: LogIn) -> None:
    incident = resolved(a_rule())
    client = log_in(Role.SUPERVISOR)
    page = client.get(f"/incidents/{incident.pk}/").content.decode()
    assert "/acknowledge/" not in page
    assert "/snooze/" not in page
    assert "This incident is over" in text_of(client.post(f"/incidents/{incident.pk}/acknowledge/", follow=True))
    client.post(f"/incidents/{incident.pk}/note/", {"note": "it was the new IVR"})
    client.post(f"/incidents/{incident.pk}/note/", {"note": "it was the new IVR"})
    assert text_of(client.get(f"/incidents/{incident.pk}/")).count("it was the new IVR") == 1
    assert "A note needs words." in text_of(client.post(f"/incidents/{incident.pk}/note/", {"note": "  "}, follow=True))


def test_note_is_kept_without_what_no_database_takes_and_cut_to_its_length(log_in: LogIn) -> None:
    incident = opened(a_rule())
    log_in(Role.SUPERVISOR).post(f"/incidents/{incident.pk}/note/", {"note": "a\x00b" + "c" * 5000})
    kept = incident.transitions.get(what="noted").note
    assert (kept[:3], len(kept)) == ("abc", 1000)
    assert log_in(Role.ADMINISTRATOR).post(f"/incidents/{incident.pk}/note/", {"note": "\x00 "}).status_code == 302
    assert incident.transitions.filter(what="noted").count() == 1


@pytest.mark.parametrize("act", ["", "acknowledge/", "unacknowledge/", "snooze/", "note/"])
def test_incident_that_is_not_there_is_404(log_in: LogIn, act: str) -> None:
    client = log_in(Role.SUPERVISOR)
    answer = client.post(f"/incidents/7/{act}", {"for": "1h", "note": "x"}) if act else client.get("/incidents/7/")
    assert answer.status_code == 404
    assert "There is no such incident" in text_of(answer)


# --- one incident


def test_timeline_tells_what_happened_and_who_was_told_or_why_not(log_in: LogIn) -> None:
    rule = a_rule()
    for name in ("Dana", "Ravi", "Kim"):
        Step.objects.create(rule=rule, recipient=Recipient.objects.create(name=name, email=f"{name}@example.com"))
    incident = opened(rule)
    dana, ravi, kim = Notification.objects.order_by("recipient__name").all()[0:3]
    now = datetime.now(UTC)
    Notification.objects.filter(recipient__name="Dana").update(state="sent", sent_at=now)
    Notification.objects.filter(recipient__name="Kim").update(state="dropped", reason="It was over before the quiet hours were.")
    Notification.objects.filter(recipient__name="Ravi").update(due_at=now + timedelta(hours=2), reason="Quiet hours until 7:00.")
    acting.acknowledge(incident.pk, "dana@example.com", "on it", now)
    words = text_of(log_in(Role.SUPERVISOR).get(f"/incidents/{incident.pk}/"))
    assert {dana.what, ravi.what, kim.what} == {"opened"}
    for part in (
        "Opened · 7:42 · warning",
        "Told Dana of the opening, 7 min late",
        "Kim was not told of the opening It was over before the quiet hours were.",
        "Ravi is to be told of the opening, not before",
        "Quiet hours until 7:00.",
        "Acknowledged by dana@example.com on it",
        "Worst 7:42",
        "Limit 3:00",
    ):
        assert part in words, part
    assert "Dana@example.com" not in words


@pytest.mark.parametrize("what", Transition.What.values)
def test_every_kind_of_entry_has_words(log_in: LogIn, what: str) -> None:
    incident = opened(a_rule())
    Transition.objects.create(
        incident=incident, number=9, what=what, at=datetime.now(UTC), by="dana", note="n", severity="warning", value=3.0
    )
    assert log_in(Role.VIEWER).get(f"/incidents/{incident.pk}/").status_code == 200


def test_picture_shows_the_metric_before_and_during_with_the_limit_and_the_gap(log_in: LogIn) -> None:
    remembered(1, spikes=dict.fromkeys(range(5, 9), 400.0))
    incident = opened(a_rule(), ago=timedelta(minutes=8))
    figure = log_in(Role.VIEWER).get(f"/incidents/{incident.pk}/").context["figure"]
    traces = {trace["name"]: trace for trace in figure["data"]}
    values = [value for value in traces["value"]["y"] if value is not None]
    assert (min(values), max(values)) == (20.0, 400.0)
    assert [shape["name"] for shape in figure["layout"]["shapes"]] == ["held", "warning"]
    assert figure["layout"]["shapes"][1]["y0"] == 180.0


def test_incident_about_the_data_has_no_picture_and_says_what_is_wrong(log_in: LogIn) -> None:
    rule = a_rule(kind="lost", metric="")
    at = datetime.now(UTC)
    found = incidents.record(
        rule, "main", Happened(What.OPENED, at, Severity.CRITICAL, at, 60.0, None), now=at, detail="No data since 9:00."
    )
    assert found is not None
    answer = log_in(Role.VIEWER).get(f"/incidents/{found.pk}/")
    assert answer.context["figure"] is None
    assert "No data since 9:00." in text_of(answer)


def test_incident_without_redis_is_shown_from_the_database(log_in: LogIn, no_redis: None) -> None:
    incident = opened(a_rule())
    assert log_in(Role.VIEWER).get(f"/incidents/{incident.pk}/").status_code == 200


def test_hostile_words_are_words(log_in: LogIn) -> None:
    rule = a_rule(name=EVIL, scope_name=EVIL)
    Step.objects.create(rule=rule, recipient=Recipient.objects.create(name=EVIL, email="e@example.com"))
    incident = opened(rule)
    acting.note(incident.pk, EVIL, EVIL, datetime.now(UTC))
    client = log_in(Role.SUPERVISOR)
    for path in ("/incidents/", f"/incidents/{incident.pk}/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("path", ["/incidents/", "/incidents/{pk}/"])
def test_pages_ask_the_database_as_often_for_many_rows_as_for_few(log_in: LogIn, path: str) -> None:
    rule = a_rule()
    Step.objects.create(rule=rule, recipient=Recipient.objects.create(name="Dana", email="d@example.com"))
    incident = opened(rule, ago=timedelta(hours=20))
    client = log_in(Role.SUPERVISOR)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(path.format(pk=incident.pk)).status_code == 200
        return len(found)

    client.get(path.format(pk=incident.pk))
    few = queries()
    for number in range(12):
        other = a_rule(name=f"Rule {number}")
        opened(other, ago=timedelta(hours=number))
        resolved(a_rule(name=f"Past {number}"), ago=timedelta(hours=number + 1))
        acting.note(incident.pk, "dana", f"note {number}", datetime.now(UTC))
        Notification.objects.create(
            incident=incident,
            recipient=Recipient.objects.create(name=f"R{number}", email=f"r{number}@example.com"),
            what="reminder",
            once=f"x{number}",
            message_id=f"m{number}",
            due_at=datetime.now(UTC),
            created_at=datetime.now(UTC),
        )
    assert queries() <= few + 1  # the count of pages is asked when there is more than one
