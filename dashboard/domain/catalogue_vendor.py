"""How a number is entered that the phone system sends as it is.

In:  an endpoint, the vendor's field. Out: a Metric. Knows no single number.
"""

from __future__ import annotations

from dashboard.domain import derive
from dashboard.domain.feeds import Endpoint
from dashboard.domain.metric import Better, Metric, Plan, Unit
from dashboard.domain.thresholds import Threshold


def upto(target: float, warning: float, warning_leave: float, critical: float, critical_leave: float) -> Threshold:
    """Limits of a number that is worse the higher it is, in its own unit."""
    return Threshold(target, warning, warning_leave, critical, critical_leave)


def vendor_number(
    endpoint: Endpoint,
    field: str,
    label: str,
    unit: Unit,
    definition: str,
    *,
    name: str = "",
    plan: Plan = Plan.TEAM,
    better: Better = Better.NEITHER,
    threshold: Threshold | None = None,
) -> Metric:
    """A number that the vendor sends under `field`. `name`: ours, where the field's is taken; a field `total_*` is a daily total."""
    value, total = derive.field(endpoint, field), field.startswith("total_")
    return Metric(name or field, label, unit, endpoint, definition, value, plan, better, None, threshold, total)
