"""Letters on the pages: mail that waits, mail that went out late, and the box."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis as redis_py

from config.mail_env import MailEnv, Security
from dashboard.alerts import mail_server
from dashboard.alerts.box import Box
from dashboard.incidents.page import said
from dashboard.models import Board, Notification, Recipient, Role, Step
from tests.incidents.floor import LogIn, a_rule, text_of
from tests.incidents.records import LETTER, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


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
