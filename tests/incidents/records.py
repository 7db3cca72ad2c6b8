"""Incidents and a letter as they are kept, to look at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.alerts import incidents
from dashboard.domain.judging import Happened, What
from dashboard.domain.rules import Limit
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident, Rule
from tests.incidents.floor import QUEUE

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
