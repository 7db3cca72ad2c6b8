"""The pages of rules: the list, the form, trying a rule on the past, muting, deleting.

In:  requests of supervisors and administrators. Out: pages; every button works without scripts (static/js/rules.js only spares reloads).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.accounts.gate import administrators, supervisors
from dashboard.accounts.switch import writes_on
from dashboard.alerts import scopes, whom
from dashboard.alerts.rules import feed_of
from dashboard.alerts.suggest import NoSuggestionError, suggest
from dashboard.domain.amounts import say, span
from dashboard.incidents import rules_picture
from dashboard.incidents.fields import moment
from dashboard.incidents.page import account_zone, page, said
from dashboard.incidents.plan_check import not_sent_on_plan
from dashboard.incidents.rules_choices import StepDraft, initial_of, newest_tickets
from dashboard.incidents.rules_form import RuleForm
from dashboard.incidents.rules_save import ChangedMeanwhileError, delete_rule, mute_rule, save_rule
from dashboard.incidents.rules_state import listed, standings
from dashboard.incidents.rules_try import DAYS_CHOICES, DEFAULT_DAYS, Tried, quiets_of, read_past, try_on, verdict
from dashboard.models import Recipient, Rule, User
from dashboard.models.rule import Kind
from dashboard.sources.registry import ACCOUNT
from dashboard.store.connection import client

logger = logging.getLogger(__name__)

DEFAULT_PER_WEEK = 2
MOST_PER_WEEK = 500
SHOWN_INCIDENTS = 12
MUTES = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "1d": timedelta(days=1), "1w": timedelta(days=7)}
LONGEST_MUTE = timedelta(days=366)
NO_PAST = "A rule about the data itself judges whether readings come, not what they say; there is no past to try it on."

OF_MINUTES = (
    ". Of older history each minute's lowest, mean, highest and last value is kept, not their order: how high it went is exact, "
    "how long it stayed only to about a minute."
)
Extra = dict[str, Any]
NOBODY = "nobody: the administrator wants no mail"
How = Callable[[HttpRequest, RuleForm, datetime], tuple[RuleForm, Extra]]


@supervisors
def rules(request: HttpRequest, user: User) -> HttpResponse:
    """Every rule: how it stands now, when it last told, how often, and whom."""
    now = timezone.now()
    found = list(listed(now))
    standing = standings(client(), found, now)
    # Who unsubscribed is not told, also where a rule would fall back on them.
    fallback = "the administrator" if whom.administrator() is not None else NOBODY
    told = {account: scopes.known(account) for account in {rule.account for rule in found}}
    rows = [
        {
            "rule": rule,
            "scope": scopes.said(rule, told[rule.account]),
            "standing": standing[rule.pk],
            "until": said(rule.muted_until),
            "last": said(getattr(rule, "last_opened_at", None)),
            "tells": ", ".join(step.group.name if step.group else str(step.recipient) for step in rule.steps.all()) or fallback,
        }
        for rule in found
    ]
    return page(request, user, "rules/list.html", {"here": "rules", "rows": rows})


@supervisors
def new(request: HttpRequest, user: User) -> HttpResponse:
    """A new rule; `?metric=` and `?account=` say where it begins."""
    rule = Rule(account=ACCOUNT, kind=Kind.THRESHOLD)
    if request.method == "POST":
        return _save(request, user, rule)
    initial = {
        "metric": request.GET.get("metric", ""),
        "kind": Kind.THRESHOLD,
        "keep": 60,
        "cooldown": 300,
        "reminder": 1800,
        "is_enabled": True,
    }
    initial |= {"warning_for": 30, "critical_for": 0, "spike_times": 6}
    return _form_page(request, user, _form(rule, initial=initial))


@supervisors
def edit(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A rule as it is, and its changes."""
    rule = _rule(pk)
    if request.method == "POST":
        return _save(request, user, rule)
    return _form_page(request, user, _form(rule, initial=initial_of(rule)))


@supervisors
def backtest(request: HttpRequest, user: User, pk: int | None = None) -> HttpResponse:
    """The form as it was sent, and what its rule would have told. Saves nothing. A GET leads back to the form."""
    return _tried(request, user, pk, _with_backtest)


@supervisors
def suggestion(request: HttpRequest, user: User, pk: int | None = None) -> HttpResponse:
    """The form with a limit that would have told about as often as was wished. Saves nothing."""
    return _tried(request, user, pk, _with_suggestion)


@require_POST
@supervisors
def mute(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Nobody is told of this rule for a while; `for` is one of `MUTES`, "until" with a moment, or "end"."""
    rule, now = _rule(pk), timezone.now()
    wish = request.POST.get("for", "")
    if wish == "end":
        mute_rule(rule, None, by=user.email)
        messages.success(request, f"“{rule.name}” is not muted any more.")
        return HttpResponseRedirect(reverse("rules"))
    try:
        until = now + MUTES[wish] if wish in MUTES else moment(request.POST.get("until", ""), account_zone())
        if not now < until <= now + LONGEST_MUTE:
            raise ValidationError("The mute must end in the future, within a year.")
    except ValidationError as error:
        messages.error(request, f"“{rule.name}” is not muted: {error.messages[0]}")
        return HttpResponseRedirect(reverse("rule", args=[pk]))
    mute_rule(rule, until, by=user.email)
    messages.success(request, f"“{rule.name}” is muted until {said(until)}; it is still judged.")
    return HttpResponseRedirect(reverse("rules"))


@administrators
def delete(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """GET asks, POST deletes."""
    rule = _rule(pk)
    if request.method != "POST":
        question = {
            "heading": f"Delete “{rule.name}”?",
            "text": "What is open of it is closed. Its past incidents stay.",
            "button": "Delete this rule",
            "back": reverse("rule", args=[pk]),
        }
        return page(request, user, "rules/ask.html", {"here": "rules", **question})
    delete_rule(rule, by=user.email, now=timezone.now())
    messages.success(request, f"“{rule.name}” is deleted.")
    return HttpResponseRedirect(reverse("rules"))


def _rule(pk: int) -> Rule:
    found = Rule.objects.filter(pk=pk, deleted_at=None).first()
    if found is None:
        raise Http404("There is no such rule (any more).")
    return found


def _form(rule: Rule, *args: Any, **options: Any) -> RuleForm:
    return RuleForm(*args, rule=rule, not_sent=lambda changed: not_sent_on_plan(client(), changed), **options)


def _save(request: HttpRequest, user: User, rule: Rule) -> HttpResponse:
    is_new = rule.pk is None
    form = _form(rule, request.POST)
    if not form.is_valid():
        return _form_page(request, user, form, status=422)
    try:
        version = None if is_new else form.cleaned_data["version"]
        save_rule(rule, form.steps, version=version, by=user.email, now=timezone.now())
    except ChangedMeanwhileError as error:
        form.add_error(None, str(error))
        return _form_page(request, user, form, status=409)
    state = "It is judged from the next reading on." if rule.is_enabled else "It is off."
    messages.success(request, f"“{rule.name}” is saved. {state}")
    for warning in form.warnings:
        messages.warning(request, warning)
    return HttpResponseRedirect(reverse("rules"))


def _tried(request: HttpRequest, user: User, pk: int | None, how: How) -> HttpResponse:
    rule = _rule(pk) if pk is not None else Rule(account=ACCOUNT, kind=Kind.THRESHOLD)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("rule", args=[pk]) if pk else reverse("rule-new"))
    form = _form(rule, request.POST)
    if not form.is_valid():
        return _form_page(request, user, form, status=422)
    try:
        form, extra = how(request, form, timezone.now())
    except DatabaseError as error:
        logger.warning("A back-test failed: the database does not answer (%s).", type(error).__name__)
        form.add_error(None, "The history cannot be read just now; try again in a moment.")
        return _form_page(request, user, form, status=503)
    return _form_page(request, user, form, extra=extra, status=422 if form.errors else 200)


def _with_backtest(request: HttpRequest, form: RuleForm, now: datetime) -> tuple[RuleForm, Extra]:
    if (feed := feed_of(form.rule)) is None:
        return form, {"no_try": NO_PAST}
    quiets = quiets_of(_told(form.steps))
    tried = try_on(client(), form.spec, feed, days=_days(request), now=now, zone=account_zone(), quiets=quiets)
    return form, _result(form, tried)


def _with_suggestion(request: HttpRequest, form: RuleForm, now: datetime) -> tuple[RuleForm, Extra]:
    feed = feed_of(form.rule)
    per_week = _per_week(request)
    if feed is None:
        return form, {"no_try": NO_PAST}
    if per_week is None:
        form.add_error(None, f"Write how many alerts a week you want, a number from 0.1 to {MOST_PER_WEEK}.")
        return form, {}
    past = read_past(client(), form.spec, feed, _days(request), now)
    try:
        found = suggest(form.spec, form.unit, past, per_week=per_week, zone=account_zone())
    except NoSuggestionError as error:
        return form, {"no_try": str(error)}
    filled = _form(form.rule, form.with_limit(found.enter, found.leave))
    if not filled.is_valid():  # the limit does not go with the rest, such as a critical one before it: the form says so
        return filled, {}
    form, extra = _with_backtest(request, filled, now)
    return form, {**extra, "suggested": True}


def _result(form: RuleForm, tried: Tried) -> dict[str, Any]:
    found = tried.found
    newest = [
        {
            "opened": said(each.opened_at),
            "severity": each.severity.value,
            "lasted": span(each.lasted_s(found.end)) if each.resolved_at else "still open",
            "worst": say(each.worst_value, form.unit),
        }
        for each in list(reversed(found.incidents))[:SHOWN_INCIDENTS]
    ]
    fine = f"poll by poll from {said(found.fine_from)} on" if found.fine_from < found.end else "minute by minute"
    return {
        "tried": tried,
        "verdict": verdict(found),
        "newest": newest,
        "more_count": len(found.incidents) - len(newest),
        "bars": rules_picture.bars(found),
        "limits_of_it": f"Judged {fine}{OF_MINUTES}",
        "figure": rules_picture.figure(tried, form.spec, form.unit, account_zone()),
    }


def _told(steps: list[StepDraft]) -> list[Recipient]:
    """Everybody whom these steps reach."""
    people = [step.recipient_id for step in steps if step.recipient_id]
    groups = [step.group_id for step in steps if step.group_id]
    return list((Recipient.objects.filter(pk__in=people) | Recipient.objects.filter(groups__in=groups)).distinct())


def _days(request: HttpRequest) -> int:
    text = request.POST.get("days", "")
    return int(text) if text in map(str, DAYS_CHOICES) else DEFAULT_DAYS


def _per_week(request: HttpRequest) -> float | None:
    try:
        found = float(request.POST.get("per_week", ""))
    except ValueError:
        return None
    return found if 0.1 <= found <= MOST_PER_WEEK else None


def _form_page(request: HttpRequest, user: User, form: RuleForm, *, status: int = 200, extra: dict[str, Any] | None = None) -> HttpResponse:
    context = {
        "here": "rules",
        "form": form,
        "rule": form.rule,
        "days_choices": DAYS_CHOICES,
        "days": _days(request),
        "per_week": request.POST.get("per_week", str(DEFAULT_PER_WEEK)),
        "zone": settings.ACCOUNT_TIME_ZONE,
        "tickets": newest_tickets(form.rule),
        "is_read_only": not writes_on(),
        "changed": said(form.rule.changed_at),
        "muted_until": said(form.rule.muted_until) if form.rule.muted_until and form.rule.muted_until > timezone.now() else "",
        **(extra or {}),
    }
    return page(request, user, "rules/form.html", context, status=status)
