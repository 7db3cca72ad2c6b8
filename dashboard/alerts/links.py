"""Links in letters that act without a password: signed, for one purpose, one incident and one recipient, and for a time only.

In:  what a link is for. Out: addresses; and a token read back, or one sentence that says why it is worth nothing.
A link alone does nothing: it leads to a page with one button (dashboard/incidents/by_mail.py), since mail scanners open every link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from enum import StrEnum
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.urls import reverse

from dashboard.alerts.shown_on import board_of
from dashboard.models import Incident, Recipient
from dashboard.words.phrases import ENGLISH

SALT = "dashboard.alerts.links"
LONGEST_TOKEN = 500
SNOOZE = timedelta(hours=1)
BEFORE = timedelta(minutes=2)  # what led to it is seen as well


class Purpose(StrEnum):
    ACKNOWLEDGE = "a"
    SNOOZE = "s"
    LEAVE = "l"


LIVES = {Purpose.ACKNOWLEDGE: timedelta(days=7), Purpose.SNOOZE: timedelta(hours=24), Purpose.LEAVE: timedelta(days=365)}


@dataclass(frozen=True, slots=True)
class Link:
    """A token that was read. `incident_id` is None for leaving."""

    purpose: Purpose
    recipient_id: int
    incident_id: int | None


class LinkError(Exception):
    """The token is worth nothing. `key`: the sentence for whoever pressed it; the text is the English one."""

    def __init__(self, key: str) -> None:
        super().__init__(ENGLISH.say(key))
        self.key = key


def incident_url(incident: Incident) -> str:
    """The incident's page, behind the login."""
    return f"{settings.SITE_URL}/incidents/{incident.pk}/"


def ticket_url(ticket_id: int) -> str:
    """The ticket's page on the desk, behind the login."""
    return f"{settings.SITE_URL}/desk/{ticket_id}/"


def rewind_url(incident: Incident) -> str:
    """The board that shows the incident's metric, as it was shortly before it opened, behind the login; "" where there is no board. Where
    none shows the metric the address names it, and the page says that it is not there."""
    path = rewind_path(incident)
    return f"{settings.SITE_URL}{path}" if path else ""


def rewind_path(incident: Incident) -> str:
    """The same for our own pages."""
    board, is_on_it = board_of(incident)
    if board is None:
        return ""
    at = (incident.opened_at - BEFORE).astimezone(UTC)
    named = "" if is_on_it else f"&metric={quote(incident.metric)}"
    return f"{reverse('rewind', args=[board.slug])}?at={at:%Y-%m-%dT%H:%M:%SZ}{named}"


def acknowledge_url(incident: Incident, recipient: Recipient) -> str:
    """Acknowledges the incident in the recipient's name; 7 days."""
    return _url(Purpose.ACKNOWLEDGE, recipient, incident)


def snooze_url(incident: Incident, recipient: Recipient) -> str:
    """Snoozes the incident for an hour; the link itself works for a day."""
    return _url(Purpose.SNOOZE, recipient, incident)


def leave_url(recipient: Recipient) -> str:
    """No more letters to this recipient; a year. Also what RFC 8058's one click posts to."""
    return _url(Purpose.LEAVE, recipient, None)


def read(token: str) -> Link:
    """LinkError for a token that is garbled, of another key, or too old."""
    if len(token) > LONGEST_TOKEN:
        raise LinkError("link.damaged")
    try:
        found = signing.loads(token, salt=SALT)
        purpose = Purpose(found["p"])
        link = Link(purpose, int(found["r"]), None if found.get("i") is None else int(found["i"]))
        signing.loads(token, salt=SALT, max_age=LIVES[purpose])
    except signing.SignatureExpired as error:
        raise LinkError("link.too_old") from error
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise LinkError("link.damaged") from error
    if (link.incident_id is None) != (purpose is Purpose.LEAVE):
        raise LinkError("link.damaged")
    return link


def _url(purpose: Purpose, recipient: Recipient, incident: Incident | None) -> str:
    given = {"p": purpose.value, "r": recipient.pk} | ({} if incident is None else {"i": incident.pk})
    return f"{settings.SITE_URL}{reverse('by-mail', args=[signing.dumps(given, salt=SALT)])}"
