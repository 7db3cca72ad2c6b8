"""The list of incidents, one incident's page, what may be done there, and the box of letters."""

from __future__ import annotations

import dataclasses
import json
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis as redis_py
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.mail_env import MailEnv, Security
from dashboard.alerts import acting, incidents, mail_server, shown
from dashboard.alerts.box import Box
from dashboard.domain.judging import Happened, What
from dashboard.domain.rules import Limit
from dashboard.domain.thresholds import Severity
from dashboard.incidents.acts import until_of
from dashboard.incidents.page import said
from dashboard.models import Board, Incident, Notification, Recipient, Role, Rule, Step, Transition
from dashboard.store import keys
from tests.incidents.floor import QUEUE, LogIn, a_rule, remembered, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]

EVIL = "<script>alert(1)</script> مريم"


def opened(rule: Rule, *, ago: timedelta = timedelta(minutes=7), severity: Severity = Severity.WARNING) -> Incident:
    at = datetime.now(UTC) - ago
    found = incidents.record(rule, QUEUE.id, Happened(What.OPENED, at, severity, at, 462.0, Limit(180.0, 160.0, 30)), now=at)
    assert found is not None
    return found


def resolved(rule: Rule, *, ago: timedelta = timedelta(minutes=7)) -> Incident:
    found = opened(rule, ago=ago)
    at = found.opened_at + timedelta(minutes=3)
    incidents.record(rule, QUEUE.id, Happened(What.RESOLVED, at, Severity.WARNING, at, 20.0, None), now=at)
    return Incident.objects.get(pk=found.pk)


# --- who may


def test_incidents_need_a_login(client: Client) -> None:
    incident = opened(a_rule())
    for path in ("/incidents/", f"/incidents/{incident.pk}/", "/mail/"):
        assert client.get(path).headers["Location"] == f"/login/?next={path}"


def test_viewer_reads_and_finds_nothing_to_press(log_in: LogIn) -> None:
    incident = opened(a_rule())
    client = log_in(Role.VIEWER)
    assert "Longest wait 7:42, above 3:00" in text_of(client.get("/incidents/"))
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


# --- the list


def test_list_puts_the_worst_first_and_the_past_below(log_in: LogIn) -> None:
    opened(a_rule(name="A"), ago=timedelta(minutes=30))
    opened(a_rule(name="B", scope_name="Night line"), severity=Severity.CRITICAL)
    resolved(a_rule(name="C"), ago=timedelta(hours=3))
    answer = log_in(Role.VIEWER).get("/incidents/")
    assert [row.incident.rule_name for row in answer.context["open"]] == ["B", "A"]
    assert [row.incident.rule_name for row in answer.context["past"]] == ["C"]
    assert "Longest wait up to 7:42, above 3:00" in text_of(answer)
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
    assert row.lasted.startswith("5:0")
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
    assert row.text == "Longest wait 15:00, above 3:00"
    assert row.since == said(at - timedelta(seconds=720))
    assert row.lasted.startswith("12:0")


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


# --- mail that waits


def test_pages_say_since_when_mail_waits_why_and_until_when(log_in: LogIn) -> None:
    incident = opened(a_rule())
    client = log_in(Role.VIEWER)
    pages = ("/incidents/", f"/incidents/{incident.pk}/")
    for path in pages:
        assert "Mail has been waiting" not in text_of(client.get(path))
    now = datetime.now(UTC)
    mail_server.note_away("The mail server <b>smtp</b> did not answer.", now, 0.5)
    for path in pages:
        words = text_of(client.get(path))
        assert f"Mail has been waiting since {now:%a %-d %b %H:%M}. The mail server &lt;b&gt;smtp&lt;/b&gt; did not answer." in words
        assert "next try" in words
    mail_server.note_back()
    for path in pages:
        assert "Mail has been waiting" not in text_of(client.get(path))


def test_notification_that_went_out_late_says_by_how_much_after_it_was_due_and_not_after_a_hold(log_in: LogIn) -> None:
    rule = a_rule()
    for name in ("Dana", "Kim"):
        Step.objects.create(rule=rule, recipient=Recipient.objects.create(name=name, email=f"{name}@example.com"))
    incident = opened(rule, ago=timedelta(hours=9))
    due = incident.opened_at
    Notification.objects.filter(recipient__name="Dana").update(state="sent", due_at=due, sent_at=due + timedelta(minutes=58))
    held = due + timedelta(hours=8)
    Notification.objects.filter(recipient__name="Kim").update(state="sent", due_at=held, sent_at=held + timedelta(seconds=1))
    words = text_of(log_in(Role.VIEWER).get(f"/incidents/{incident.pk}/"))
    assert "Told Dana of the opening, 58 min late" in words
    assert words.count(" late") == 1


def test_moment_of_another_year_names_it() -> None:
    assert said(datetime(2019, 3, 5, 9, 0, 7, tzinfo=UTC)) == "Tue 5 Mar 2019 09:00"
    assert said(datetime(2019, 3, 5, 9, 0, 7, tzinfo=UTC), seconds=True) == "Tue 5 Mar 2019 09:00:07"
    assert str(datetime.now(UTC).year) not in said(datetime.now(UTC))


# --- the box


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Box:
    settings.DATA_DIR = tmp_path
    return Box(tmp_path / "mail")


LETTER = b"""From: queuelight@example.com
To: dana@example.com
Subject: Longest wait <b>7:42</b>
Date: Sun, 22 Nov 2026 04:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain; charset=utf-8

Longest wait 7:42 <script>
--x
Content-Type: text/html; charset=utf-8

<p>Longest wait</p><script>alert(1)</script>
--x--
"""


def test_letters_in_the_box_are_read_as_text_and_as_html_without_rights(log_in: LogIn, box: Box, redis: redis_py.Redis) -> None:
    box.put("<" + "a" * 32 + "@example.com>", LETTER)
    client = log_in(Role.SUPERVISOR)
    assert "Longest wait &lt;b&gt;7:42&lt;/b&gt;" in client.get("/mail/").content.decode()
    assert client.get("/mail/latest/").json()["letters"][0]["subject"] == "Longest wait <b>7:42</b>"
    page = client.get(f"/mail/{'a' * 32}/").content.decode()
    assert "Longest wait 7:42 &lt;script&gt;" in page
    assert 'sandbox="allow-popups"' in page
    html = client.get(f"/mail/{'a' * 32}/html/")
    policy = html.headers["Content-Security-Policy"]
    for word in ("default-src 'none'", "script-src 'none'", "sandbox allow-popups", "form-action 'none'"):
        assert word in policy
    assert "'self'" not in policy.replace("frame-ancestors 'self'", "")


@pytest.mark.parametrize("name", ["b" * 32, "..%2F..%2Fsecret_key", "x"])
def test_letter_that_is_not_there_is_404(log_in: LogIn, box: Box, name: str) -> None:
    client = log_in(Role.SUPERVISOR)
    assert client.get(f"/mail/{name}/").status_code == 404
    assert client.get(f"/mail/{name}/html/").status_code == 404


def test_supervisors_page_shows_the_newest_letters_to_those_who_may_read_them(log_in: LogIn, box: Box, board: Board) -> None:
    box.put("<" + "a" * 32 + "@example.com>", LETTER)
    assert f"/mail/{'a' * 32}/" in log_in(Role.SUPERVISOR).get("/").content.decode()
    page = log_in(Role.VIEWER).get("/").content.decode()
    assert "/mail/" not in page
    assert "data-act" not in page


def test_supervisors_page_has_no_letters_once_a_mail_server_is_set(log_in: LogIn, box: Box, board: Board, settings: Any) -> None:
    box.put("<" + "a" * 32 + "@example.com>", LETTER)
    settings.ENV = dataclasses.replace(settings.ENV, mail=MailEnv("smtp.example.com", 587, Security.STARTTLS))
    client = log_in(Role.SUPERVISOR)
    assert "/mail/" not in client.get("/").content.decode()
    assert "these letters were written before" in text_of(client.get("/mail/"))
