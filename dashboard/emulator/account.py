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
from dashboard.emulator.idempotency import Idempotency
from dashboard.emulator.jobs import Jobs
from dashboard.emulator.kayako_door import KayakoDoor
from dashboard.emulator.limits import MINUTE_S, QUEUE_LIMIT, QUEUE_WINDOW_S, Limits
from dashboard.emulator.options import PER_MINUTE, EmulatorSettings, check_agents_count, check_plan, check_speed
from dashboard.emulator.own_limits import OwnLimits
from dashboard.emulator.request_log import RequestLog

Forced = dict[str, object]
FIRST_AUDIT_ID = 6_164_068_756_634


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
        self.own_limits = OwnLimits()
        self.doors = Doorkeeper(settings)
        self.kayako = KayakoDoor(settings)
        self.faults = Faults(settings.seed)
        self.log = RequestLog()
        self.jobs = Jobs()
        self.idempotency = Idempotency()
        self._audit_id = FIRST_AUDIT_ID
        self.forced: dict[str, Forced] = {}
        self.forced_agents: dict[int, Forced] = {}

    def advance(self) -> datetime:
        """Bring the floor up to the present simulated time, do what jobs have to do by now, and return the time."""
        now = self.clock.world()
        self.floor.advance(now)
        self.jobs.run(self.clock.steady_s(), self.clock.wall_s())
        return now

    def next_audit_id(self, step: int) -> int:
        """An id that no audit and no event of one has had, `step` beyond the one before."""
        self._audit_id += step
        return self._audit_id

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
        self._forget_writes()
        settings = replace(self.settings, agents_count=count, scenario=self.floor.scenario)
        self.floor, self.agents_count = self._open_floor(settings, now), count

    def _forget_writes(self) -> None:
        """Jobs that are not over stay undone: they belong to a floor or to a clock that is no more."""
        self.jobs.clear()
        self.idempotency.clear()

    def calm(self) -> None:
        """Everything that was switched goes back to the settings, windows, tokens, jobs and log are emptied; the floor lives on."""
        self._forget_writes()
        self.set_plan(self.settings.plan)
        self.set_speed(self.settings.speed)
        self.limits.queue.limit, self.limits.queue.window_s = QUEUE_LIMIT, QUEUE_WINDOW_S
        self.limits.other.window_s, self.limits.spelling = MINUTE_S, "2024"
        self.limits.clear()
        self.own_limits.clear()
        self.own_limits.factor = 1
        self.clock.unskip()
        self.doors.revoke()
        self.kayako.calm()
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
