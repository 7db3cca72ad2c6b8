"""The form of a rule: what may be typed, and the sentence beside what may not."""

from __future__ import annotations

import dataclasses

import pytest
from django.conf import settings
from django.test import override_settings

from dashboard.domain.catalogue import CATALOGUE
from dashboard.incidents.rules_choices import initial_of, metric_choices
from dashboard.incidents.rules_form import RuleForm
from dashboard.models import Recipient, RecipientGroup, Rule, Step
from dashboard.models.rule import Direction, Kind
from tests.incidents.floor import a_rule, sent

pytestmark = pytest.mark.django_db


def form_of(rule: Rule | None = None, *, on_plan: bool = True, **changed: str) -> RuleForm:
    return RuleForm(sent(**changed), rule=rule or Rule(), not_sent=lambda _: not on_plan)


def test_form_makes_a_rule_of_what_was_typed() -> None:
    form = form_of(scope_ids="34, 12 12", scope_name="Support line", warning_for="0:45", critical_for="90")
    assert form.is_valid(), form.errors
    rule = form.rule
    assert (rule.metric, rule.kind, rule.direction) == ("longest_wait_time", Kind.THRESHOLD, Direction.ABOVE)
    assert (rule.warning_enter, rule.warning_leave, rule.warning_for_s) == (180, 160, 45)  # a tenth below, in steps of 5 s
    assert (rule.critical_enter, rule.critical_leave, rule.critical_for_s) == (300, 270, 90)
    assert (rule.line_ids, rule.group_ids, rule.scope_name) == ([12, 34], [], "Support line")
    assert (rule.keep_s, rule.cooldown_s, rule.reminder_s, rule.is_enabled) == (60, 300, 1800, True)
    assert rule.name == "Longest wait of Support line at or above 3:00"


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"metric": ""}, "metric", "Choose the metric"),
        ({"metric": "made_up"}, "metric", "made_up"),
        ({"warning_enter": "three"}, "warning_enter", "“three” is not a time such as 3:00"),
        ({"warning_enter": "-5"}, "warning_enter", "“-5” is not a time"),
        ({"warning_enter": "nan"}, "warning_enter", "“nan” is not a time"),
        ({"warning_enter": "1e9"}, "warning_enter", "is not a time"),
        ({"warning_enter": "99999999999"}, "warning_enter", "too large"),
        ({"warning_leave": "3:20"}, "warning_leave", "3:20 is above where it begins (3:00), so it would never be over. Write at most 3:00"),
        ({"critical_leave": "9:00"}, "critical_leave", "9:00 is above where it begins (5:00)"),
        ({"warning_enter": "6:00"}, "critical_enter", "Critical would be entered before the warning"),
        ({"warning_enter": "", "critical_enter": ""}, "warning_enter", "Give at least one limit"),
        ({"warning_for": "25 h"}, "warning_for", "a day at most"),
        ({"warning_for": "1:75"}, "warning_for", "“1:75” is not a time"),
        ({"keep": "2 days"}, "keep", "a day at most"),
        ({"direction": "below", "warning_leave": "1:00", "critical_enter": ""}, "warning_leave", "1:00 is below where it begins"),
        ({"scope_ids": "12, x"}, "scope_ids", "“x” is no line that is known by name; write its number, such as 12."),
        ({"scope_ids": "0"}, "scope_ids", "“0” is not the number"),
        ({"scope_ids": "9" * 30}, "scope_ids", "is not the number"),
        ({"metric": "total_talk_time", "scope_ids": "12"}, "scope_ids", "of the whole account"),
        ({"kind": "spike"}, "spike_floor", "This must be a number"),
        ({"kind": "spike", "spike_floor": "60", "spike_rise": "0", "spike_times": "0"}, "spike_rise", "every value would be a spike"),
        ({"kind": "spike", "spike_floor": "60", "spike_rise": "0", "spike_times": "many"}, "spike_times", "such as 6"),
        ({"kind": "spike", "spike_floor": "60", "spike_rise": "60", "spike_times": "nan"}, "spike_times", "such as 6"),
        ({"kind": "lost"}, "kind", "lost"),
        ({"while_metric": "agents_available", "while_at_least": "1"}, "while_metric", "comes from another feed"),
        ({"while_metric": "calls_waiting", "while_at_least": "some"}, "while_at_least", "“some” is not a number"),
        ({"metric": "abandon_ratio", "warning_enter": "130 %"}, "warning_enter", "more than 100 %"),
        ({"step_after_0": "10"}, "step_whom_0", "Choose whom to tell after 10 minutes."),
        ({"step_after_0": "soon"}, "step_after_0", "whole minutes"),
        ({"step_whom_0": "recipient:999999"}, "step_whom_0", "not one of the available choices"),
        ({"name": "x" * 81}, "name", "at most 80"),
    ],
)
def test_form_says_in_one_sentence_what_is_wrong(changed: dict[str, str], field: str, sentence: str) -> None:
    form = form_of(**changed)
    assert not form.is_valid()
    assert sentence in " ".join(form.errors[field]), form.errors


@pytest.mark.parametrize(
    ("metric", "typed", "value", "leave"),
    [
        ("longest_wait_time", "1:30:00", 5400, 4860),
        ("longest_wait_time", "2 min", 120, 110),
        ("calls_waiting", "8", 8, 7),
        ("abandon_ratio", "5 %", 0.05, 0.04),
        ("abandon_ratio", "5", 0.05, 0.04),
    ],
)
def test_limit_is_read_in_the_metrics_unit(metric: str, typed: str, value: float, leave: float) -> None:
    form = form_of(metric=metric, warning_enter=typed, critical_enter="", critical_leave="")
    assert form.is_valid(), form.errors
    assert form.rule.warning_enter == pytest.approx(value)
    assert form.rule.warning_leave == pytest.approx(leave)


def test_metric_that_is_good_when_high_looks_below_by_itself() -> None:
    form = form_of(metric="agents_online", direction="", warning_enter="2", critical_enter="", critical_leave="")
    assert form.is_valid(), form.errors
    assert (form.rule.direction, form.rule.warning_leave) == (Direction.BELOW, 3)


def test_metric_that_the_plan_does_not_send_is_refused_while_on_and_warned_of_while_off() -> None:
    on = form_of(on_plan=False, metric="abandon_ratio", warning_enter="5", critical_enter="", critical_leave="")
    assert "does not send “Abandoned today” on your plan" in on.errors["metric"][0]
    off = form_of(on_plan=False, metric="abandon_ratio", warning_enter="5", critical_enter="", critical_leave="", is_enabled="")
    assert off.is_valid(), off.errors
    assert "on your plan" in off.warnings[0]


@pytest.mark.parametrize("metric", ["tickets_unsolved", "first_reply_p90_7d", "sla_breached"])
def test_groups_are_the_scope_of_tickets(metric: str) -> None:
    limit = "2 d 4 h" if metric == "first_reply_p90_7d" else "5"
    form = form_of(metric=metric, scope_ids="7", warning_enter=limit, warning_leave="", critical_enter="", critical_leave="")
    assert form.is_valid(), form.errors
    assert (form.rule.group_ids, form.rule.line_ids) == ([7], [])
    if metric == "first_reply_p90_7d":
        assert (form.rule.warning_enter, form.rule.name) == (187_200.0, "First reply, p90 7 days of group 7 at or above 2 d 4 h")


def test_rule_on_what_is_never_asked_for_says_so() -> None:
    with override_settings(ENV=dataclasses.replace(settings.ENV, tickets=False, kayako=None)):
        for metric, word in (("sla_breached", "TICKETS=0"), ("cases_unresolved", "Kayako is not set up")):
            assert word in str(form_of(metric=metric, warning_enter="5").errors["metric"])


def test_groups_are_the_scope_of_the_agents() -> None:
    form = form_of(metric="agents_available", direction="below", warning_enter="1", critical_enter="", critical_leave="", scope_ids="7")
    assert form.is_valid(), form.errors
    assert (form.rule.group_ids, form.rule.line_ids) == ([7], [])


def test_spike_takes_its_own_fields_and_drops_the_warning_limit() -> None:
    form = form_of(kind="spike", spike_floor="1:00", spike_rise="60", spike_times="6", warning_enter="3:00")
    assert form.is_valid(), form.errors
    rule = form.rule
    assert (rule.spike_floor, rule.spike_rise, rule.spike_times, rule.warning_enter) == (60, 60, 6, None)
    assert (rule.critical_enter, rule.name) == (300, "Longest wait spikes")


def test_rule_about_the_data_itself_takes_durations_alone() -> None:
    rule = a_rule(kind=Kind.LOST, metric="", name="Data lost", warning_enter=60.0, warning_leave=60.0)
    form = form_of(rule, metric="longest_wait_time", kind="threshold", warning_enter="2:00", critical_enter="", critical_leave="")
    assert form.is_valid(), form.errors
    assert (rule.kind, rule.metric, rule.warning_enter) == (Kind.LOST, "", 120)


def test_steps_are_told_in_the_order_of_time() -> None:
    dana, leads = Recipient.objects.create(name="Dana", email="dana@example.com"), RecipientGroup.objects.create(name="Leads")
    form = form_of(step_after_0="10", step_whom_0=f"recipient:{dana.pk}", step_after_2="", step_whom_2=f"group:{leads.pk}")
    assert form.is_valid(), form.errors
    assert [(step.after_s, step.group_id, step.recipient_id) for step in form.steps] == [(0, leads.pk, None), (600, None, dana.pk)]
    twice = form_of(step_whom_0=f"recipient:{dana.pk}", step_after_1="5", step_whom_1=f"recipient:{dana.pk}")
    assert "earlier line" in twice.errors["step_whom_1"][0]


def test_form_of_a_rule_shows_it_and_gives_it_back_unchanged() -> None:
    dana = Recipient.objects.create(name="Dana", email="dana@example.com")
    rule = a_rule(critical_enter=300.0, critical_leave=280.0, while_metric="calls_waiting", while_at_least=1.0, line_ids=[5])
    Step.objects.create(rule=rule, after_s=600, recipient=dana)
    shown = RuleForm(rule=rule, initial=initial_of(rule), not_sent=lambda _: False)
    typed = {name: str(shown[name].value() if shown[name].value() is not None else "") for name in shown.fields}
    assert (typed["warning_enter"], typed["scope_ids"], typed["step_after_0"], typed["cooldown"]) == ("3:00", "line 5", "10", "5:00")
    form = RuleForm(typed, rule=Rule.objects.get(pk=rule.pk), not_sent=lambda _: False)
    assert form.is_valid(), form.errors
    for name in ("name", "warning_enter", "warning_leave", "critical_leave", "line_ids", "while_at_least", "keep_s", "reminder_s"):
        assert getattr(form.rule, name) == getattr(rule, name), name


def test_recipient_who_has_left_is_offered_only_where_a_rule_names_them() -> None:
    sam = Recipient.objects.create(name="Sam", email="sam@example.com", is_active=False)
    rule = a_rule()
    assert "Sam" not in RuleForm(rule=rule, not_sent=lambda _: False).as_p()
    Step.objects.create(rule=rule, recipient=sam)
    assert "Sam (switched off)" in RuleForm(rule=rule, not_sent=lambda _: False).as_p()


def test_no_two_metrics_to_choose_from_are_called_the_same() -> None:
    names = [name for _, choices in metric_choices() for _, name in choices]
    assert len(names) == sum(not metric.also for metric in CATALOGUE.values())
    assert len(set(names)) == len(names)
    assert {"Abandoned today", "Abandoned today (%)"} <= set(names)
