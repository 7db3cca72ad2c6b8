"""The severity of a widget's number: by its own threshold where it has one, else as the frame has judged it already.

In:  a metric's name, the widget, what may be seen. Out: the keys `threshold`, `severity` and `severity_since` of the widget's part.
A value that is not current has no severity here either.
"""

from __future__ import annotations

from dashboard.domain import thresholds
from dashboard.domain.thresholds import Severity, Threshold
from dashboard.widgets.kind import Json, Seen, Widget
from dashboard.widgets.options import threshold_of

CURRENT = ("live", "late")
_SEVERITIES = {severity.value: severity for severity in Severity}


def coloured(metric: str, widget: Widget, seen: Seen) -> dict[str, Json]:
    """`threshold` is absent where there is none; `severity` is then ok. `severity_since` is absent while it is ok."""
    limits = threshold_of(metric, widget.options)
    if limits is None:
        return {"severity": Severity.OK.value}
    out: dict[str, Json] = {"threshold": shown(limits), "severity": Severity.OK.value}
    entry = seen.metrics.get(metric)
    known = entry if isinstance(entry, dict) else {}
    value = known.get("value")
    if not isinstance(value, int | float) or known.get("state") not in CURRENT:
        return out
    if "threshold" not in widget.options:
        return out | {name: known[name] for name in ("severity", "severity_since") if name in known}
    previous = _SEVERITIES.get(str(seen.before.get("severity")), Severity.OK)
    severity = thresholds.judge(float(value), previous, limits)
    if severity is not Severity.OK:
        since = seen.before.get("severity_since") if severity is previous else None
        out |= {"severity": severity.value, "severity_since": since or known.get("at", "")}
    return out


def shown(limits: Threshold) -> dict[str, Json]:
    """A threshold as frames have it."""
    return {
        "target": limits.target,
        "warning_enter": limits.warning_enter,
        "critical_enter": limits.critical_enter,
        "higher_is_worse": limits.higher_is_worse,
    }
