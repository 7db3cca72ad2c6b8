"""The form of a rule: what was typed becomes a rule that can be judged, or one sentence beside the field that is wrong.

In:  a POST's fields, the rule as it is. Out: an unsaved `Rule` with the new values, the steps, and warnings that do not stop a save.
Must not save, and must not read Redis: whether the plan sends a metric is an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from django import forms
from django.conf import settings

from dashboard.alerts import scopes
from dashboard.alerts.rules import spec_of
from dashboard.domain.amounts import leave_for, say
from dashboard.domain.catalogue import CATALOGUE, Better, Unit
from dashboard.domain.feeds import OF_GROUPS, TICKET_ENDPOINTS, Endpoint
from dashboard.domain.rules import Limit, Problem, RuleSpec, problems
from dashboard.incidents.fields import AmountField, DurationField
from dashboard.incidents.rules_choices import (
    STEPS_COUNT,
    UNSCOPED,
    StepDraft,
    metric_choices,
    recipient_choices,
    ticket_group_choices,
    ticket_language_choices,
)
from dashboard.incidents.scope_field import ScopeField, offered
from dashboard.models import Rule
from dashboard.models.rule import Direction, Kind

LONGEST_AFTER_MIN = 1440
NAMES = {Kind.LOST: "Data lost", Kind.SOURCE: "Source failing", Kind.SCREEN: "Screen dark"}
ABOUT_DATA = tuple(NAMES)
_FIELD_OF = {
    "warning.enter": "warning_enter",
    "warning.leave": "warning_leave",
    "warning.for_s": "warning_for",
    "critical.enter": "critical_enter",
    "critical.leave": "critical_leave",
    "critical.for_s": "critical_for",
    "spike.floor": "spike_floor",
    "spike.rise": "spike_rise",
    "spike.times": "spike_times",
    "keep_s": "keep",
}


class RuleForm(forms.Form):
    """`not_sent(rule)` says whether the latest answer lacks the rule's metric because of the plan."""

    metric = forms.ChoiceField(required=False, label="Metric")
    kind = forms.ChoiceField(
        label="Tell when it",
        choices=[(Kind.THRESHOLD, "passes a limit"), (Kind.SPIKE, "spikes above what is usual at that time")],
        required=False,
        widget=forms.RadioSelect,
    )
    direction = forms.ChoiceField(
        label="Bad is", choices=[(Direction.ABOVE, "at or above"), (Direction.BELOW, "at or below")], required=False
    )
    scope_ids = ScopeField(
        label="Lines or groups",
        help_text="Names or numbers, with commas: phone lines for the queue and the day, groups for agents and tickets. Empty: all.",
    )
    scope_name = forms.CharField(
        label="What people call them", required=False, max_length=80, help_text="Such as Support line. It stands in the mail's subject."
    )
    warning_enter = AmountField(label="Warning from")
    warning_leave = AmountField(label="until back at")
    warning_for = DurationField(label="held for")
    critical_enter = AmountField(label="Critical from")
    critical_leave = AmountField(label="until back at")
    critical_for = DurationField(label="held for")
    spike_floor = AmountField(label="At least")
    spike_rise = AmountField(label="Above the usual by at least")
    spike_times = forms.FloatField(
        label="and by this many usual spreads",
        required=False,
        min_value=0,
        max_value=1000,
        error_messages={"invalid": "Write a number such as 6."},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "amount", "autocomplete": "off"}),
    )
    keep = DurationField(label="Over when back for", empty_s=60)
    while_metric = forms.ChoiceField(label="Only while", required=False)
    while_at_least = AmountField(label="is at least")
    name = forms.CharField(label="Name", required=False, max_length=80, help_text="Empty: made of the metric and its limit.")
    cooldown = DurationField(
        label="Cool-down", empty_s=300, help_text="The same person is told of this rule at most this often, unless it gets worse."
    )
    reminder = DurationField(
        label="Remind every", empty_s=0, help_text="While it is open and nobody has acknowledged it. 0 or empty: never."
    )
    opens_ticket = forms.BooleanField(label="Open a problem ticket for each incident", required=False)
    ticket_group = forms.ChoiceField(label="Of the group", required=False)
    ticket_language = forms.ChoiceField(label="Language", required=False)
    is_enabled = forms.BooleanField(label="On", required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule: Rule, not_sent: Callable[[Rule], bool], **options: Any) -> None:
        self.rule = rule
        self.warnings: list[str] = []
        self._not_sent = not_sent
        super().__init__(*args, **options)
        self.about_data = rule.kind in ABOUT_DATA
        cast("forms.ChoiceField", self.fields["metric"]).choices = [("", "Choose a metric"), *metric_choices()]
        cast("forms.ChoiceField", self.fields["while_metric"]).choices = [("", "no condition"), *metric_choices()]
        cast("forms.ChoiceField", self.fields["ticket_group"]).choices = ticket_group_choices(rule)
        cast("forms.ChoiceField", self.fields["ticket_language"]).choices = ticket_language_choices(rule)
        self._known = scopes.known(rule.account)
        self._add_steps()
        self._set_units()

    # --- what was typed

    @property
    def unit(self) -> Unit:
        """The unit of the limits: the chosen metric's, or seconds for rules about the data itself."""
        metric = CATALOGUE.get(self._given("metric"))
        return Unit.SECONDS if self.about_data or metric is None else metric.unit

    @property
    def step_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        for number in range(STEPS_COUNT):
            yield self[f"step_after_{number}"], self[f"step_whom_{number}"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        self._clean_steps()
        self._clean_metric()
        if self.errors:
            return found
        self._fill()
        for problem in problems(spec_of(self.rule)):
            self.add_error(_FIELD_OF.get(problem.field, problem.field), self._words(problem))
        if not self.errors and self._not_sent(self.rule):
            label = CATALOGUE[self.rule.metric].label
            if self.rule.is_enabled:
                why = (
                    f"Zendesk Talk does not send “{label}” on your plan, so nothing can be judged. Choose another, or switch the rule off."
                )
                self.add_error("metric", why)
            else:
                self.warnings.append(f"Zendesk Talk does not send “{label}” on your plan: this rule stays off.")
        return found

    @property
    def spec(self) -> RuleSpec:
        """The rule as it would be judged; only of a valid form."""
        return spec_of(self.rule)

    def with_limit(self, enter: float, leave: float) -> dict[str, Any]:
        """What was typed, with a suggested limit in its fields: the first limit, or a spike's floor. Only of a valid form."""
        data: dict[str, Any] = {name: self.data.get(name) for name in self.data}
        if self.rule.kind == Kind.SPIKE:
            return data | {"spike_floor": say(enter, self.unit)}
        first = "warning" if self.rule.warning_enter is not None else "critical"
        return data | {f"{first}_enter": say(enter, self.unit), f"{first}_leave": say(leave, self.unit)}

    # --- the pieces

    @property
    def scope_names(self) -> dict[str, object]:
        """What the field of lines and groups can offer: each as the field writes it, with its number, and which metrics are of groups."""
        return {
            "groups": offered(self._known.groups, "group"),
            "lines": offered(self._known.lines, "line"),
            "of_groups": [metric.name for metric in CATALOGUE.values() if metric.endpoint in OF_GROUPS],
            "of_neither": [metric.name for metric in CATALOGUE.values() if metric.endpoint in UNSCOPED],
        }

    def _set_units(self) -> None:
        for name in ("warning_enter", "warning_leave", "critical_enter", "critical_leave", "spike_floor", "spike_rise"):
            cast("AmountField", self.fields[name]).unit = self.unit
        metric, scope = CATALOGUE.get(self._given("metric")), cast("ScopeField", self.fields["scope_ids"])
        of_groups = metric is not None and metric.endpoint in OF_GROUPS
        scope.word, scope.names = ("group" if of_groups else "line"), self._known.of(groups=of_groups)
        if metric is not None and metric.endpoint in UNSCOPED:
            scope.refusal = f"“{metric.label}” is of the whole account: {UNSCOPED[metric.endpoint]}."
        other = CATALOGUE.get(self._given("while_metric"))
        cast("AmountField", self.fields["while_at_least"]).unit = other.unit if other else Unit.COUNT

    def _clean_metric(self) -> None:
        metric = CATALOGUE.get(self.cleaned_data.get("metric", ""))
        if metric and metric.endpoint in TICKET_ENDPOINTS and not settings.ENV.tickets:
            self.add_error("metric", f"“{metric.label}” is never asked for: this installation polls no tickets (TICKETS=0).")
        if metric and metric.endpoint is Endpoint.CASES and settings.ENV.kayako is None:
            self.add_error("metric", f"“{metric.label}” is never asked for: Kayako is not set up (KAYAKO_URL).")

    def _clean_steps(self) -> None:
        self.steps: list[StepDraft] = []
        for number in range(STEPS_COUNT):
            after_min, whom = self.cleaned_data.get(f"step_after_{number}"), self.cleaned_data.get(f"step_whom_{number}")
            if not whom:
                if after_min is not None:
                    self.add_error(f"step_whom_{number}", f"Choose whom to tell after {after_min} minutes.")
                continue
            kind, _, pk = whom.partition(":")
            draft = StepDraft(60 * (after_min or 0), int(pk) if kind == "group" else None, int(pk) if kind == "recipient" else None)
            if any((step.group_id, step.recipient_id) == (draft.group_id, draft.recipient_id) for step in self.steps):
                self.add_error(f"step_whom_{number}", "This one is told by an earlier line already.")
            self.steps.append(draft)
        self.steps.sort(key=lambda step: step.after_s)

    def _fill(self) -> None:
        """The rule's new values, with sensible ones where nothing was typed."""
        rule, given = self.rule, self.cleaned_data
        if not self.about_data:
            metric = CATALOGUE.get(given["metric"])
            rule.kind = given["kind"] or Kind.THRESHOLD
            rule.metric = given["metric"]
            below = metric is not None and metric.better is Better.HIGHER
            rule.direction = given["direction"] or (Direction.BELOW if below else Direction.ABOVE)
            by_group = metric is not None and metric.endpoint in OF_GROUPS
            rule.group_ids, rule.line_ids = (given["scope_ids"], []) if by_group else ([], given["scope_ids"])
            rule.while_metric = given["while_metric"]
            rule.while_at_least = given["while_at_least"] if rule.while_metric else None
            if rule.while_metric and rule.while_at_least is None:
                rule.while_at_least = 1.0
        rule.scope_name = given["scope_name"].strip()
        spike = rule.kind == Kind.SPIKE
        higher = rule.direction == Direction.ABOVE
        for name in ("warning", "critical"):
            enter, leave = given[f"{name}_enter"], given[f"{name}_leave"]
            if spike and name == "warning":
                enter = leave = None  # the baseline makes them
            if enter is None:
                leave = None
            elif leave is None:
                leave = leave_for(enter, self.unit, higher_is_worse=higher)
            setattr(rule, f"{name}_enter", enter)
            setattr(rule, f"{name}_leave", leave)
            setattr(rule, f"{name}_for_s", given[f"{name}_for"])
        for name in ("spike_floor", "spike_rise", "spike_times"):
            setattr(rule, name, given[name] if spike else None)
        rule.keep_s, rule.cooldown_s, rule.reminder_s = given["keep"], given["cooldown"], given["reminder"]
        rule.is_enabled = given["is_enabled"]
        rule.opens_ticket, rule.ticket_language = given["opens_ticket"], given["ticket_language"]
        rule.ticket_group_id = int(given["ticket_group"]) if given["ticket_group"] else None
        rule.name = given["name"].strip() or self._made_name()

    def _made_name(self) -> str:
        metric = CATALOGUE.get(self.rule.metric)
        label = metric.label if metric else NAMES.get(Kind(self.rule.kind), "Rule")
        scope = scopes.said(self.rule, self._known)
        of = f" of {scope}" if scope else ""
        if self.rule.kind == Kind.SPIKE:
            return f"{label}{of} spikes"[:80]
        first = self.rule.warning_enter if self.rule.warning_enter is not None else self.rule.critical_enter
        return f"{label}{of} at or {self.rule.direction} {say(first, self.unit)}"[:80] if first is not None else f"{label}{of}"[:80]

    def _words(self, problem: Problem) -> str:
        """The problem's sentence; that of a leave value in the metric's own unit."""
        name, _, part = problem.field.partition(".")
        limit: Limit | None = getattr(self.spec, name, None) if part == "leave" else None
        if limit is None:
            return problem.message
        beyond, most = ("above", "at most") if self.spec.higher_is_worse else ("below", "at least")
        enter, leave = say(limit.enter, self.unit), say(limit.leave, self.unit)
        return f"{leave} is {beyond} where it begins ({enter}), so it would never be over. Write {most} {enter}, or leave this empty."

    def _given(self, name: str) -> str:
        """A field's text before it is cleaned: typed, or what the form was opened with."""
        return str(self.data.get(name, "")) if self.is_bound else str(self.initial.get(name, ""))

    def _add_steps(self) -> None:
        choices = recipient_choices(self.rule)
        for number in range(STEPS_COUNT):
            self.fields[f"step_after_{number}"] = forms.IntegerField(
                label=f"Step {number + 1}: after how many minutes",
                required=False,
                min_value=0,
                max_value=LONGEST_AFTER_MIN,
                error_messages={"invalid": "Write whole minutes, such as 10."},
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "amount", "autocomplete": "off"}),
            )
            self.fields[f"step_whom_{number}"] = forms.ChoiceField(label=f"Step {number + 1}: whom", required=False, choices=choices)
