"""What a frame is composed from, gathered beforehand so that composing is pure.

In:  `gather` fills these from Redis. Out: `frames.compose` reads them. Nothing here reads or writes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.domain.agents import InState
from dashboard.domain.derive import Value
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.metric import Metric
from dashboard.domain.quality import Flow
from dashboard.domain.readings import Reading
from dashboard.live.patch import Object
from dashboard.polling.feeds import Plan
from dashboard.store.snapshots import Outcome, Pause, Stop


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """How much of the vendor's limit one bucket has used: `used` of our share `cap` of the vendor's `limit`, within `window_s`."""

    used: int
    cap: int
    limit: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything but the board, the time and the frame before. Only the feeds in `plans` belong to the board.

    A feed without a reading has never answered; one without an outcome was never tried. `agents` may know more agents than the board.
    `stop` and `pause` are of the board's account; `elsewhere` has the stop (None: none) of each other account that it has feeds of.
    `charts` are plotly figures by metric, `incidents` the open ones of the board's account. `time_zone` is the account's, for times that a
    sentence mentions. `figures` gives a metric's value where the readings alone do not: of the past, agents have their names from one
    place and their sums from another. None: the catalogue's formulas, from the readings. `rows_beside` is of the past as well: how many
    rows a reading had besides those that it has here, by endpoint; None: its rows are not known.
    """

    plans: Mapping[Feed, Plan]
    readings: Mapping[Feed, Reading] = field(default_factory=dict)
    outcomes: Mapping[Feed, Outcome] = field(default_factory=dict)
    agents: Mapping[int, InState] = field(default_factory=dict)
    stop: Stop | None = None
    pause: Pause | None = None
    elsewhere: Mapping[str, Stop | None] = field(default_factory=dict)
    budget: Mapping[str, BudgetUse] = field(default_factory=dict)
    charts: Mapping[str, Object] = field(default_factory=dict)
    flow: Flow | None = None
    incidents: Sequence[Object] = ()
    time_zone: str = "UTC"
    emulated: bool = False
    source_name: str = "Zendesk Talk"
    figures: Callable[[Metric], Value] | None = None
    rows_beside: Mapping[Endpoint, int | None] = field(default_factory=dict)

    def stop_of(self, feed: Feed) -> Stop | None:
        """The stop of the feed's own account."""
        return self.elsewhere.get(feed.account, self.stop)

    def pause_of(self, feed: Feed) -> Pause | None:
        """The pause that holds the feed back besides its own."""
        return None if feed.account in self.elsewhere else self.pause
