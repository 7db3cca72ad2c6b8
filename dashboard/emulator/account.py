"""One emulated account while it runs: the floor and everything that can be switched.

In:  settings, a way to open a floor, a clock. Out: `Account`, which the vendor's endpoints ask and the control turns.
Must not know HTTP. Not safe for several threads: it lives in the server's one event loop.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dashboard.emulator.auth import Doorkeeper
from dashboard.emulator.clock import EmulatorClock
from dashboard.emulator.faults import Faults
from dashboard.emulator.floor import Floor, OpenFloor
from dashboard.emulator.limits import MINUTE_S, QUEUE_LIMIT, QUEUE_WINDOW_S, Limits
from dashboard.emulator.options import PER_MINUTE, EmulatorSettings, check_agents_count, check_plan, check_speed
from dashboard.emulator.request_log import RequestLog

Forced = dict[str, object]


class Account:
    """The state behind all endpoints. ValueError where the simulation refuses a name or a number."""

    def __init__(self, settings: EmulatorSettings, open_floor: OpenFloor, clock: EmulatorClock) -> None:
        self.settings = settings
        self.clock = clock
        self._open_floor = open_floor
        self._started_at = clock.world()
        self.floor: Floor = open_floor(settings, self._started_at)
        self.plan = settings.plan
        self.agents_count = settings.agents_count
        self.limits = Limits(settings.plan)
        self.doors = Doorkeeper(settings)
        self.faults = Faults(settings.seed)
        self.log = RequestLog()
        self.forced: dict[str, Forced] = {}
        self.forced_agents: dict[int, Forced] = {}

    def advance(self) -> datetime:
        """Bring the floor up to the present simulated time, and return it."""
        now = self.clock.world()
        self.floor.advance(now)
        return now

    def set_plan(self, plan: str) -> None:
        """Change the plan: the fields that are sent and the requests a minute."""
        self.plan = check_plan(plan)
        self.limits.other.limit = PER_MINUTE[plan]

    def set_speed(self, speed: float) -> None:
        """Run simulated time at another speed from now on."""
        self.clock.set_speed(check_speed(speed))

    def set_agents_count(self, count: int) -> None:
        """Open the floor anew with so many agents, same seed and time, without spikes."""
        check_agents_count(count)
        now = self.advance()
        settings = replace(self.settings, agents_count=count, scenario=self.floor.scenario)
        self.floor, self.agents_count = self._open_floor(settings, now), count

    def calm(self) -> None:
        """Everything that was switched goes back to the settings, windows, tokens and log are emptied; the floor lives on."""
        self.set_plan(self.settings.plan)
        self.set_speed(self.settings.speed)
        self.limits.queue.limit, self.limits.queue.window_s = QUEUE_LIMIT, QUEUE_WINDOW_S
        self.limits.other.window_s, self.limits.spelling = MINUTE_S, "2024"
        self.limits.clear()
        self.clock.unskip()
        self.doors.revoke()
        self.faults = Faults(self.settings.seed)
        self.log.clear()
        self.forced.clear()
        self.forced_agents.clear()
        self.floor.end_spikes()
        if self.floor.scenario != self.settings.scenario:
            self.floor.set_scenario(self.settings.scenario)

    def restart(self) -> None:
        """As after the start: calm, and the same day again from the same moment."""
        self.calm()
        self.floor, self.agents_count = self._open_floor(self.settings, self._started_at), self.settings.agents_count
        self.clock.restart_world(self._started_at)
