"""The open incidents as boards show them, in Redis: one list per account, written anew after every change and by the tick.

In:  open incidents in the database. Out: `keys.incidents(account)`, a JSON list, worst, untaken and oldest first, in which nothing is null.
Must not decide who sees which: `live/incidents.py` filters by board.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import redis as redis_py

from dashboard.domain.amounts import clock
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.thresholds import Severity
from dashboard.domain.waits import above_since
from dashboard.models import Board, Direction, Incident, Kind, Rule
from dashboard.store import keys
from dashboard.words.amounts import amount, value_of
from dashboard.words.phrases import ENGLISH, Words

LIFE_S = 3600
# A wall has room for one and a number; a list longer than this is a storm, and the page about incidents shows all.
MOST_SHOWN = 200
# The scope of an incident that says that a rule itself has failed begins so.
FAILED_RULE = "rule:"


def publish_open(redis: redis_py.Redis) -> None:
    """Writes the list of every account that has a board, a rule or an open incident. redis.RedisError, django.db.DatabaseError."""
    found: dict[str, list[Incident]] = {}
    for account in {*Board.objects.values_list("account", flat=True), *Rule.objects.values_list("account", flat=True)}:
        found[account] = []
    for incident in Incident.objects.filter(resolved_at=None).select_related("rule"):
        found.setdefault(incident.account, []).append(incident)
    with redis.pipeline(transaction=False) as pipeline:
        for account, incidents in found.items():
            incidents.sort(key=first_shown)
            text = json.dumps([entry(each) for each in incidents[:MOST_SHOWN]], separators=(",", ":"), ensure_ascii=False)
            pipeline.set(keys.incidents(account), text, ex=LIFE_S)
        pipeline.execute()


def first_shown(incident: Incident) -> tuple[bool, bool, datetime, int]:
    """The order in which open incidents are shown: the worst first, of these what nobody has taken yet, of these the oldest."""
    # A wall has room for one: what somebody has in hand must not cover what still calls.
    return incident.severity != Severity.CRITICAL, incident.state != "open", incident.opened_at, incident.pk


def entry(incident: Incident) -> dict[str, object]:
    """One incident as the frame carries it; a key without a value is absent."""
    about_metric = bool(incident.metric)
    rule = incident.rule
    whole: dict[str, object] = {
        "id": incident.pk,
        "rule": incident.rule_name,
        "kind": incident.kind,
        "metric": incident.metric or None,
        "scope_name": incident.scope_name or None,
        "severity": incident.severity,
        "state": incident.state,
        "since": _time(passed_at(incident)),
        "opened_at": _time(incident.opened_at),
        "acknowledged_by": incident.acknowledged_by.split("@")[0] or None,
        "snoozed_until": _time(incident.snoozed_until) if incident.snoozed_until else None,
        "value": incident.value,
        "limit": incident.limit,
        "unit": CATALOGUE[incident.metric].unit.value if incident.metric in CATALOGUE else None,
        "signed": (incident.metric in CATALOGUE and CATALOGUE[incident.metric].signed) or None,
        "direction": incident.direction,
        "failed_rule": is_of_failed_rule(incident) or None,
        "detail": incident.detail or None,
        "line_ids": list(rule.line_ids) if rule is not None and about_metric else [],
        "group_ids": list(rule.group_ids) if rule is not None and about_metric else [],
        "text": sentence(incident),
        "about": about(incident),
    }
    return {name: value for name, value in whole.items() if value is not None}


def is_of_failed_rule(incident: Incident) -> bool:
    """Whether the incident says that a rule itself has failed."""
    return incident.scope.startswith(FAILED_RULE)


def passed_at(incident: Incident) -> datetime:
    """When the limit in its sentence was passed: of what is over, that of the opening; of lost data and a failing source, when it began."""
    if incident.kind in (Kind.LOST, Kind.SOURCE, Kind.SCREEN):
        # Their value is how long it has been so: when the limit was passed, it had lasted for that long. A rule that failed has none.
        return incident.since_at - timedelta(seconds=incident.opened_limit or 0.0)
    if incident.resolved_at is not None:
        return incident.since_at
    if incident.recovering_at is not None or incident.direction != Direction.ABOVE:
        return incident.limit_since_at
    # The same arithmetic as in its letters: a wait of 15:00 has been above 5:00 for 10:00, also when it jumped there.
    limit, since = incident.limit, incident.limit_since_at
    return above_since(incident.metric, value=incident.value, limit=limit, since=since, at=incident.last_seen_at)


def sentence(incident: Incident, words: Words = ENGLISH) -> str:
    """One sentence that says it all on a wall: "Longest wait 7:42 on Support line, at or above 3:00". How long is left out: it ticks."""
    metric = CATALOGUE.get(incident.metric)
    if metric is None:
        return incident.detail if incident.detail and words is ENGLISH else _about_the_data(incident, words)
    figure = words.metric(metric.name, metric.label)
    if incident.value is not None:
        figure = words.say("incident.figure", metric=figure, value=value_of(metric, incident.value, words, incident.limit))
    what = words.say("incident.placed", what=figure, where=incident.scope_name) if incident.scope_name else figure
    if incident.limit is None:
        return what
    # At the line itself has entered too, and "5, above 5" would not add up.
    if incident.value == incident.limit:
        return words.say("incident.at_its_limit", what=what)
    calm = incident.value is not None and (incident.value < incident.limit) == (incident.direction == Direction.ABOVE)
    return words.say("incident.was" if calm else "incident.is", what=what, limit=beyond(incident, incident.limit, words))


def about(incident: Incident) -> str:
    """The same without the value and the place, which a wall shows elsewhere, the value to the second: "Longest wait at or above 3:00"."""
    metric = CATALOGUE.get(incident.metric)
    if metric is None:
        return incident.detail or _kind_of(incident, ENGLISH)
    if incident.limit is None:
        return metric.label
    limit = amount(incident.limit, metric.unit, ENGLISH)
    return ENGLISH.say(f"incident.about.{_side(incident, incident.limit)}", metric=metric.label, limit=limit)


def beyond(incident: Incident, limit: float, words: Words = ENGLISH) -> str:
    """ "at or above 3:00", "at or below 5"; "at 0" where nothing can be below. For incidents about a metric."""
    return words.say(f"incident.limit.{_side(incident, limit)}", limit=amount(limit, CATALOGUE[incident.metric].unit, words))


def _side(incident: Incident, limit: float) -> str:
    if incident.direction == Direction.ABOVE:
        return "above"
    metric = CATALOGUE.get(incident.metric)
    return "below" if limit > 0.0 or (metric is not None and metric.signed) else "at"


def _about_the_data(incident: Incident, words: Words) -> str:
    what = _kind_of(incident, words)
    if incident.value is None or is_of_failed_rule(incident):
        return what
    return words.say("incident.lasting", what=what, duration=clock(incident.value))


def _kind_of(incident: Incident, words: Words) -> str:
    if is_of_failed_rule(incident):
        return words.say("incident.about.rule", rule=incident.rule_name)
    if incident.kind in (Kind.THRESHOLD, Kind.SPIKE):  # their metric has gone
        return incident.rule_name
    return words.say(f"incident.about.{incident.kind}", screen=incident.scope_name or incident.rule_name)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
