"""The seeded simulation as a `Floor`.

In:  the account's settings and a time. Out: `SimulatedFloor`, all answers from one `World`.
Must not compute anything of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from dashboard.emulator import stats, truth
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.world import World, WorldConfig


class SimulatedFloor:
    """The seeded simulation behind the edge."""

    def __init__(self, settings: EmulatorSettings, start: datetime) -> None:
        config = WorldConfig(seed=settings.seed, time_zone=settings.time_zone, agents_count=settings.agents_count)
        self._world = World(config, start)
        self._world.set_scenario(settings.scenario)

    @property
    def now(self) -> datetime:
        return self._world.now

    @property
    def scenario(self) -> str:
        return self._world.scenario

    @property
    def line_ids(self) -> tuple[int, ...]:
        return self._world.line_ids

    @property
    def group_ids(self) -> tuple[int, ...]:
        return self._world.group_ids

    def advance(self, to: datetime) -> None:
        self._world.advance(to)

    def set_scenario(self, name: str) -> None:
        self._world.set_scenario(name)

    def inject(self, shape: str, size: float | None, for_s: float | None, in_s: float) -> None:
        self._world.inject(shape, size=size, for_s=for_s, in_s=in_s)

    def spikes(self) -> list[dict[str, object]]:
        return truth.spikes(self._world)

    def end_spikes(self) -> None:
        self._world.end_spikes()

    def current_queue_activity(self, line_ids: Collection[int] | None) -> dict[str, int]:
        return stats.current_queue_activity(self._world, line_ids)

    def account_overview(self, line_ids: Collection[int] | None) -> dict[str, int]:
        return stats.account_overview(self._world, line_ids)

    def agents_activity(self, group_ids: Collection[int] | None) -> list[dict[str, object]]:
        return stats.agents_activity(self._world, group_ids)

    def agents_overview(self) -> dict[str, int]:
        return stats.agents_overview(self._world)

    def pro_fields(self, endpoint: str) -> frozenset[str]:
        return stats.PRO_FIELDS.get(endpoint, frozenset())

    def calls(self, since: datetime | None, limit: int) -> list[dict[str, object]]:
        return truth.calls(self._world, since, limit)
