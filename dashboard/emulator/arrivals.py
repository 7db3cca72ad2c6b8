"""Arrivals: who calls, on which line, when; and what happens before the queue (greeting, menu, textback).

In:  the day's profile, the scenario, a stream of chance per line and day. Out: calls that enter the queue.
A Poisson process whose rate follows the wall clock, drawn by thinning: with the highest rate, keeping each with rate / highest.
"""

from __future__ import annotations

from math import sqrt
from random import Random

from dashboard.emulator import calls
from dashboard.emulator.calls import LIVE, WIDGET, Call
from dashboard.emulator.chance import lognormal_s, stream
from dashboard.emulator.days import day_of, local
from dashboard.emulator.lines import Line
from dashboard.emulator.profile import PEAK, demand, in_business_hours
from dashboard.emulator.roster import PRESENT_SHARE, SHIFT_MINUTES
from dashboard.emulator.stage import Stage

_WIDGET_SHARE = 0.025
# Demand swells and ebbs from one quarter of an hour to the next by more than chance alone; clipped so that thinning has a bound.
_TEXTURE_SIGMA = 0.12
_TEXTURE_MAX = 1.4
_HANDLE_MEAN_S = 215.0
# Spare people as a multiple of the root of the load, tuned over simulated days: at 18 agents 2-6 % abandon.
_RESERVE = 0.75


def carried_calls_per_hour(agents_count: int) -> float:
    """The calls per hour, over the day, that this many agents can just carry calmly: square-root staffing, turned round."""
    present = agents_count * SHIFT_MINUTES / 1440 * PRESENT_SHARE
    load = (sqrt(present + _RESERVE * _RESERVE / 4) - _RESERVE / 2) ** 2  # load + _RESERVE * sqrt(load) = present
    return load * 3600 / _HANDLE_MEAN_S


class Arrivals:
    """The callers of all lines and of the Web Widget."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        config = stage.config
        base = config.base_calls_per_hour
        self._per_s = (carried_calls_per_hour(config.agents_count) if base is None else base) / 3600
        shares = sum(line.share for line in config.lines)
        self._sources = [(line, "phone", line.share / shares) for line in config.lines]
        self._sources.append((config.lines[0], "widget", _WIDGET_SHARE))
        self._streams: list[Random] = []
        self._texture: list[float] = []
        self._turn = 0
        self._calls_count = 0
        self._extra_count = 0
        self._day = ""

    def begin_day(self) -> None:
        """New streams for the account's date, so that a date has its callers whatever the days before it were."""
        self._day = day_of(self._stage.now_ms, self._stage.zone).isoformat()
        seed = self._stage.config.seed
        self._streams = [stream(seed, self._day, line.id, origin) for line, origin, _ in self._sources]
        texture = stream(seed, self._day, "texture")
        day = lognormal_s(texture, 1, 0.03)
        self._texture = [min(_TEXTURE_MAX, day * lognormal_s(texture, 1, _TEXTURE_SIGMA)) for _ in range(96)]
        self._calls_count = self._extra_count = 0
        self.redraw()

    def redraw(self) -> None:
        """Forget the callers to come and draw them anew: the day or the scenario has changed."""
        self._turn += 1
        for index in range(len(self._sources)):
            self._expect(index)

    def _peak(self) -> float:
        scenario = self._stage.scenario
        return self._per_s * max(PEAK, scenario.arrivals_floor) * scenario.arrivals * _TEXTURE_MAX

    def _rate(self, minute: float) -> float:
        """Calls per second over all lines at this minute of the wall clock."""
        scenario = self._stage.scenario
        return self._per_s * max(demand(minute), scenario.arrivals_floor) * scenario.arrivals * self._texture[int(minute // 15)]

    def _expect(self, index: int) -> None:
        highest = self._peak() * self._sources[index][2]
        if highest > 0:
            self._stage.agenda.after(self._streams[index].expovariate(highest), self._candidate, index, self._turn)

    def _candidate(self, index: int, turn: int) -> None:
        if turn != self._turn:
            return
        line, origin, _ = self._sources[index]
        minute = self._stage.minute
        kept = self._streams[index].random() * self._peak() < self._rate(minute)
        if kept and (origin == "phone" or in_business_hours(minute)):
            self._arrive(line, origin, minute)
        self._expect(index)

    def _arrive(self, line: Line, origin: str, minute: float) -> None:
        stage = self._stage
        call = self.new_call(line, "inbound", origin)
        self._count(call, minute)
        if origin == "widget":
            stage.tally(call).widget_callback_count += 1
            stage.told(call, "callback_requested")
            stage.waiting.enter(call, WIDGET)
            return
        self._greet(call)

    def _count(self, call: Call, minute: float) -> None:
        tally = self._stage.tally(call)
        tally.inbound_count += 1
        tally.outside_hours_count += not in_business_hours(minute)

    def _greet(self, call: Call) -> None:
        stage = self._stage
        stage.connect(call)
        delay_s, ending = calls.menu(call.rng)
        stage.agenda.after(delay_s, self._leave_menu, call, ending)

    def _leave_menu(self, call: Call, ending: str | None) -> None:
        if ending is None:
            self._stage.waiting.enter(call, LIVE)
            return
        if ending == "textback":
            self._stage.tally(call).textback_count += 1
        self._stage.end(call, ending)

    @property
    def mean_per_s(self) -> float:
        """Calls per second over all lines, as the mean of an ordinary day."""
        return self._per_s

    def summon(self, rng: Random) -> None:
        """A caller whom a spike sends, on a line by its share."""
        call = self._extra_call(rng)
        self._count(call, self._stage.minute)
        self._greet(call)

    def forgotten(self, rng: Random, until_ms: int) -> None:
        """A caller whom the routing offers to nobody until then, and who holds on."""
        call = self._extra_call(rng)
        self._count(call, self._stage.minute)
        call.forgotten_until_ms = until_ms
        self._stage.connect(call)
        self._stage.agenda.after(rng.uniform(4, 15), self._leave_menu, call, None)

    def _extra_call(self, rng: Random) -> Call:
        """Numbered from the other end of the day's numbers, so that the day's own calls keep theirs and what they have in store."""
        line = rng.choices(self._stage.config.lines, [line.share for line in self._stage.config.lines])[0]
        self._extra_count += 1
        return self._call(line, "inbound", "phone", 1_000_000 - self._extra_count, stream(rng.random()))

    def new_call(self, line: Line, direction: str, origin: str) -> Call:
        """A call with a number and a stream of chance of its own; it is known to the truth from now on."""
        self._calls_count += 1
        number = self._calls_count
        return self._call(line, direction, origin, number, stream(self._stage.config.seed, self._day, "call", direction, number))

    def _call(self, line: Line, direction: str, origin: str, number: int, rng: Random) -> Call:
        stage = self._stage
        weights = [0.75, *[0.25] * (len(line.group_ids) - 1)]
        call = Call(
            id=int(local(stage.now_ms, stage.zone).strftime("%y%m%d")) * 1_000_000 + number,
            direction=direction,
            origin=origin,
            line=line,
            group_id=rng.choices(line.group_ids, weights)[0],
            arrived_ms=stage.now_ms,
            rng=rng,
        )
        stage.calls.append(call)
        return call
