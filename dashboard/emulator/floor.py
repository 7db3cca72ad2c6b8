"""The call centre as the vendor's edge sees it: four answers, a truth, knobs, and the desk of the same people.

Out: the `Floor` protocol, which `simulated.SimulatedFloor` fulfils, and a double in the tests.
Must not know HTTP, plans or limits, nor how calls come about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.options import EmulatorSettings


class Floor(Protocol):
    """A call centre at one moment. Counts and whole seconds are integers >= 0; None as a filter means no filter."""

    @property
    def now(self) -> datetime:
        """The simulated time, aware."""

    @property
    def scenario(self) -> str: ...

    @property
    def desk(self) -> HelpDesk:
        """The account's tickets, at the same simulated time."""

    @property
    def line_ids(self) -> tuple[int, ...]: ...

    @property
    def group_ids(self) -> tuple[int, ...]: ...

    def more_tickets(self, count: int, breach_in_min: int | None) -> None:
        """So many customers write now. With `breach_in_min` each first reply is due in so many minutes, and nobody comes before."""

    def advance(self, to: datetime) -> None:
        """Let time pass until `to`; an earlier time changes nothing."""

    def set_scenario(self, name: str) -> None:
        """ValueError, with the names there are, for an unknown one."""

    def inject(self, shape: str, size: float | None, for_s: float | None, in_s: float) -> None:
        """A spike, with its shape's own size and length for None. ValueError, one sentence, for what there is not."""

    def spikes(self) -> list[dict[str, object]]:
        """Those injected: shape, size, from and to (aware)."""

    def end_spikes(self) -> None: ...

    def current_queue_activity(self, line_ids: Collection[int] | None) -> dict[str, int]: ...

    def account_overview(self, line_ids: Collection[int] | None) -> dict[str, int]: ...

    def agents_activity(self, group_ids: Collection[int] | None) -> list[dict[str, object]]:
        """Ordered by agent_id."""

    def agents_overview(self) -> dict[str, int]: ...

    def pro_fields(self, endpoint: str) -> frozenset[str]:
        """The fields of an endpoint that only Professional and above are sent; all answers here hold all fields."""

    def calls(self, since: datetime | None, limit: int) -> list[dict[str, object]]:
        """What no vendor tells: each call's wait and fate."""


OpenFloor = Callable[[EmulatorSettings, datetime], Floor]
"""Makes the call centre of an account, already lived up to a time since its midnight. ValueError for an unknown scenario."""
