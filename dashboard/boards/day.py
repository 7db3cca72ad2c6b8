"""The account's day as the supervisor's page lists it: every total and mean that the vendor sends, in groups, with what each means.

In:  the catalogue. Out: groups of metrics for templates/supervisor/day.html. Whether the plan sends a number is for the frame to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.domain.catalogue import CATALOGUE, Metric, Unit
from dashboard.domain.feeds import Endpoint

_OF_THE_DAY = (Endpoint.ACCOUNT, Endpoint.AGENTS_OVERVIEW)
_FIRST = ("abandon_ratio", "average_handle_time", "occupancy_ratio", "expected_wait")
_CALLS, _WAITS, _ELSEWHERE, _AGENTS, _TIMES = "Calls", "Waits", "Voicemail and callbacks", "Agents", "Time on calls"
_ROLLING = "The last hour"
_LAST_MINUTES = ("_15m", "_30m", "_60m")
# The first word that a name has decides; what has none of them is of the agents, or of calls.
_WORDS = (
    (_ELSEWHERE, ("voicemail", "callback", "textback", "outside_business_hours", "exceeded", "overflow")),
    (_WAITS, ("queue_wait", "calls_waiting", "time_to_answer", "abandon")),
    (_TIMES, ("duration", "hold", "wrap_up", "talk_time", "handle_time")),
)


@dataclass(frozen=True, slots=True)
class Term:
    """One number: its name, what it is called, what it means in the vendor's words, and where it comes from."""

    name: str
    label: str
    unit: str
    endpoint: str
    definition: str
    origin: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    terms: tuple[Term, ...]


def groups() -> tuple[Group, ...]:
    """In the order in which a day is read: what came, how long it waited, where else it went, who took it, how long that took."""
    found: dict[str, list[Term]] = {title: [] for title in (_CALLS, _WAITS, _ELSEWHERE, _ROLLING, _AGENTS, _TIMES)}
    for metric in CATALOGUE.values():
        if metric.endpoint in _OF_THE_DAY or metric.name in _FIRST or metric.name.endswith(_LAST_MINUTES):
            found[_group(metric)].append(term(metric))
    return tuple(Group(title, tuple(terms)) for title, terms in found.items())


def term(metric: Metric) -> Term:
    """A metric as the page explains it. `origin`: the vendor's own field, or our formula of such fields."""
    field = metric.name.removeprefix("agents_overview_")
    origin = f"{field} of {metric.endpoint.value}" if metric.formula is None else metric.formula
    shared = any(other.label == metric.label and other.unit is not metric.unit for other in CATALOGUE.values())
    label = f"{metric.label}, share" if shared and metric.unit is Unit.RATIO else metric.label
    return Term(metric.name, label, metric.unit.value, metric.endpoint.value, metric.definition, origin)


def _group(metric: Metric) -> str:
    if metric.name.endswith(_LAST_MINUTES) or metric.name == "expected_wait":
        return _ROLLING
    if metric.endpoint is Endpoint.AGENTS_OVERVIEW or metric.name == "occupancy_ratio":
        return _AGENTS
    return next((title for title, words in _WORDS if any(word in metric.name for word in words)), _CALLS)
