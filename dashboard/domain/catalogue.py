"""The catalogue: every number Queuelight knows, once. Widgets, frames, history, API and docs/metrics.md all read it.

A new metric is one new entry, in the file of its kind. A vendor's number keeps the vendor's field name; where two endpoints use one name
for two things, the agents overview's gets the prefix `agents_overview_`. Formulas live in `derive.py` and `derive_tickets.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.domain.catalogue_cases import CASES
from dashboard.domain.catalogue_day import DAY
from dashboard.domain.catalogue_floor import FLOOR
from dashboard.domain.catalogue_lately import LATELY
from dashboard.domain.catalogue_sla import SLA
from dashboard.domain.catalogue_tickets import TICKETS
from dashboard.domain.metric import Better, Metric, Plan, Unit

__all__ = ["CATALOGUE", "Better", "Metric", "Plan", "Unit"]

CATALOGUE: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in (*FLOOR, *DAY, *LATELY, *TICKETS, *SLA, *CASES)})
