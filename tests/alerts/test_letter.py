"""Letters: both twins say the same, hostile names harm neither, they thread, and say what they do not know."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import redis as redis_py

from dashboard.alerts import letter
from dashboard.alerts.delivery_types import Letter
from dashboard.alerts.transports import BoxTransport, box
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AgentActivity, AgentsActivity, Body, QueueActivity, Reading
from dashboard.models import Incident, IncidentTicket, Notification, Recipient, Rule
from dashboard.store import snapshots
from dashboard.store.series import series_of
from tests.alerts.long_wait import SINCE, long_wait

NOW = SINCE + timedelta(seconds=282)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]


@pytest.fixture
def dana() -> Recipient:
    return Recipient.objects.create(name="Dana", email="dana@example.com")


def incident(**changes: Any) -> Incident:
    """At 5:00 when it was last seen, two minutes after it began."""
    rule = Rule.objects.create(name="Longest wait", metric="longest_wait_time", warning_enter=180, warning_leave=165)
    seen_at = SINCE + timedelta(seconds=120)
    then: dict[str, Any] = {"value": 300, "worst_value": 300, "opened_at": seen_at, "last_seen_at": seen_at}
    found = long_wait(**({"rule": rule} | then | changes))
    found.save()
    return found


def notification(of: Incident, to: Recipient, what: str = "opened", **columns: Any) -> Notification:
    number = Notification.objects.count()
    base: dict[str, Any] = {"once": f"test.{number}", "due_at": NOW, "message_id": f"<{number}@x>", "created_at": NOW}
    return Notification.objects.create(incident=of, recipient=to, what=what, **(base | columns))


def poll(redis: redis_py.Redis, at: datetime = NOW) -> None:
    """7:42, 17 wait, nobody is free."""
    bodies: dict[Endpoint, Body] = {
        Endpoint.QUEUE: QueueActivity(3, 200, 462, 17, 2, 0),
        Endpoint.AGENTS: AgentsActivity(
            (
                AgentActivity(1, "Amara Okafor", "online", "on_call", calls_accepted=20),
                AgentActivity(2, "Zoë Lind", "online", "wrap_up", calls_accepted=4),
                AgentActivity(3, "Jonas Weber", "away"),
            )
        ),
    }
    for endpoint, body in bodies.items():
        snapshots.save_reading(redis, Feed("main", endpoint), Reading(body, at))


def words(text: str) -> list[str]:
    return re.findall(r"\d[\d:.%]*|[^\W\d]{3,}", text)


def seen(found: Letter) -> str:
    """What somebody reads in the HTML."""
    return " ".join(html.unescape(re.sub(r"<(style|title).*?</\1>|<[^>]+>", " ", found.html, flags=re.DOTALL)).split())


def test_letter_says_what_somebody_at_night_needs(redis: redis_py.Redis, dana: Recipient) -> None:
    poll(redis)
    found = letter.compose([notification(incident(), dana)], NOW)
    assert found.subject == "Longest wait 7:42 on Support line, at or above 3:00 for 4:42"
    for part in (
        "CRITICAL",
        "Now: 7:42  (seen 09:04:42, 0 s before this mail)",
        "Limit: 3:00  (at or above since 09:00:00)",
        "Calls waiting: 17  (and 2 for a callback)",
        "Agents: 0 available  (1 on call · 1 wrap-up · 1 away)",
        "Nobody has acknowledged it yet.",
        "/incidents/",
        "names nobody to tell",
    ):
        assert part in found.text
    assert not re.search("Amara|Okafor|Jonas", found.text + found.html)


def test_both_twins_say_the_same(redis: redis_py.Redis, dana: Recipient) -> None:
    poll(redis)
    for what in ("opened", "worse", "reminder"):
        found = letter.compose([notification(incident(scope=f"main:current_queue_activity:{len(what)}"), dana, what)], NOW)
        plain, rich = found.text.partition("\n-- ")[0], seen(found)
        plain = re.sub(r"https?://\S+", "", plain)
        assert set(words(plain)) - set(words(rich)) <= {"UTC"}


def test_number_that_is_old_is_not_called_now(redis: redis_py.Redis, dana: Recipient) -> None:
    poll(redis, NOW - timedelta(seconds=60))
    found = letter.compose([notification(incident(), dana)], NOW)
    assert "Now:" not in found.text
    assert "Last known: 5:00" in found.text
    assert "(and 2 for a callback, as of 09:03:42)" in found.text


def test_reminder_of_what_nobody_sees_just_now_says_so(redis: redis_py.Redis, dana: Recipient) -> None:
    poll(redis, NOW - timedelta(seconds=60))
    found = letter.compose([notification(incident(), dana, "reminder")], NOW)
    assert found.subject == "Still open: Longest wait 5:00 on Support line, at or above 3:00 for 2:00 when last seen"
    assert "It was at or above 3:00 for 2:00 when last seen." in found.text


def test_reminder_of_what_is_seen_just_now_speaks_of_now(redis: redis_py.Redis, dana: Recipient) -> None:
    poll(redis)
    found = letter.compose([notification(incident(), dana, "reminder")], NOW)
    assert found.subject == "Still open: Longest wait 7:42 on Support line, at or above 3:00 for 4:42"
    assert "It is at or above 3:00 for 4:42." in found.text


def test_letter_goes_out_also_without_the_store(no_redis: None, dana: Recipient) -> None:
    found = letter.compose([notification(incident(), dana)], NOW)
    assert found.subject == "Longest wait 5:00 on Support line, at or above 3:00 for 2:00"
    assert "Calls waiting" not in found.text


def test_hostile_names_stay_text_and_end_no_header(dana: Recipient, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    bad = incident(scope_name="<script>x</script>\r\nBcc: all@example.com", rule_name="<b>rule</b>\n{{ 7|add:1 }}")
    found = letter.compose([notification(bad, dana)], NOW)
    assert "<script>" not in found.html
    assert "<b>rule" not in found.html
    assert "\n" not in found.subject
    BoxTransport(box()).hand_over(dana, found)
    written = message_from_bytes(next((tmp_path / "mail").glob("*.eml")).read_bytes(), policy=default)
    assert written["Bcc"] is None
    assert written["Subject"].startswith("Longest wait 5:00 on <script>x</script> Bcc: all@example.com")


def test_letters_of_an_incident_thread_with_the_first_one_that_was_sent(dana: Recipient) -> None:
    one = incident()
    first = notification(one, dana)
    assert "References" not in letter.compose([first], NOW).headers
    Notification.objects.filter(pk=first.pk).update(state="sent")
    later = letter.compose([notification(one, dana, "reminder")], NOW)
    assert (later.headers["References"], later.headers["In-Reply-To"], later.message_id) == ("<0@x>", "<0@x>", "<1@x>")
    other = Recipient.objects.create(name="Eli", email="eli@example.com")
    assert "References" not in letter.compose([notification(one, other, "reminder")], NOW).headers


def test_letter_names_its_links_and_headers(dana: Recipient) -> None:
    found = letter.compose([notification(incident(), dana)], NOW)
    assert found.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found.headers["List-Unsubscribe"].startswith("<http")
    assert found.headers["Auto-Submitted"] == "auto-generated"
    assert found.headers["Date"] == "Fri, 20 Nov 2026 09:04:42 +0000"
    assert len(re.findall(r"/i/[\w:-]+/", found.text)) == 3


def test_letter_leads_to_the_incidents_ticket_where_there_is_one(dana: Recipient) -> None:
    told = notification(incident(), dana)
    assert told.incident is not None
    row = IncidentTicket.objects.create(incident=told.incident, account="main", external_id="x", due_at=NOW, created_at=NOW)
    assert "/desk/" not in letter.compose([told], NOW).text
    IncidentTicket.objects.filter(pk=row.pk).update(ticket_id=26155588908179)
    composed = letter.compose([told], NOW)
    assert "The ticket #26155588908179: http://127.0.0.1:8000/desk/26155588908179/" in composed.text
    assert "The ticket #26155588908179</a>" in composed.html


def test_acknowledged_incident_offers_no_acknowledging_and_an_end_offers_nothing(dana: Recipient) -> None:
    taken = incident(acknowledged_at=NOW, acknowledged_by="eli@example.com")
    found = letter.compose([notification(taken, dana, "worse")], NOW)
    assert "Acknowledged by eli@example.com." in found.text
    assert "Acknowledge:" not in found.text
    back_at = SINCE + timedelta(seconds=550)
    Incident.objects.update(recovering_at=back_at, resolved_at=back_at + timedelta(seconds=60), worst_value=724)
    taken.refresh_from_db()
    over = letter.compose([notification(taken, dana, "resolved")], back_at + timedelta(seconds=61))
    assert over.subject == "Resolved: longest wait on Support line was at or above 3:00 for 9:10, highest 12:04"
    assert "Snooze" not in over.text
    assert "RESOLVED" in over.text


def test_end_of_what_got_worse_tells_the_limit_and_the_time_of_its_headline(redis: redis_py.Redis, dana: Recipient) -> None:
    back_at = SINCE + timedelta(seconds=550)
    poll(redis, back_at)
    worse = incident(
        limit=300,
        opened_limit=180,
        limit_since_at=SINCE + timedelta(seconds=120),
        worst_value=724,
        for_s=30,
        recovering_at=back_at,
        resolved_at=back_at + timedelta(seconds=60),
    )
    found = letter.compose([notification(worse, dana, "resolved")], back_at + timedelta(seconds=61))
    assert found.subject == "Resolved: longest wait on Support line was at or above 3:00 for 9:10, highest 12:04"
    assert "Limit: 3:00  (at or above from 09:00:00 until 09:09:10)" in found.text
    assert "5:00" not in found.text


def test_each_twin_explains_the_signs_that_it_has(redis: redis_py.Redis, dana: Recipient) -> None:
    poll(redis)
    series_of(Feed("main", Endpoint.QUEUE), 1.0).append(redis, NOW, {"longest_wait_time": 462.0})
    found = letter.compose([notification(incident(), dana)], NOW)
    assert "highest of each 5 min; · no data" in found.text
    assert "dark bars" not in found.text
    assert "dark bars are at or above 3:00; – no data" in seen(found)


def test_late_letter_says_how_late(dana: Recipient) -> None:
    found = letter.compose([notification(incident(), dana)], NOW + timedelta(minutes=58))
    assert "This mail is 58 min late" in found.text
    assert "This mail is 58 min late" in seen(found)
    assert (
        "late" not in letter.compose([notification(incident(scope="main:current_queue_activity:1"), dana)], NOW + timedelta(seconds=3)).text
    )


def many(count: int, to: Recipient) -> Sequence[Notification]:
    return [
        notification(incident(scope=f"main:current_queue_activity:{number}", scope_name=f"Line {number}"), to) for number in range(count)
    ]


def test_digest_names_what_happened_at_once(dana: Recipient) -> None:
    found = letter.compose(many(3, dana), NOW)
    assert found.subject == "3 alerts at once: 3 critical; first: Longest wait 5:00 on Line 0, at or above 3:00 for 2:00"
    assert all(f"on Line {number}" in found.text and f"on Line {number}" in found.html for number in range(3))
    assert found.message_id == "<0@x>"


def test_digest_of_a_storm_stays_below_what_mail_programs_cut(dana: Recipient) -> None:
    found = letter.compose(many(60, dana), NOW)
    assert "and 30 more." in found.text
    assert len(found.html.encode()) < 100_000


def test_longest_letter_stays_below_what_mail_programs_cut(redis: redis_py.Redis, dana: Recipient) -> None:
    poll(redis)
    found = letter.compose([notification(incident(scope_name="x" * 80, rule_name="y" * 80), dana)], NOW)
    assert len(found.html.encode()) < 60_000


def test_nothing_to_tell_is_an_error(dana: Recipient) -> None:
    with pytest.raises(ValueError, match="tells something"):
        letter.compose([], NOW)
