"""The frame's numbers: every metric of the phone whose feed is polled, those of tickets that tiles show, with state, age, severity.

In:  the feeds as judged, the names that tiles show, the numbers of the frame before. Out: the frame's `metrics` and `thresholds`.
Nothing is an absent key: a metric without `value` has none to show, and its `state` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from dashboard.domain import thresholds
from dashboard.domain.catalogue import CATALOGUE, Metric, Plan
from dashboard.domain.derive import Bodies, TooFew, Value, sends_professional_fields
from dashboard.domain.feeds import TALK, Endpoint
from dashboard.domain.freshness import Freshness
from dashboard.domain.readings import AgentsActivity
from dashboard.domain.thresholds import Severity
from dashboard.live.messages import stamp
from dashboard.live.patch import Json, Object
from dashboard.live.status import FeedStatus

SHOWN_AS_NOW = (Freshness.LIVE, Freshness.LATE)
_SEVERITIES = {severity.value: severity for severity in Severity}


def metrics_part(
    statuses: Mapping[Endpoint, FeedStatus], shown: Collection[str], previous: Json, figures: Callable[[Metric], Value] | None = None
) -> Object:
    """`frame.metrics`: the phone's, and of the others those that are `shown`. `previous` is the same part of the frame before, for the
    severities' leave values and their beginnings. `figures` as in `Inputs`."""
    bodies: Bodies = {endpoint: status.reading.body for endpoint, status in statuses.items() if status.reading}
    before = previous if isinstance(previous, dict) else {}
    return {
        metric.name: _metric(metric, statuses[metric.endpoint], figures or (lambda each: each.value(bodies)), before.get(metric.name))
        for metric in _of_frame(statuses, shown)
    }


def _of_frame(statuses: Mapping[Endpoint, FeedStatus], shown: Collection[str]) -> Iterator[Metric]:
    """A frame does not grow by a hundred numbers of tickets that no tile shows."""
    for metric in CATALOGUE.values():
        if metric.endpoint in statuses and (metric.endpoint in TALK or metric.name in shown):
            yield metric


def thresholds_part(statuses: Mapping[Endpoint, FeedStatus], shown: Collection[str]) -> Object:
    """`frame.thresholds`: what colours the tiles, in each metric's own unit; of the same metrics as `frame.metrics`."""
    return {
        metric.name: {
            "target": limits.target,
            "warning_enter": limits.warning_enter,
            "critical_enter": limits.critical_enter,
            "higher_is_worse": limits.higher_is_worse,
        }
        for metric in _of_frame(statuses, shown)
        if (limits := metric.threshold) is not None
    }


def _metric(metric: Metric, status: FeedStatus, figures: Callable[[Metric], Value], before: Json) -> Object:
    reading = status.reading
    if reading is None:
        return {"state": status.state.value, "severity": Severity.OK.value}
    value = figures(metric)
    entry: Object = {"state": status.state.value, "severity": Severity.OK.value, "at": stamp(reading.at)}
    if isinstance(value, TooFew):
        # The counts stay beside an old state, too: they are the past like any other stale value.
        entry["have"], entry["needs"] = value.count, value.needed
        if status.state in SHOWN_AS_NOW:
            entry["state"] = "too_few"
    elif value is not None:
        entry["value"] = value
        if status.state in SHOWN_AS_NOW and metric.threshold is not None:
            entry.update(_severity(value, metric.threshold, before, entry["at"]))
    elif metric.plan is Plan.PROFESSIONAL and not sends_professional_fields(reading.body):
        entry["state"] = "not_on_plan"
    elif status.state in SHOWN_AS_NOW:
        entry["state"] = Freshness.UNKNOWN.value
        if isinstance(reading.body, AgentsActivity) and not reading.body.agents:
            entry["no_agents"] = True  # nor is it the vendor's silence that nobody's time cannot be divided
        elif metric.window_s is not None:  # not the vendor's silence: not enough was watched yet
            entry["needs_s"] = metric.window_s
    return entry


def _severity(value: float, limits: thresholds.Threshold, before: Json, at: Json) -> Object:
    """A value that may be shown as now is judged; the severity that goes on keeps its beginning, a new one begins with this reading."""
    known = before if isinstance(before, dict) else {}
    previous = _SEVERITIES.get(str(known.get("severity")), Severity.OK)
    severity = thresholds.judge(value, previous, limits)
    if severity is Severity.OK:
        return {"severity": severity.value}
    since = known.get("severity_since") if severity is previous else None
    return {"severity": severity.value, "severity_since": since or at}
