"""The links in mails: they do nothing by being opened, one thing by the button, and say what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import redis as redis_py
from django.core import signing
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from time_machine import travel

from dashboard.alerts import acting, links
from dashboard.domain.judging import What
from dashboard.models import Incident, Recipient
from tests.alerts import telling
from tests.incidents.floor import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis", "plain_static")]

START = telling.START


@pytest.fixture(autouse=True)
def _signed_at_the_start() -> Iterator[None]:
    with travel(START, tick=False):
        yield


@pytest.fixture
def dana(db: None) -> Recipient:
    return telling.recipient("dana")


@pytest.fixture
def incident(dana: Recipient, redis: redis_py.Redis) -> Incident:
    return telling.opened(telling.told_by(telling.rule(scope_name="Support line"), dana))


def path(url: str) -> str:
    return urlsplit(url).path


def phone() -> Client:
    """A browser that knows nothing of us, and that a CSRF check would stop."""
    return Client(enforce_csrf_checks=True)


def get(url: str, at: datetime = START) -> HttpResponse:
    with travel(at, tick=False):
        return phone().get(path(url))


def press(url: str, at: datetime = START, **fields: str) -> HttpResponse:
    with travel(at, tick=False):
        return phone().post(path(url), fields)


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def all_urls(incident: Incident, dana: Recipient) -> list[str]:
    return [links.acknowledge_url(incident, dana), links.snooze_url(incident, dana), links.leave_url(dana)]


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_shows_one_button_and_changes_nothing(incident: Incident, dana: Recipient, method: str) -> None:
    for url in all_urls(incident, dana):
        answer = getattr(phone(), method)(path(url))
        assert answer.status_code == 200
        assert answer.content.count(b"<button") == (1 if method == "get" else 0)
        assert answer.cookies == {}
    after = fresh(incident)
    assert (after.acknowledged_at, after.snoozed_until, after.version) == (None, None, incident.version)
    dana.refresh_from_db()
    assert dana.left_at is None


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(incident: Incident, dana: Recipient, method: str) -> None:
    for url in all_urls(incident, dana):
        assert getattr(phone(), method)(path(url)).status_code == 405


def test_pages_of_links_are_kept_by_nobody_and_tell_nobody(incident: Incident, dana: Recipient) -> None:
    for url in [*all_urls(incident, dana), "/i/garbled/"]:
        answer = get(url)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]


def test_button_acknowledges_in_the_recipients_name_and_says_so(incident: Incident, dana: Recipient) -> None:
    url = links.acknowledge_url(incident, dana)
    for after_s in (60, 600):  # pressed again later, it says the same
        answer = press(url, START + timedelta(seconds=after_s))
        assert answer.status_code == 200
        assert "Acknowledged by dana@example.com, Mon 23 Nov 09:01 (UTC)." in text_of(answer)
        assert b"<button" not in answer.content
    after = fresh(incident)
    assert (after.acknowledged_by, after.acknowledged_at) == ("dana@example.com", START + timedelta(seconds=60))
    assert after.transitions.filter(what="acknowledged").count() == 1


def test_button_that_comes_second_says_who_was_first(incident: Incident, dana: Recipient) -> None:
    acting.acknowledge(incident.pk, "kim@example.com", "", START)
    assert "Acknowledged by kim@example.com" in text_of(press(links.acknowledge_url(incident, dana)))
    assert fresh(incident).acknowledged_by == "kim@example.com"


def test_button_snoozes_for_an_hour_once(incident: Incident, dana: Recipient) -> None:
    url = links.snooze_url(incident, dana)
    for after_s in (0, 1800):  # the page loaded again must not make it longer
        assert "No reminders until Mon 23 Nov 10:00 (UTC)." in text_of(press(url, START + timedelta(seconds=after_s)))
    assert fresh(incident).snoozed_until == START + timedelta(hours=1)
    later = START + timedelta(hours=2)
    assert b"<button" in get(url, later).content
    press(url, later)
    assert fresh(incident).snoozed_until == later + timedelta(hours=1)


def test_links_of_what_is_over_say_so_and_do_nothing(incident: Incident, dana: Recipient) -> None:
    assert incident.rule is not None
    telling.record(incident.rule, What.RESOLVED, START + timedelta(minutes=5))
    for url in all_urls(incident, dana)[:2]:
        for answer in (get(url, START + timedelta(minutes=6)), press(url, START + timedelta(minutes=6))):
            assert "This incident is over" in text_of(answer)
            assert b"<button" not in answer.content
    assert (fresh(incident).acknowledged_at, fresh(incident).snoozed_until) == (None, None)


@pytest.mark.parametrize("fields", [{}, {"List-Unsubscribe": "One-Click"}])
def test_leaving_by_button_or_by_one_click(dana: Recipient, fields: dict[str, str]) -> None:
    url = links.leave_url(dana)
    for after_s in (0, 60):
        answer = press(url, START + timedelta(seconds=after_s), **fields)
        assert (answer.status_code, "gets no more alerts" in text_of(answer)) == (200, True)
    dana.refresh_from_db()
    assert dana.left_at == START
    assert b"<button" not in get(url).content


def test_links_end(incident: Incident, dana: Recipient) -> None:
    for url, life in zip(all_urls(incident, dana), (timedelta(days=7), timedelta(hours=24), timedelta(days=365)), strict=True):
        assert get(url, START + life - timedelta(minutes=1)).status_code == 200
        for answer in (get(url, START + life + timedelta(minutes=1)), press(url, START + life + timedelta(minutes=1))):
            assert (answer.status_code, b"<button" in answer.content) == (410, False)
    assert fresh(incident).acknowledged_at is None


def test_garbled_and_forged_tokens_are_worth_nothing(incident: Incident, dana: Recipient) -> None:
    good = path(links.acknowledge_url(incident, dana)).split("/")[2]
    forged = [
        good[:-2] + ("aa" if good[-2:] != "aa" else "bb"),
        "x" + good,
        good[: len(good) // 2],
        "a" * 5000,
        "a:b:c",
        "ä",
        signing.dumps({"p": "a", "r": dana.pk, "i": incident.pk}, salt="another"),
        signing.dumps({"p": "z", "r": dana.pk, "i": incident.pk}, salt=links.SALT),
        signing.dumps({"p": "a", "r": dana.pk}, salt=links.SALT),
        signing.dumps({"p": "l", "r": dana.pk, "i": incident.pk}, salt=links.SALT),
        signing.dumps([1, 2], salt=links.SALT),
        signing.dumps("text", salt=links.SALT),
        signing.dumps({"p": "a", "r": "x" * 20, "i": 1}, salt=links.SALT),
    ]
    for token in forged:
        for answer in (phone().get(f"/i/{token}/"), phone().post(f"/i/{token}/")):
            assert answer.status_code == 410, token[:60]
            assert "Longest wait" not in text_of(answer)
    assert fresh(incident).acknowledged_at is None


def test_link_of_somebody_who_was_switched_off_or_removed_is_worth_nothing(incident: Incident, dana: Recipient) -> None:
    url = links.acknowledge_url(incident, dana)
    Recipient.objects.filter(pk=dana.pk).update(is_active=False)
    assert press(url).status_code == 410
    Recipient.objects.filter(pk=dana.pk).delete()
    assert press(url).status_code == 410
    assert fresh(incident).acknowledged_at is None


def test_page_shows_this_incident_and_nothing_of_others(incident: Incident, dana: Recipient) -> None:
    other = telling.opened(telling.rule(name="Secret rule", scope_name="Secret line"), START)
    shown = text_of(get(links.acknowledge_url(incident, dana)))
    assert "Longest wait" in shown
    assert "on Support line" in shown
    assert "Secret" not in shown
    assert f"/incidents/{other.pk}/" not in shown


def test_hostile_names_stay_text(dana: Recipient) -> None:
    hostile = telling.opened(telling.rule(name="<script>x</script>", scope_name='"><img src=x onerror=y>'))
    page = get(links.acknowledge_url(hostile, dana)).content
    assert b"<img" not in page
    assert b"onerror=y&gt;" in page


def test_great_body_is_not_read(incident: Incident, dana: Recipient) -> None:
    answer = phone().post(path(links.acknowledge_url(incident, dana)), b"x" * 5_000_000, content_type="text/plain")
    assert answer.status_code == 200


def test_database_that_does_not_answer_is_said(dana: Recipient) -> None:
    def away(*_: object) -> object:
        raise OperationalError("gone")

    with connection.execute_wrapper(away):
        answer = phone().post(path(links.leave_url(dana)))
    assert answer.status_code == 503
    assert "the database does not answer" in text_of(answer)


def test_page_speaks_the_recipients_language(incident: Incident, dana: Recipient) -> None:
    Recipient.objects.filter(pk=dana.pk).update(language="ar")
    shown = get(links.acknowledge_url(incident, dana)).content.decode()
    assert '<html lang="ar" dir="rtl"' in shown
    assert "هل تتولّون هذا الحادث؟" in shown
    assert "تحذير، منذ" in re.sub("[\u2068\u2069]", "", shown)
    assert "تم تولّيه" in text_of(press(links.acknowledge_url(incident, dana)))
    assert "لا تذكيرات حتى" in text_of(press(links.snooze_url(incident, dana)))
    assert "لا مزيد من التنبيهات" in text_of(press(links.leave_url(dana)))


def test_page_of_a_link_that_is_worth_nothing_speaks_the_browsers_language(dana: Recipient) -> None:
    answer = phone().get("/i/garbled/", headers={"accept-language": "fr-CA,fr;q=0.9,en;q=0.8"})
    assert answer.status_code == 410
    assert "Ce lien est abîmé." in text_of(answer)
    assert '<html lang="fr" dir="ltr"' in answer.content.decode()
