"""Injection: spikes that happen to the simulated world itself, so that every answer tells of them alike.

In:  `Spike`s. Out: more callers, absent agents, longer calls, a routing that stands still or forgets somebody.
Must not touch a number that is told, nor the chance of the ordinary day: extra callers have streams and numbers of their own, so that
the same day without the spike has the same callers at the same times. What follows from a spike (who serves whom, and when) differs.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from dashboard.emulator.chance import stream
from dashboard.emulator.days import minute_of_day
from dashboard.emulator.profile import demand
from dashboard.emulator.spikes import MOST_SPIKES, Spike
from dashboard.emulator.stage import Stage

# A rush at four in the morning is a rush too: its callers are counted from at least this much of the day's mean.
_LEAST_DEMAND = 1.0
_TIMES_THE_HOUR = ("rush", "staircase", "double")


class Injection:
    """The spikes of one world: those to come, those that are on, those that are over."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.spikes: list[Spike] = []
        self.talk = 1.0
        self.share_away = 0.0
        self.stands_still = False

    def add(self, spike: Spike) -> Spike:
        """Put a spike on the agenda; it is returned as it is kept. ValueError when there are too many already."""
        if len(self.spikes) >= MOST_SPIKES:
            raise ValueError(f"One world takes {MOST_SPIKES} spikes; end them with calm, or begin anew with reset.")
        alike = sum(replace(other, number=0) == replace(spike, number=0) for other in self.spikes)
        kept = replace(spike, number=alike)
        self.spikes.append(kept)
        self._stage.agenda.at(kept.from_ms, self._begin, kept)
        self._stage.agenda.at(kept.to_ms, self._change)
        return kept

    def end(self) -> None:
        """End what is on and forget what is to come; what a spike has left behind is worked off as ever."""
        now_ms = self._stage.now_ms
        self.spikes = [spike if spike.to_ms <= now_ms else replace(spike, to_ms=now_ms) for spike in self.spikes if spike.from_ms < now_ms]
        self._change()
        self._stage.waiting.remember()

    def _is_on(self, spike: Spike) -> bool:
        """Whether it still is what it was: a spike that was ended is not in the list as it began."""
        return spike in self.spikes and spike.from_ms <= self._stage.now_ms < spike.to_ms

    def _begin(self, spike: Spike) -> None:
        if not self._is_on(spike):
            return
        rng = stream(self._stage.config.seed, "spike", spike.shape, spike.size, spike.from_ms, spike.to_ms, spike.number)
        self._change()
        if spike.shape == "stuck":
            for _ in range(round(spike.size)):
                self._stage.arrivals.forgotten(rng, spike.to_ms)
        elif spike.shape == "burst":
            for _ in range(round(spike.size)):
                due_ms = spike.from_ms + int(rng.random() * (spike.to_ms - spike.from_ms))
                self._stage.agenda.at(due_ms, self._call, spike, stream(rng.random()))
        elif spike.shape in (*_TIMES_THE_HOUR, "drip"):
            self._expect(spike, rng)

    def _call(self, spike: Spike, rng: Random) -> None:
        if self._is_on(spike):
            self._stage.arrivals.summon(rng)

    def _per_s(self, spike: Spike, at_ms: int) -> float:
        """Extra calls per second at full size: of a drip as many as it says, of the others those beyond the hour's own."""
        if spike.shape == "drip":
            return spike.size / 60
        minute = minute_of_day(at_ms, self._stage.zone)
        return (spike.size - 1) * max(_LEAST_DEMAND, demand(minute)) * self._stage.arrivals.mean_per_s

    def _expect(self, spike: Spike, rng: Random) -> None:
        """The next candidate of a Poisson process by the rate of this moment; the shape then keeps or drops it."""
        per_s = self._per_s(spike, self._stage.now_ms)
        if per_s > 0:
            self._stage.agenda.after(rng.expovariate(per_s), self._candidate, spike, rng)

    def _candidate(self, spike: Spike, rng: Random) -> None:
        if not self._is_on(spike):
            return
        if rng.random() < spike.weight(self._stage.now_ms):
            self._stage.arrivals.summon(rng)
        self._expect(spike, rng)

    def _change(self) -> None:
        """A spike has begun or ended: work out what is on, and let those go on whom it had stopped."""
        stage, now_ms = self._stage, self._stage.now_ms
        active = [spike for spike in self.spikes if spike.weight(now_ms) > 0]
        self.talk = max((spike.size for spike in active if spike.shape == "slow"), default=1.0)
        share_away = max((spike.size for spike in active if spike.shape == "walkout"), default=0.0)
        if share_away != self.share_away:
            self.share_away = share_away
            stage.presence.impose()
        self.stands_still = any(spike.shape == "standstill" for spike in active)
        if not self.stands_still:
            stage.waiting.go_on()
