"""The rules after the first start: sensible, made once, and written to the administrator."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import redis as redis_py
from django.conf import settings as live_settings

from config.env import BASE_DIR, Env, KayakoEnv
from dashboard.accounts.first import FIRST_EMAIL
from dashboard.alerts import rules
from dashboard.alerts.defaults import KAYAKO_RULES, RULES, ensure_rules
from dashboard.alerts.judge import judge_feed
from dashboard.alerts.lost import judge_sources
from dashboard.domain.baseline import Baseline
from dashboard.domain.rules import limits_of, problems
from dashboard.models import Incident, Recipient, Role, Rule, User
from dashboard.store import snapshots
from tests.alerts.judged_floor import LATENCY, QUEUE, at, lay, queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def env(settings: Any) -> Env:
    found: Env = live_settings.ENV
    settings.ENV = dataclasses.replace(found, admin_email="Dana@example.com")
    made: Env = settings.ENV
    return made


def test_ensure_rules_makes_rules_that_can_all_be_judged(env: Env) -> None:
    ensure_rules(env)
    assert {made.key for made in Rule.objects.all()} == {
        "longest_wait",
        "longest_wait_spike",
        "no_agents",
        "data_lost",
        "source_error",
        "screen",
        "kayako_lost",
        "kayako_error",
    }
    assert [problems(rules.spec_of(made)) for made in Rule.objects.all()] == [[]] * (len(RULES) + 2)


def test_ensure_rules_with_a_kayako_watches_it_as_an_account_of_its_own(env: Env, redis: redis_py.Redis) -> None:
    with_kayako = dataclasses.replace(env, kayako=KayakoEnv("https://a.kayako.com", oauth_token="token"))
    ensure_rules(with_kayako)
    ensure_rules(with_kayako)
    lost, made = Rule.objects.filter(account="kayako").order_by("pk")
    assert [(each.key, problems(rules.spec_of(each))) for each in (lost, made)] == [("kayako_lost", []), ("kayako_error", [])]
    snapshots.save_stop(redis, "kayako", snapshots.Stop("auth", "Kayako refused the credentials.", at(0), "digest"))
    for second in range(0, 200, 5):
        judge_sources(redis, at(second))
    assert [opened.rule_id for opened in Incident.objects.filter(account="kayako")] == [made.pk]


def test_ensure_rules_again_changes_nothing_that_somebody_has_changed(env: Env) -> None:
    ensure_rules(env)
    Rule.objects.filter(key="longest_wait").update(warning_enter=99, name="Ours")
    Rule.objects.filter(key="no_agents").update(deleted_at=at(0))
    ensure_rules(env)
    assert Rule.objects.count() == len(RULES) + 2
    assert Rule.objects.get(key="longest_wait").warning_enter == 99
    assert Rule.objects.get(key="no_agents").deleted_at == at(0)


def test_ensure_rules_makes_the_administrator_a_recipient_once(env: Env) -> None:
    ensure_rules(env)
    ensure_rules(env)
    assert [one.email for one in Recipient.objects.all()] == ["dana@example.com"]


def test_ensure_rules_after_admin_email_changed_adds_the_new_address(env: Env) -> None:
    ensure_rules(env)
    ensure_rules(dataclasses.replace(env, admin_email="robin@example.com"))
    assert {one.email for one in Recipient.objects.all()} == {"dana@example.com", "robin@example.com"}


def test_ensure_rules_without_admin_email_takes_the_first_administrator(env: Env, settings: Any) -> None:
    settings.ENV = dataclasses.replace(env, admin_email="")
    User.objects.create(email=FIRST_EMAIL, role=Role.ADMINISTRATOR)
    ensure_rules(settings.ENV)
    assert Recipient.objects.get().email == FIRST_EMAIL


def test_default_spike_is_none_for_three_seconds_over_one(env: Env) -> None:
    ensure_rules(env)
    limits = limits_of(rules.spec_of(Rule.objects.get(key="longest_wait_spike")), Baseline(1, 0, 120))
    assert limits is not None
    assert limits.warning is not None
    assert limits.warning.enter >= 30


def test_default_rules_are_all_in_the_page_about_them() -> None:
    page = (BASE_DIR / "docs" / "alerts.md").read_text(encoding="utf-8")
    assert [made["name"] for made in (*RULES, *KAYAKO_RULES) if f"| {made['name']} |" not in page] == []


def steadily(redis: redis_py.Redis, start: int, end: int, longest_s: int, **fields: Any) -> None:
    for second in range(start, end):
        lay(redis, queue(longest_s, **fields), second)
        judge_feed(redis, QUEUE, at(second) + LATENCY)


def test_default_longest_wait_warns_after_thirty_seconds_and_is_critical_at_three_hundred(redis: redis_py.Redis, env: Env) -> None:
    ensure_rules(env)
    steadily(redis, 0, 30, 200)
    assert Incident.objects.count() == 0
    steadily(redis, 30, 32, 200)
    assert Incident.objects.get().severity == "warning"
    steadily(redis, 32, 34, 301)
    assert Incident.objects.get().severity == "critical"


def test_default_no_agent_online_needs_a_caller_who_waits(redis: redis_py.Redis, env: Env) -> None:
    ensure_rules(env)
    steadily(redis, 0, 60, 0, agents_online=0, calls_waiting=0)
    assert Incident.objects.count() == 0
    steadily(redis, 60, 80, 5, agents_online=0, calls_waiting=1)
    assert [one.rule_name for one in Incident.objects.all()] == ["No agent online while somebody waits"]
