"""The world: a simulated call centre that lives from one event to the next.

In:  the account's set-up, a start, and the times to advance to. Out: the state that `stats.py` and `truth.py` read.
Must not read a clock: all time comes in as an argument. Looking often or seldom makes no difference to what happens.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.emulator import scenarios
from dashboard.emulator.agenda import Agenda
from dashboard.emulator.arrivals import Arrivals
from dashboard.emulator.counters import Book, LineTally
from dashboard.emulator.days import day_start_ms, next_day_start_ms, to_datetime, to_ms
from dashboard.emulator.handling import Handling
from dashboard.emulator.injection import Injection
from dashboard.emulator.presence import Presence
from dashboard.emulator.spikes import Spike, spike
from dashboard.emulator.stage import Stage, WorldConfig
from dashboard.emulator.waiting import Waiting

__all__ = ["World", "WorldConfig"]


class World:
    """One account's call centre. Not safe to use from several threads at once."""

    def __init__(self, config: WorldConfig, start: datetime) -> None:
        """Begin at the account's midnight before `start` (aware) with the night shift at work, and live up to it.

        ValueError for a naive start; zoneinfo.ZoneInfoNotFoundError for a zone that does not exist.
        """
        zone = ZoneInfo(config.time_zone)
        agenda = Agenda(day_start_ms(to_ms(start), zone))
        self.stage = Stage(config, zone, agenda, Book({line.id: LineTally() for line in config.lines}))
        self.stage.injection = Injection(self.stage)
        self.stage.arrivals = Arrivals(self.stage)
        self.stage.waiting = Waiting(self.stage)
        self.stage.handling = Handling(self.stage)
        self.stage.presence = Presence(self.stage)
        self.line_ids: tuple[int, ...] = tuple(line.id for line in config.lines)
        self.group_ids: tuple[int, ...] = tuple(group.id for group in config.groups)
        self.stage.presence.open(config.agents_count)
        self._begin_day()
        agenda.run_to(to_ms(start))

    def _begin_day(self) -> None:
        stage = self.stage
        stage.begin_day()
        stage.presence.begin_day()
        stage.arrivals.begin_day()
        stage.agenda.at(next_day_start_ms(stage.now_ms, stage.zone), self._begin_day)

    @property
    def now(self) -> datetime:
        """The simulated time, aware UTC, in whole milliseconds."""
        return to_datetime(self.stage.now_ms)

    def advance(self, to: datetime) -> None:
        """Live until `to` (aware); an earlier time changes nothing."""
        self.stage.agenda.run_to(to_ms(to))

    @property
    def scenario(self) -> str:
        """The name of the scenario that is on."""
        return self.stage.scenario.name

    def set_scenario(self, name: str) -> None:
        """Switch to a scenario from now on. ValueError, with the names there are, for an unknown one."""
        chosen = scenarios.scenario(name)
        if chosen is not self.stage.scenario:
            self.stage.scenario = chosen
            self.stage.presence.impose()
            self.stage.arrivals.redraw()

    def inject(self, shape: str, *, size: float | None = None, for_s: float | None = None, in_s: float = 0.0) -> Spike:
        """A spike that begins `in_s` seconds from now; without a size or a length it has its shape's own.

        The same spikes in the same world make the same day. ValueError, one sentence, for a shape or a figure that there is not.
        """
        return self.stage.injection.add(spike(shape, self.stage.now_ms, size=size, for_s=for_s, in_s=in_s))

    @property
    def spikes(self) -> tuple[Spike, ...]:
        """All that were injected, over or not, in the order of injection: the ground truth."""
        return tuple(self.stage.injection.spikes)

    def end_spikes(self) -> None:
        """End those that are on, as of now, and forget those to come."""
        self.stage.injection.end()

    def set_agents_count(self, count: int) -> None:
        """Hire or dismiss agents from now on; as many callers call as before. ValueError below 1."""
        self.stage.presence.set_count(count)
