"""What the tests of rules, recipients and quiet times share: people, a history, and a rule as its form sends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.test import Client

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.models import Role, Rule
from tests.history.filled import fill

LogIn = Callable[[Role], Client]
QUEUE = Feed("main", Endpoint.QUEUE)
Sent = dict[str, str]


def sent(**changed: str) -> Sent:
    """A complete form of a rule about the longest wait; an empty text stands for a field left empty."""
    form = {
        "metric": "longest_wait_time",
        "kind": "threshold",
        "direction": "above",
        "warning_enter": "3:00",
        "warning_leave": "",
        "warning_for": "30",
        "critical_enter": "5:00",
        "critical_leave": "4:30",
        "critical_for": "",
        "keep": "60",
        "cooldown": "5:00",
        "reminder": "30:00",
        "is_enabled": "on",
        "days": "7",
        "per_week": "2",
    }
    return {**form, **changed}


def remembered(days: int, *, spikes: dict[int, float] | None = None, usual: float = 20.0, now: datetime | None = None) -> None:
    """History of the longest wait up to now: `usual` seconds, but for the minutes given (counted back from now)."""
    end = (now or datetime.now(UTC)).replace(second=0, microsecond=0)
    found = spikes or {}
    minutes = days * 1440
    values = [found.get(minutes - number, usual) for number in range(minutes)]
    fill(QUEUE, {"longest_wait_time": values}, end - timedelta(minutes=minutes))


def a_rule(**changed: object) -> Rule:
    """A saved rule: warning above 3:00."""
    fields: dict[str, object] = {
        "name": "Longest wait",
        "metric": "longest_wait_time",
        "warning_enter": 180.0,
        "warning_leave": 160.0,
        "warning_for_s": 30,
        **changed,
    }
    return Rule.objects.create(**fields)


def text_of(answer: HttpResponse) -> str:
    """A page's words, without its markup."""
    page = re.sub(r"<script.*?</script>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&quot;", '"').replace("&#x27;", "'").split())
