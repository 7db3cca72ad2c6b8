"""The seeded simulation as a `Floor`.

In:  the account's settings and a time. Out: `SimulatedFloor`, all answers about calls from one `World`, with the desk of the same people.
Must not compute anything of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.emulator import stats, truth
from dashboard.emulator.calls import Call
from dashboard.emulator.days import day_start_ms, to_datetime, to_ms
from dashboard.emulator.helpdesk.company import Person
from dashboard.emulator.helpdesk.course import Called
from dashboard.emulator.helpdesk.desk import DeskConfig, HelpDesk
from dashboard.emulator.helpdesk.opening import open_desk
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.people import Agent
from dashboard.emulator.world import World, WorldConfig


def _person(agent: Agent) -> Person:
    return Person(agent.id, agent.name, "agent", f"agent{agent.index}@emulator.example", group_ids=agent.group_ids)


class SimulatedFloor:
    """The seeded simulation behind the edge."""

    def __init__(self, settings: EmulatorSettings, start: datetime) -> None:
        config = WorldConfig(seed=settings.seed, time_zone=settings.time_zone, agents_count=settings.agents_count)
        self._world = World(config, to_datetime(day_start_ms(to_ms(start), ZoneInfo(settings.time_zone))))
        stage = self._world.stage
        self._running = open_desk(
            DeskConfig(settings.seed, settings.time_zone, config.groups, settings.tickets_count),
            stage.agenda,
            [_person(agent) for agent in stage.agents.values()],
            lambda: stage.idle,
            settings.email,
        )
        stage.told = self._told
        self._world.advance(start)
        self._world.set_scenario(settings.scenario)

    def _told(self, call: Call, what: str) -> None:
        """Of the fates of calls these make a ticket, or end one."""
        incoming = self._running.incoming
        if what == "callback_requested" or what.startswith("voicemail"):
            kind = "callback" if what == "callback_requested" else "voicemail"
            incoming.called(Called(call.id, call.line.nickname, call.group_id, kind))
        elif call.agent_ids:
            incoming.called_back(call.id, call.agent_ids[-1], answered=what == "callback_answered")

    @property
    def desk(self) -> HelpDesk:
        return self._running.desk

    @property
    def now(self) -> datetime:
        return self._world.now

    @property
    def scenario(self) -> str:
        return self._world.scenario

    def more_tickets(self, count: int, breach_in_min: int | None) -> None:
        for _ in range(count):
            self._running.incoming.write(breach_in_min)

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
