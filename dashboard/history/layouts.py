"""Which column of a packed minute is which metric.

In:  the catalogue, for what is written now; the stored layouts, for what was written ever. Out: places of metrics.
A metric that is added, renamed or taken out makes a new layout; minutes of the older ones stay as readable as they were.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint
from dashboard.models import HistoryLayout


@dataclass(frozen=True, slots=True)
class Place:
    """Column `index` of the `count` that rows of a layout have."""

    count: int
    index: int


@functools.cache
def columns(endpoint: Endpoint) -> tuple[str, ...]:
    """The metrics of an endpoint, by name, in the order in which a minute is written now."""
    return tuple(metric.name for metric in CATALOGUE.values() if metric.endpoint is endpoint and not metric.also)


def layout(names: tuple[str, ...]) -> HistoryLayout:
    """The stored layout of these names; written if it is new. Several writers at once get the same one."""
    text = " ".join(names)
    found, _ = HistoryLayout.objects.get_or_create(digest=hashlib.sha256(text.encode()).hexdigest(), defaults={"names": text})
    return found


def places(metric: str) -> Mapping[int, Place]:
    """Where a metric is in rows of each layout, by the layout's key; layouts that do not have it are left out."""
    found = {key: names.split() for key, names in HistoryLayout.objects.values_list("pk", "names")}
    return {key: Place(len(names), names.index(metric)) for key, names in found.items() if metric in names}
