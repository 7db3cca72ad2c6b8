"""A letter's figures after an incident got worse: the duration belongs to the limit beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis as redis_py

from dashboard.alerts import incidents, wording
from dashboard.alerts.wording import Figure
from dashboard.domain.judging import Happened, What
from dashboard.domain.rules import Limit
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident, Kind, Rule
from tests.alerts import telling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]
SINCE = telling.START - timedelta(seconds=282)  # the caller at the head passed 3:00


@pytest.fixture
def rule(redis: redis_py.Redis) -> Rule:
    return telling.rule(scope_name="Support line")


def worse(rule: Rule, for_s: float = 0.0) -> Incident:
    """Above 3:00 since 9:00 less 4:42; above 5:00 two minutes later."""
    line = SINCE + timedelta(seconds=120)
    _record(rule, What.OPENED, 30, Severity.WARNING, 210.0, Limit(180, 120, 30))
    found = _record(rule, What.WORSE, 120 + for_s, Severity.CRITICAL, 300.0 + for_s, Limit(300, 240, for_s))
    assert found.limit_since_at == line
    return found


def _record(rule: Rule, what: What, after_s: float, severity: Severity, value: float, limit: Limit | None) -> Incident:
    at = SINCE + timedelta(seconds=after_s)
    passed = {What.WORSE: 120, What.RECOVERING: 550, What.RESOLVED: 550}.get(what, 0)
    since = SINCE + timedelta(seconds=passed)
    found = incidents.record(rule, telling.FEED, Happened(what, at, severity, since, value, limit), now=at)
    assert found is not None
    return Incident.objects.select_related("rule").get(pk=found.pk)


@pytest.mark.parametrize("for_s", [0.0, 45.0])
def test_wait_that_got_critical_is_above_that_limit_since_it_passed_it(rule: Rule, for_s: float) -> None:
    found = worse(rule, for_s)
    said = wording.subject("worse", found, Figure(462.0, telling.START))
    assert said == "Now critical: Longest wait 7:42 on Support line, at or above 5:00 for 2:42"


def test_wait_that_eased_is_above_the_first_limit_since_the_beginning(rule: Rule) -> None:
    worse(rule)
    found = _record(rule, What.EASED, 240, Severity.WARNING, 260.0, Limit(180, 120, 30))
    assert wording.subject("reminder", found, Figure(462.0, telling.START)) == (
        "Still open: Longest wait 7:42 on Support line, at or above 3:00 for 4:42"
    )


def test_wait_that_is_over_tells_of_the_whole_incident(rule: Rule) -> None:
    worse(rule)
    _record(rule, What.RECOVERING, 550, Severity.CRITICAL, 20.0, None)
    found = _record(rule, What.RESOLVED, 610, Severity.CRITICAL, 20.0, None)
    Incident.objects.filter(pk=found.pk).update(worst_value=724.0)
    found.refresh_from_db()
    figure = Figure(20.0, telling.START)
    said = "Resolved: longest wait on Support line was at or above 3:00 for 9:10, highest 12:04"
    assert wording.subject("resolved", found, figure) == said


def test_lost_data_is_lost_since_it_was_last_there(redis: redis_py.Redis) -> None:
    silent = Rule.objects.create(name="No data", kind=Kind.LOST, warning_enter=60.0)
    at = telling.START
    found = incidents.record(silent, "main", Happened(What.OPENED, at, Severity.WARNING, at, 60.0, Limit(60, 0)), now=at)
    assert found is not None
    figure = Figure(None, at + timedelta(seconds=30), live=False)
    assert wording.headline(found, figure) == "No data from Zendesk Talk for 1:30"
    assert wording.since(found, figure) == figure.at - timedelta(seconds=90)
