"""Which severity a number had at a past moment: played forward through every reading, as the live board did.

In:  a feed's readings of some time, thresholds. Out: the `previous` that composing wants, with severities and since when. Pure.
A leave value makes a severity depend on the way to it: judged by the shown readings alone, a board rewound in steps of a minute would miss
a peak between two of them, and come out calm where the wall was not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from dashboard.domain import thresholds
from dashboard.domain.catalogue import CATALOGUE, Metric
from dashboard.domain.feeds import Endpoint
from dashboard.domain.freshness import GRACE_S, STALE_AFTER_INTERVALS
from dashboard.domain.thresholds import Severity, Threshold
from dashboard.domain.totals import value_of
from dashboard.history.moments import FeedPast, interval_of
from dashboard.live.messages import stamp
from dashboard.live.patch import Json, Object
from dashboard.store.series import NOT_SENT, Record
from dashboard.widgets.kind import Widget
from dashboard.widgets.options import threshold_of


class Judged:
    """One number and one threshold; `known` is where it stands, in a frame's words. Goes forward only."""

    def __init__(self, metric: Metric, limits: Threshold, past: FeedPast) -> None:
        self._limits, self._past = limits, past
        self._value = _reader(metric, past.fields)
        self._next = 0
        self._severity, self._since_ms = Severity.OK, 0
        self._record: Record | None = None

    def known(self, when: datetime) -> Object:
        """`severity`, and `severity_since` where there is one, after all readings up to `when` (aware)."""
        upto = self._past.upto(when)
        for index in range(self._next, upto):
            self._take(self._past.records[index])
        self._next = max(self._next, upto)
        if self._record is not None and self._is_old(self._record, when.timestamp() * 1000):
            self._severity = Severity.OK  # nobody knows the severity of an old number; the next reading is judged anew
        if self._severity is Severity.OK:
            return {"severity": Severity.OK.value}
        return {"severity": self._severity.value, "severity_since": stamp(datetime.fromtimestamp(self._since_ms / 1000, UTC))}

    def _take(self, record: Record) -> None:
        before = self._record
        if before is not None and self._is_old(before, record[0]):
            self._severity = Severity.OK
        self._record = record
        severity = thresholds.judge(self._value(record), self._severity, self._limits)
        if severity is not self._severity:
            self._severity, self._since_ms = severity, record[0]

    @staticmethod
    def _is_old(record: Record, now_ms: float) -> bool:
        return now_ms - record[0] - 1000 * GRACE_S > 1000 * STALE_AFTER_INTERVALS * interval_of(record[1] / 1000)


class Colours:
    """Every threshold of a board: those of the catalogue, and those that its widgets bring along."""

    def __init__(
        self, widgets: Sequence[Widget], metrics_of: Callable[[Widget], Sequence[str]], pasts: Mapping[Endpoint, FeedPast]
    ) -> None:
        self._metrics = {
            metric.name: Judged(metric, metric.threshold, pasts[metric.endpoint])
            for metric in CATALOGUE.values()
            if metric.threshold is not None and metric.endpoint in pasts and _is_alone(metric)
        }
        self._widgets: dict[str, Judged] = {}
        for widget in widgets:
            names = metrics_of(widget)
            if "threshold" not in widget.options or not names:
                continue
            metric, limits = CATALOGUE[names[0]], threshold_of(names[0], widget.options)
            if limits is not None and metric.endpoint in pasts and _is_alone(metric):
                self._widgets[widget.id] = Judged(metric, limits, pasts[metric.endpoint])

    def before(self, when: datetime, previous: Object | None) -> Object:
        """The frame before that a frame of `when` is to be composed upon: `previous` with severities as they had become by then."""
        last = previous or {}
        metrics, widgets = _objects(last.get("metrics")), _objects(last.get("widgets"))
        return {
            **last,
            "metrics": {**metrics, **{name: judged.known(when) for name, judged in self._metrics.items()}},
            "widgets": {**widgets, **{name: _with(widgets.get(name), judged.known(when)) for name, judged in self._widgets.items()}},
        }


def _with(part: Json, known: Object) -> Json:
    kept = {name: value for name, value in _objects(part).items() if name not in ("severity", "severity_since")}
    return {**kept, **known}


def _objects(part: Json) -> Object:
    return part if isinstance(part, dict) else {}


def _is_alone(metric: Metric) -> bool:
    """Whether its own feed is all it needs."""
    return not metric.also


def _reader(metric: Metric, fields: Sequence[str]) -> Callable[[Record], float | None]:
    """The metric's value in one record."""
    if metric.name in fields:
        place = 2 + fields.index(metric.name)
        return lambda record: None if record[place] == NOT_SENT else record[place]
    value = value_of(metric)
    return lambda record: value({name: None if each == NOT_SENT else each for name, each in zip(fields, record[2:], strict=True)})
