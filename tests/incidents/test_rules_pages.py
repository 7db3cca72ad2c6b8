"""The pages of rules: who may, what a save does, trying a rule on the past, muting, deleting."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis as redis_py
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.alerts import incidents
from dashboard.alerts.holding import Holding, Kept, save
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.judging import Happened, Held, What
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident, Recipient, RecipientGroup, Role, Rule, Step
from dashboard.store import keys
from tests.incidents.floor import QUEUE, LogIn, a_rule, remembered, sent, text_of
from tests.live.examples import bodies, poll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


def opened(rule: Rule, *, ago: timedelta = timedelta(minutes=7), severity: Severity = Severity.WARNING) -> Incident:
    at = datetime.now(UTC) - ago
    found = incidents.record(rule, QUEUE.id, Happened(What.OPENED, at, severity, at, 200.0, None), now=at)
    assert found is not None
    return found


# --- who may


@pytest.mark.parametrize("path", ["/rules/", "/rules/new/", "/rules/{pk}/", "/rules/{pk}/backtest/", "/rules/{pk}/delete/"])
def test_rules_pages_need_a_login_and_are_not_for_viewers(client: Client, log_in: LogIn, path: str) -> None:
    path = path.format(pk=a_rule().pk)
    assert client.get(path).headers["Location"].startswith("/login/")
    answer = log_in(Role.VIEWER).get(path)
    assert answer.status_code == 403


@pytest.mark.parametrize("action", ["", "backtest/", "suggest/", "mute/", "delete/"])
def test_viewer_changes_nothing(log_in: LogIn, action: str) -> None:
    rule = a_rule()
    assert log_in(Role.VIEWER).post(f"/rules/{rule.pk}/{action}", sent(warning_enter="9:00", critical_enter="")).status_code == 403
    kept = Rule.objects.get(pk=rule.pk)
    assert (kept.warning_enter, kept.version, kept.deleted_at, kept.muted_until) == (180, 1, None, None)


def test_supervisor_does_not_delete(log_in: LogIn) -> None:
    rule = a_rule()
    client = log_in(Role.SUPERVISOR)
    assert client.post(f"/rules/{rule.pk}/delete/").status_code == 403
    assert "Delete this rule" not in text_of(client.get(f"/rules/{rule.pk}/"))


def test_changes_need_the_forms_token(log_in: LogIn) -> None:
    client = log_in(Role.SUPERVISOR)
    client.handler.enforce_csrf_checks = True
    assert client.post("/rules/new/", sent()).status_code == 403
    assert not Rule.objects.exists()


# --- saving


def test_new_rule_is_saved_with_who_made_it_and_workers_are_told(
    log_in: LogIn, redis: redis_py.Redis, django_capture_on_commit_callbacks: object
) -> None:
    leads = RecipientGroup.objects.create(name="Leads")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = log_in(Role.SUPERVISOR).post("/rules/new/", sent(step_whom_0=f"group:{leads.pk}"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rules/")
    rule = Rule.objects.get()
    assert rule.name == "Longest wait at or above 3:00"
    assert (rule.warning_enter, rule.version, rule.changed_by) == (180, 1, "supervisor@example.com")
    assert [(step.after_s, step.group) for step in rule.steps.all()] == [(0, leads)]
    assert redis.get(keys.RULES_VERSION) == b"1"


def test_new_rule_is_saved_without_redis(log_in: LogIn, no_redis: None, django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = log_in(Role.SUPERVISOR).post("/rules/new/", sent())
    assert answer.status_code == 302
    assert Rule.objects.count() == 1


def test_change_counts_the_version_up_clears_an_error_and_replaces_the_steps(log_in: LogIn) -> None:
    dana, sam = (Recipient.objects.create(name=name, email=f"{name}@example.com") for name in ("dana", "sam"))
    rule = a_rule(error="It failed.", error_at=datetime.now(UTC))
    Step.objects.create(rule=rule, recipient=dana)
    answer = log_in(Role.SUPERVISOR).post(f"/rules/{rule.pk}/", sent(version="1", step_after_0="5", step_whom_0=f"recipient:{sam.pk}"))
    assert answer.status_code == 302
    kept = Rule.objects.get()
    assert (kept.version, kept.error, kept.error_at, kept.changed_by) == (2, "", None, "supervisor@example.com")
    assert [(step.after_s, step.recipient) for step in kept.steps.all()] == [(300, sam)]


def test_change_that_somebody_was_faster_with_is_refused_and_changes_nothing(log_in: LogIn) -> None:
    rule = a_rule(version=4, changed_by="dana@example.com")
    answer = log_in(Role.SUPERVISOR).post(f"/rules/{rule.pk}/", sent(version="3", warning_enter="4:00"))
    assert answer.status_code == 409
    assert "dana@example.com has changed this rule since you opened it" in text_of(answer)
    assert Rule.objects.get().warning_enter == 180


def test_wrong_form_is_shown_again_with_what_was_typed(log_in: LogIn) -> None:
    answer = log_in(Role.SUPERVISOR).post("/rules/new/", sent(warning_leave="4:00", name="<b>Mine</b>"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "it would never be over" in page
    assert "&lt;b&gt;Mine" in page
    assert "<b>Mine" not in page
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("changed", "is_open"),
    [
        ({"warning_enter": "4:00"}, True),
        ({"is_enabled": ""}, False),
        ({"scope_ids": "12"}, False),
        ({"metric": "average_wait_time"}, False),
    ],
)
def test_change_closes_what_is_open_only_when_it_judges_something_else(log_in: LogIn, changed: dict[str, str], is_open: bool) -> None:
    rule = a_rule()
    incident = opened(rule)
    assert log_in(Role.SUPERVISOR).post(f"/rules/{rule.pk}/", sent(version="1", **changed)).status_code == 302
    incident.refresh_from_db()
    assert (incident.resolved_at is None) is is_open


def test_deleted_rule_is_gone_from_the_list_and_closes_what_is_open(log_in: LogIn) -> None:
    rule = a_rule()
    incident = opened(rule)
    client = log_in(Role.ADMINISTRATOR)
    assert "Delete “Longest wait”?" in text_of(client.get(f"/rules/{rule.pk}/delete/"))
    assert Rule.objects.get().deleted_at is None
    assert client.post(f"/rules/{rule.pk}/delete/").status_code == 302
    kept, ended = Rule.objects.get(), Incident.objects.get(pk=incident.pk)
    assert kept.deleted_at is not None
    assert ended.resolved_at is not None
    assert client.get(f"/rules/{rule.pk}/").status_code == 404
    assert "There is no rule." in text_of(client.get("/rules/"))


def test_metric_that_the_plan_does_not_send_is_not_enabled(log_in: LogIn, redis: redis_py.Redis) -> None:
    """The latest answer says which plan it is; without one, nothing is refused."""
    form = sent(metric="abandon_ratio", warning_enter="5 %", warning_leave="", critical_enter="", critical_leave="")
    client, account = log_in(Role.SUPERVISOR), Feed("main", Endpoint.ACCOUNT)
    poll(redis, account, bodies(professional=False)[account], datetime.now(UTC))
    answer = client.post("/rules/new/", form)
    assert answer.status_code == 422
    assert "Zendesk Talk does not send “Abandoned today” on your plan" in text_of(answer)
    # A feed of one line that was never polled yet: the account's own answer tells.
    assert client.post("/rules/new/", form | {"scope_ids": "12"}).status_code == 422
    assert "this rule stays off" in text_of(
        client.post("/rules/new/", {name: value for name, value in form.items() if name != "is_enabled"}, follow=True)
    )
    redis.flushall()
    assert client.post("/rules/new/", form).status_code == 302


# --- muting


@pytest.mark.parametrize(("wish", "hours"), [("1h", 1), ("4h", 4), ("1d", 24), ("1w", 168)])
def test_mute_ends_after_the_chosen_time_and_keeps_the_version(log_in: LogIn, wish: str, hours: int) -> None:
    rule = a_rule()
    log_in(Role.SUPERVISOR).post(f"/rules/{rule.pk}/mute/", {"for": wish})
    kept = Rule.objects.get()
    assert kept.muted_until is not None
    assert abs(kept.muted_until - datetime.now(UTC) - timedelta(hours=hours)) < timedelta(minutes=1)
    assert kept.version == 1


@pytest.mark.parametrize(
    ("until", "sentence"),
    [("", "not a day and a time"), ("2020-01-01T10:00", "must end in the future"), ("tomorrow", "not a day"), ("2999-01-01T10:00", "year")],
)
def test_mute_until_a_wrong_moment_says_so(log_in: LogIn, until: str, sentence: str) -> None:
    rule = a_rule()
    answer = log_in(Role.SUPERVISOR).post(f"/rules/{rule.pk}/mute/", {"for": "until", "until": until}, follow=True)
    assert sentence in text_of(answer)
    assert Rule.objects.get().muted_until is None


def test_mute_is_ended(log_in: LogIn) -> None:
    rule = a_rule(muted_until=datetime.now(UTC) + timedelta(hours=1))
    log_in(Role.SUPERVISOR).post(f"/rules/{rule.pk}/mute/", {"for": "end"})
    assert Rule.objects.get().muted_until is None


# --- the list


def test_list_says_how_each_rule_stands(log_in: LogIn, redis: redis_py.Redis) -> None:
    now = datetime.now(UTC)
    waiting, calm = a_rule(name="Waiting"), a_rule(name="Calm", muted_until=now + timedelta(hours=1))
    a_rule(name="Off", is_enabled=False)
    a_rule(name="Broken", error="Its lines are no numbers.")
    opened(a_rule(name="Open"), severity=Severity.CRITICAL)
    pending = Held(now, Severity.WARNING, warning_since=now - timedelta(seconds=20))
    held = Holding(now, {waiting.pk: Kept(1, pending), calm.pk: Kept(1, Held(now))})
    save(redis, QUEUE.id, before=Holding(None, {}), after=held)
    page = text_of(log_in(Role.SUPERVISOR).get("/rules/"))
    for words in (
        "Waiting pending · beyond its limit for 0:2",
        "Calm ok · muted until",
        "Off off · not judged",
        "Broken error · switched off: Its lines are no numbers.",
        "Open open · critical, for 7 min",
    ):
        assert words in page, words


def test_list_says_that_a_rule_without_new_readings_is_not_known_to_be_ok(log_in: LogIn, redis: redis_py.Redis) -> None:
    rule, at = a_rule(name="Wait"), datetime.now(UTC) - timedelta(seconds=100)
    save(redis, QUEUE.id, before=Holding(None, {}), after=Holding(at, {rule.pk: Kept(1, Held(at))}))
    assert "Wait unknown · no data for 10" in text_of(log_in(Role.SUPERVISOR).get("/rules/"))


def test_list_says_when_a_rule_reaches_nobody(log_in: LogIn, settings: Any) -> None:
    settings.ENV = dataclasses.replace(settings.ENV, admin_email="lee@example.com")
    lee = Recipient.objects.create(name="Lee", email="lee@example.com")
    a_rule(name="Wait")
    client = log_in(Role.SUPERVISOR)
    assert "the administrator Change" in text_of(client.get("/rules/"))
    lee.left_at = datetime.now(UTC)
    lee.save()
    assert "nobody: the administrator wants no mail" in text_of(client.get("/rules/"))


def test_list_without_redis_still_shows_what_is_open(log_in: LogIn, no_redis: None) -> None:
    opened(a_rule(name="Open"))
    a_rule(name="Other")
    page = text_of(log_in(Role.SUPERVISOR).get("/rules/"))
    assert "Open open · warning" in page
    assert "Other unknown · Redis does not answer" in page


def test_list_counts_the_last_28_days_and_asks_the_database_no_more_for_more_rules(log_in: LogIn) -> None:
    client = log_in(Role.SUPERVISOR)
    leads = RecipientGroup.objects.create(name="Leads")
    counts = []
    for _ in range(2):
        for number in range(5):
            rule = a_rule(name=f"Rule {number}")
            Step.objects.create(rule=rule, group=leads)
            incidents.close(opened(rule, ago=timedelta(days=40)).pk, "x", datetime.now(UTC))
            opened(rule)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = text_of(client.get("/rules/"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert re.search(r"\d\d:\d\d 1 Leads", page)


# --- on the past


def test_backtest_button_shows_what_the_unsaved_rule_would_have_told(log_in: LogIn) -> None:
    remembered(7, spikes={3000 + minute: 250.0 for minute in range(5)} | {500 + minute: 400.0 for minute in range(3)})
    answer = log_in(Role.SUPERVISOR).post("/rules/new/backtest/", sent())
    page = text_of(answer)
    assert answer.status_code == 200
    assert "this rule would have told 2 times (1 critical): about 2 a week" in page
    assert 'id="past-figure"' in answer.content.decode()
    assert 'value="3:00"' in answer.content.decode()
    assert not Rule.objects.exists()


def test_backtest_of_a_saved_rule_changes_nothing(log_in: LogIn) -> None:
    remembered(2)
    rule = a_rule()
    answer = log_in(Role.SUPERVISOR).post(f"/rules/{rule.pk}/backtest/", sent(warning_enter="9:00", critical_enter="", days="2"))
    assert "would have told nobody anything" in text_of(answer)
    assert Rule.objects.get().warning_enter == 180


def test_backtest_without_history_says_so(log_in: LogIn) -> None:
    assert "There is no history of this metric" in text_of(log_in(Role.SUPERVISOR).post("/rules/new/backtest/", sent()))


def test_backtest_without_redis_takes_the_minutes(log_in: LogIn, no_redis: None) -> None:
    remembered(7, spikes={500 + minute: 250.0 for minute in range(5)})
    assert "would have told once" in text_of(log_in(Role.SUPERVISOR).post("/rules/new/backtest/", sent()))


def test_backtest_of_a_wrong_form_says_what_is_wrong(log_in: LogIn) -> None:
    answer = log_in(Role.SUPERVISOR).post("/rules/new/backtest/", sent(warning_enter="soon"))
    assert answer.status_code == 422
    assert "“soon” is not a time" in text_of(answer)


def test_backtest_address_opened_by_hand_leads_to_the_form(log_in: LogIn) -> None:
    assert log_in(Role.SUPERVISOR).get("/rules/new/backtest/").headers["Location"] == "/rules/new/"


def test_suggestion_fills_the_limit_in_and_saves_nothing(log_in: LogIn) -> None:
    # Each day one peak of five minutes, of 100, 150, … 400 s: two a week lie above 340 or so.
    peaks = {day * 1440 + 700 + minute: 100.0 + 50 * day for day in range(7) for minute in range(5)}
    remembered(7, spikes=peaks)
    answer = log_in(Role.SUPERVISOR).post("/rules/new/suggest/", sent(critical_enter="", critical_leave="", per_week="2"))
    page = answer.content.decode()
    typed = re.search(r'name="warning_enter" value="(\d):(\d\d)"', page)
    assert typed is not None
    assert 300 < int(typed.group(1)) * 60 + int(typed.group(2)) <= 350
    assert "The limit is filled in; it is not saved yet." in page
    assert "would have told 2 times" in page
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("per_week", "sentence"), [("", "Write how many alerts a week"), ("-1", "Write how many"), ("nan", "Write how many")]
)
def test_suggestion_for_a_wrong_number_says_so(log_in: LogIn, per_week: str, sentence: str) -> None:
    answer = log_in(Role.SUPERVISOR).post("/rules/new/suggest/", sent(per_week=per_week))
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_suggestion_with_too_little_history_says_so(log_in: LogIn) -> None:
    remembered(2, spikes={500: 250.0})
    assert "needs at least 3 days" in text_of(log_in(Role.SUPERVISOR).post("/rules/new/suggest/", sent()))


def test_rule_about_the_data_itself_has_no_past(log_in: LogIn) -> None:
    rule = a_rule(kind="lost", metric="", name="Data lost", warning_enter=60.0, warning_leave=60.0)
    client = log_in(Role.SUPERVISOR)
    assert "Try it on the past" not in text_of(client.get(f"/rules/{rule.pk}/"))
    answer = client.post(f"/rules/{rule.pk}/backtest/", sent(critical_enter="", critical_leave=""))
    assert answer.status_code == 200
