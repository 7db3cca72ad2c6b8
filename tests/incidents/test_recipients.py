"""People, channels and groups: who may, what may be typed, tests that are sent."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.incidents.recipients_form import change_words, quiet_words
from dashboard.models import Recipient, RecipientGroup, Role, Rule, Step, Via
from tests.incidents.floor import LogIn, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]

PERSON = {
    "name": "Dana Whitfield",
    "email": "dana@example.com",
    "time_zone": "Europe/Berlin",
    "quiet_from": "",
    "quiet_to": "",
    "critical_breaks_quiet": "on",
    "is_active": "on",
}
SECRET = "json://hooks.example.com/services/T0K3N"


def dana(**changed: Any) -> Recipient:
    return Recipient.objects.create(**{"name": "Dana", "email": "dana@example.com", **changed})


def channel() -> Recipient:
    return dana(name="Floor", email="", via=Via.CHANNEL, url_encrypted="unreadable", url_shown="json://hooks.example.com")


# --- who may


@pytest.mark.parametrize("path", ["", "new/", "{pk}/", "groups/new/"])
def test_recipients_are_not_for_viewers(log_in: LogIn, path: str) -> None:
    assert log_in(Role.VIEWER).get(f"/recipients/{path.format(pk=dana().pk)}").status_code == 403


@pytest.mark.parametrize("path", ["{pk}/test/", "{pk}/back/", "{pk}/delete/"])
def test_viewer_changes_no_recipient(log_in: LogIn, path: str) -> None:
    person = dana(left_at=datetime.now(UTC))
    assert log_in(Role.VIEWER).post(f"/recipients/{path.format(pk=person.pk)}").status_code == 403
    assert Recipient.objects.get().left_at is not None


def test_channels_and_deleting_are_for_administrators_alone(log_in: LogIn) -> None:
    client, found = log_in(Role.SUPERVISOR), channel()
    group = RecipientGroup.objects.create(name="Leads")
    assert client.get("/recipients/new/?via=channel").status_code == 403
    assert client.post(f"/recipients/{found.pk}/", PERSON).status_code == 403
    assert client.post(f"/recipients/{found.pk}/delete/").status_code == 403
    assert client.post(f"/recipients/groups/{group.pk}/delete/").status_code == 403
    assert "New channel" not in text_of(client.get("/recipients/"))
    assert Recipient.objects.count() == RecipientGroup.objects.count() == 1


# --- people


def test_person_is_saved(log_in: LogIn) -> None:
    answer = log_in(Role.SUPERVISOR).post("/recipients/new/", PERSON | {"quiet_from": "22:00", "quiet_to": "07:00"}, follow=True)
    person = Recipient.objects.get()
    assert (person.name, person.email, person.via, person.time_zone) == ("Dana Whitfield", "dana@example.com", Via.EMAIL, "Europe/Berlin")
    assert (person.quiet_from, person.quiet_to, person.critical_breaks_quiet) == (time(22), time(7), True)
    assert "“Dana Whitfield” is saved. Quiet from 22:00 until 07:00 the next day, Europe/Berlin." in text_of(answer)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Write a name."),
        ({"email": ""}, "Write the e-mail address."),
        ({"email": "dana"}, "“dana” is not an e-mail address; write one such as dana@example.com."),
        ({"email": "dana@example.com, sam@example.com"}, "is not an e-mail address"),
        ({"email": "a@b.example\nBcc: x@y.example"}, "is not an e-mail address"),
        ({"email": "SAM@example.com"}, "SAM@example.com is told already, as “Sam”."),
        ({"time_zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone; write one such as Europe/Berlin"),
        ({"time_zone": "../../etc/passwd"}, "is not a time zone"),
        ({"time_zone": ""}, "Write a time zone"),
        ({"quiet_from": "22:00"}, "Quiet hours need both times, or neither."),
        ({"quiet_to": "07:00"}, "Quiet hours need both times, or neither."),
        ({"quiet_from": "25:00", "quiet_to": "07:00"}, "Write a time of day such as 22:00."),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "Both times are the same, which would be never."),
    ],
)
def test_person_with_a_wrong_field_is_told_in_one_sentence(log_in: LogIn, changed: dict[str, str], sentence: str) -> None:
    dana(name="Sam", email="sam@example.com")
    answer = log_in(Role.SUPERVISOR).post("/recipients/new/", PERSON | changed)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert Recipient.objects.count() == 1


def test_person_is_changed_and_keeps_their_own_address(log_in: LogIn) -> None:
    person = dana()
    log_in(Role.SUPERVISOR).post(f"/recipients/{person.pk}/", PERSON | {"is_active": ""})
    assert (Recipient.objects.get().name, Recipient.objects.get().is_active) == ("Dana Whitfield", False)


def test_person_reads_mails_and_tests_in_their_language(log_in: LogIn, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    person, client = dana(), log_in(Role.SUPERVISOR)
    client.post(f"/recipients/{person.pk}/", PERSON | {"language": "de"})
    assert Recipient.objects.get().language == "de"
    assert '<option value="de" selected>Deutsch</option>' in client.get(f"/recipients/{person.pk}/").content.decode()
    client.post(f"/recipients/{person.pk}/", PERSON)  # a form without the field changes nothing of it
    assert Recipient.objects.get().language == "de"
    refused = client.post(f"/recipients/{person.pk}/", PERSON | {"language": "tlh"})
    assert (refused.status_code, "Queuelight does not speak that language." in text_of(refused)) == (422, True)
    client.post(f"/recipients/{person.pk}/test/")
    assert "Subject: Test von Queuelight: Alarme erreichen Sie" in next((tmp_path / "mail").glob("*.eml")).read_text(encoding="utf-8")


def test_somebody_who_left_is_shown_as_such_and_can_come_back(log_in: LogIn) -> None:
    person, client = dana(left_at=datetime(2026, 11, 1, 9, tzinfo=UTC)), log_in(Role.SUPERVISOR)
    assert "has left Sun 1 Nov 09:00" in text_of(client.get("/recipients/"))
    client.post(f"/recipients/{person.pk}/back/")
    assert Recipient.objects.get().left_at is None


def test_deleting_asks_first_and_leaves_the_rules_alone(log_in: LogIn) -> None:
    person, client = dana(), log_in(Role.ADMINISTRATOR)
    Step.objects.create(rule=Rule.objects.create(name="x", metric="calls_waiting"), recipient=person)
    assert "Delete “Dana”?" in text_of(client.get(f"/recipients/{person.pk}/delete/"))
    client.post(f"/recipients/{person.pk}/delete/")
    assert (Recipient.objects.count(), Rule.objects.count(), Step.objects.count()) == (0, 1, 0)


# --- channels


def test_channels_address_is_kept_and_never_shown_again(log_in: LogIn) -> None:
    client = log_in(Role.ADMINISTRATOR)
    form = {name: value for name, value in PERSON.items() if name != "email"}
    assert client.post("/recipients/new/?via=channel", form | {"url": SECRET}).status_code == 302
    found = Recipient.objects.get()
    assert found.via == Via.CHANNEL
    assert "T0K3N" not in found.url_encrypted + found.url_shown
    for path in ("/recipients/", f"/recipients/{found.pk}/"):
        assert "T0K3N" not in client.get(path).content.decode()
    kept = found.url_encrypted
    assert client.post(f"/recipients/{found.pk}/", form | {"url": "", "name": "Renamed"}).status_code == 302
    found.refresh_from_db()
    assert (found.name, found.url_encrypted) == ("Renamed", kept)


@pytest.mark.parametrize("url", ["", "nonsense", "made-up-service://x"])
def test_channel_with_a_wrong_address_says_so_and_does_not_repeat_it(log_in: LogIn, url: str) -> None:
    form = {name: value for name, value in PERSON.items() if name != "email"}
    answer = log_in(Role.ADMINISTRATOR).post("/recipients/new/?via=channel", form | {"url": url})
    assert answer.status_code == 422
    assert 'class="form-error"' in answer.content.decode()
    assert not Recipient.objects.exists()


# --- tests that are sent


def test_test_to_a_person_is_handed_over(log_in: LogIn, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    answer = log_in(Role.SUPERVISOR).post(f"/recipients/{dana().pk}/test/", follow=True)
    assert "A test for “Dana” has been handed over." in text_of(answer)
    letter = next((tmp_path / "mail").glob("*.eml")).read_text(encoding="utf-8")
    assert "To: dana@example.com" in letter.replace("<", "").replace(">", "") or "dana@example.com" in letter
    assert "alerts reach you" in letter


def test_test_that_fails_says_why(log_in: LogIn) -> None:
    answer = log_in(Role.SUPERVISOR).post(f"/recipients/{channel().pk}/test/", follow=True)
    assert "The test for “Floor” failed:" in text_of(answer)


def test_tests_are_sent_by_a_post_alone(log_in: LogIn) -> None:
    assert log_in(Role.SUPERVISOR).get(f"/recipients/{dana().pk}/test/").status_code == 405


# --- groups


def test_group_is_made_changed_and_deleted(log_in: LogIn) -> None:
    client, person = log_in(Role.ADMINISTRATOR), dana()
    client.post("/recipients/groups/new/", {"name": "Leads", "members": [person.pk]})
    group = RecipientGroup.objects.get()
    assert list(group.members.all()) == [person]
    client.post(f"/recipients/groups/{group.pk}/", {"name": "Night leads"})
    assert (RecipientGroup.objects.get().name, group.members.count()) == ("Night leads", 0)
    client.post(f"/recipients/groups/{group.pk}/delete/")
    assert not RecipientGroup.objects.exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": ""}, "Write a name."),
        ({"name": "leads"}, "There is a group “leads” already."),
        ({"name": "New", "members": ["999999"]}, "One of these is no recipient"),
        ({"name": "New", "members": ["x"]}, "One of these is no recipient"),
    ],
)
def test_group_with_a_wrong_field_is_told_in_one_sentence(log_in: LogIn, form: dict[str, Any], sentence: str) -> None:
    RecipientGroup.objects.create(name="Leads")
    dana()
    answer = log_in(Role.SUPERVISOR).post("/recipients/groups/new/", form)
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_list_asks_the_database_no_more_for_more_recipients(log_in: LogIn) -> None:
    client, counts = log_in(Role.SUPERVISOR), []
    for round_number in range(2):
        for number in range(4):
            person = dana(name=f"P{number}", email=f"p{round_number}{number}@example.com")
            RecipientGroup.objects.create(name=f"G{round_number}{number}").members.add(person)
        with CaptureQueriesContext(connection) as queries:
            client.get("/recipients/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_hostile_names_are_shown_as_text(log_in: LogIn) -> None:
    dana(name="<script>alert(1)</script>", last_error="<img src=x onerror=alert(1)>", last_error_at=datetime.now(UTC))
    page = log_in(Role.SUPERVISOR).get("/recipients/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


# --- quiet hours in words

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (None, None, ""),
        (time(22), time(7), "22:00 until 07:00 the next day, Europe/Berlin"),
        (time(12), time(13, 30), "12:00 until 13:30, Europe/Berlin"),
    ],
)
def test_quiet_hours_are_said_in_words(begins: time | None, ends: time | None, words: str) -> None:
    assert quiet_words(Recipient(time_zone="Europe/Berlin", quiet_from=begins, quiet_to=ends)) == words


@pytest.mark.parametrize(
    ("zone", "begins", "ends", "words"),
    [
        ("Europe/Berlin", time(22), time(7), ""),
        (
            "Europe/Berlin",
            time(22),
            time(2, 30),
            "On 28 March 2027 the clock skips 02:30: that night it means 03:00, when the clocks change.",
        ),
        (
            "Europe/Berlin",
            time(2, 15),
            time(6),
            "On 28 March 2027 the clock skips 02:15: that night it means 03:00, when the clocks change.",
        ),
        ("America/New_York", time(1, 30), time(6), "On 7 November 2027 the clock shows 01:30 twice"),
        ("UTC", time(2, 30), time(6), ""),
    ],
)
def test_quiet_hours_at_a_change_of_the_clocks_say_what_happens(zone: str, begins: time, ends: time, words: str) -> None:
    found = change_words(Recipient(time_zone=zone, quiet_from=begins, quiet_to=ends), NOW)
    assert found.startswith(words)
    assert bool(found) is bool(words)


def test_quiet_hours_that_are_near_a_change_in_time_are_not_said_a_year_later() -> None:
    recipient = Recipient(time_zone="Europe/Berlin", quiet_from=time(2, 30), quiet_to=time(6))
    assert "28 March 2027" in change_words(recipient, NOW)
    assert "31 October 2027" in change_words(recipient, NOW + timedelta(days=140))
