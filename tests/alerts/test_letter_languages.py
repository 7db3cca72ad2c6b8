"""Letters in each language: the subject, a sentence of the body, the direction; nothing English left in them; digests too."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import redis as redis_py

from dashboard.alerts import letter
from dashboard.models import Board, Incident, Notification, Recipient
from dashboard.words.phrases import END, ISOLATE
from dashboard.words.tables import LANGUAGES
from tests.alerts.long_wait import SINCE
from tests.alerts.test_letter import NOW, incident, notification, poll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]

SUBJECTS = {
    "en": "Longest wait 7:42 on Support line, at or above 3:00 for 4:42",
    "es": "Espera máxima 7:42 en Support line, en 3:00 o más desde hace 4:42",
    "de": "Längste Wartezeit 7:42 bei Support line, bei 3:00 oder mehr seit 4:42",
    "fr": "Attente max. 7:42 sur Support line, à 3:00 ou plus depuis 4:42",
    "zh-hans": "Support line：最长等待 7:42，达到或超过 3:00，已持续 4:42",
    "ar": "أطول انتظار 7:42 على Support line، عند 3:00 أو فوقه منذ 4:42",
}
SENTENCES = {
    "en": "Nobody has acknowledged it yet.",
    "es": "Nadie lo atiende todavía.",
    "de": "Noch hat ihn niemand übernommen.",
    "fr": "Personne ne l’a encore pris en charge.",
    "zh-hans": "尚无人接手。",
    "ar": "لم يتولّه أحد بعد.",
}
DATES = {
    "en": "Friday 20 November, 09:04",
    "es": "viernes, 20 de noviembre, 09:04",
    "de": "Freitag, 20. November, 09:04",
    "fr": "vendredi 20 novembre, 09:04",
    "zh-hans": "11月20日 星期五 09:04",
    "ar": "الجمعة 20 نوفمبر، 09:04",
}
NAMES = {"Longest", "wait", "Support", "line", "Line", "Queuelight", "Zendesk", "Talk", "UTC", "main", "screen", "Hall"}


def told(language: str) -> Recipient:
    return Recipient.objects.create(name=language, email=f"{language}@example.com", language=language)


def seen(text: str) -> str:
    """What a reader sees of a part, without addresses and without the signs that keep names apart."""
    body = re.sub(r"<style.*?</style>|<title.*?</title>", " ", text, flags=re.DOTALL)
    plain = html.unescape(re.sub(r"<[^>]+>", " ", body)).replace(ISOLATE, "").replace(END, "")
    return re.sub(r"https?://\S+", "", plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_letter_is_in_the_recipients_language(redis: redis_py.Redis, language: str) -> None:
    poll(redis)
    Board.objects.get_or_create(slug="main", defaults={"title": "Main"})
    found = letter.compose([notification(incident(), told(language))], NOW)
    assert seen(found.subject) == SUBJECTS[language]
    for part in (found.text, found.html):
        assert SENTENCES[language] in seen(part)
        assert DATES[language] in seen(part)
    tag, direction = ("zh-Hans" if language == "zh-hans" else language), ("rtl" if language == "ar" else "ltr")
    assert f'<html lang="{tag}" dir="{direction}">' in found.html
    assert found.headers["Content-Language"] == tag
    assert "?at=2026-11-20T09:00:00Z" in found.text
    assert ("acknowledged" in found.text) == (language == "en")


OPEN: dict[str, Any] = {}
OVER: dict[str, Any] = {"recovering_at": SINCE + timedelta(seconds=550), "resolved_at": SINCE + timedelta(seconds=610), "worst_value": 724}
LATE: dict[str, Any] = {"kind": "lost", "metric": "", "detail": "The queue: nothing has come.", "limit": 60, "value": 90}


@pytest.mark.parametrize("language", ["zh-hans", "ar"])
@pytest.mark.parametrize(
    ("what", "columns"),
    [
        ("opened", OPEN),
        ("worse", {"kind": "spike", "for_s": 30, "worst_value": 500}),
        ("reminder", {"snoozed_until": NOW + timedelta(hours=1), "direction": "below"}),
        ("resolved", OVER),
        ("opened", LATE),
        ("resolved", LATE | OVER),
        ("opened", LATE | {"kind": "source"}),
        ("resolved", LATE | OVER | {"kind": "source"}),
        ("opened", LATE | {"kind": "screen", "scope_name": "Hall screen"}),
        ("opened", LATE | {"kind": "source", "scope": "rule:7"}),
    ],
)
def test_letter_in_another_script_has_no_english_word(redis: redis_py.Redis, language: str, what: str, columns: dict[str, Any]) -> None:
    poll(redis)
    one = incident(**columns)
    one.rule.while_metric = "calls_waiting"
    found = letter.compose([notification(one, told(language), what, due_at=NOW - timedelta(hours=1))], NOW)
    said = f"{found.subject}\n{seen(found.text)}\n{seen(found.html)}"
    assert {word for word in re.findall(r"[A-Za-z]{2,}", said) if word not in NAMES} == set()
    assert not re.search(r"[a-z]+\.[a-z_]+|\{\w+\}", said)


def test_digest_is_in_the_language_of_its_one_recipient(redis: redis_py.Redis) -> None:
    def many(language: str) -> list[Notification]:
        to = told(language)
        return [notification(incident(scope=f"main:current_queue_activity:{n}", scope_name=f"Line {n}"), to) for n in range(3)]

    german, arabic = letter.compose(many("de"), NOW), letter.compose(many("ar"), NOW)
    assert german.subject == "3 Alarme auf einmal: 3 kritisch; zuerst: Längste Wartezeit 5:00 bei Line 0, bei 3:00 oder mehr seit 2:00"
    assert "KRITISCH: Längste Wartezeit 5:00 bei Line 2" in german.text
    assert "seit 09:00:00" in german.html
    assert seen(arabic.subject).startswith("3 تنبيهات دفعة واحدة: 3 حرج؛ أولها:")
    assert 'dir="rtl"' in arabic.html


def test_names_in_a_letter_from_right_to_left_keep_their_own_direction(redis: redis_py.Redis) -> None:
    found = letter.compose([notification(incident(scope_name="Line (A)\n"), told("ar"))], NOW)
    assert f"{ISOLATE}Line (A){END}" in found.subject
    assert found.subject.count(ISOLATE) == found.subject.count(END)
    assert "\n" not in found.subject


def test_recipient_of_a_language_that_is_gone_reads_english(redis: redis_py.Redis) -> None:
    found = letter.compose([notification(incident(), told("tlh"))], NOW)
    assert SENTENCES["en"] in found.text
    assert Incident.objects.count() == 1
