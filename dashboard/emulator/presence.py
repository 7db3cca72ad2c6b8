"""Presence: who is signed in, and in which state: shifts, breaks, time for transfers alone, and absences that a scenario forces.

In:  the roster, the scenario. Out: agents who are idle, and therefore offered work.
An agent in the middle of something changes state when it is done; a few press "away" during the call, and now and then somebody
on a phone signs out while still talking.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from dashboard.emulator import people
from dashboard.emulator.chance import exponential_s, stream
from dashboard.emulator.days import day_of, wall_ms
from dashboard.emulator.people import Agent, Doing
from dashboard.emulator.roster import Spell, shift, shift_starts
from dashboard.emulator.stage import Stage

_MOST_ON_BREAK_SHARE = 0.16
_PUT_OFF_TIMES = 6
_CALL_OUT_MEAN_S = 200
_AWAY_DURING_CALL_RATIO = 0.3
_SIGNED_OUT_DURING_CALL_RATIO = 0.25
_AWAY_AFTER_MISSED_RATIO = 0.3


class Presence:
    """The states of all agents."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._streams: dict[int, Random] = {}
        self._pulled: dict[int, str] = {}
        self._count = 0
        self._at_work_count = 0
        self._out_count = 0
        self.signed_in_count = 0

    # --- the roster

    def open(self, count: int) -> None:
        """Hire `count` people and put those of yesterday's night shift at their desks; `begin_day` plans today."""
        self._count = count
        self._hire(day_of(self._stage.now_ms, self._stage.zone) - timedelta(days=1))

    def begin_day(self) -> None:
        """Plan the shifts that begin on the account's new date; people who have left are forgotten."""
        stage = self._stage
        for agent in [a for a in stage.agents.values() if not a.employed and a.state == "offline" and a.doing is Doing.FREE]:
            del stage.agents[agent.id]
        today = day_of(stage.now_ms, stage.zone)
        for agent in stage.agents.values():
            self._plan(agent, today)

    def set_count(self, count: int) -> None:
        """Hire or dismiss until there are `count`. The dismissed finish their call and stay listed until midnight."""
        if count < 1:
            raise ValueError(f"A centre needs at least one agent, not {count}.")
        today = day_of(self._stage.now_ms, self._stage.zone)
        self._count = count
        self._hire(today - timedelta(days=1), today)
        for agent in list(self._stage.agents.values()):
            if agent.employed is not (agent.index < count):
                agent.employed = agent.index < count
                self._apply(agent)

    def _hire(self, *days: date) -> None:
        stage = self._stage
        known = {agent.index for agent in stage.agents.values()}
        for index in range(self._count):
            if index not in known:
                agent = people.agent(stage.config.seed, index, stage.config.groups, stage.book.lines, stage.now_ms)
                stage.agents[agent.id] = agent
                for day in days:
                    self._plan(agent, day)

    def _plan(self, agent: Agent, day: date) -> None:
        """Put a shift and its breaks on the agenda, as far as they are not over."""
        if agent.index >= self._count:
            return
        agenda, zone = self._stage.agenda, self._stage.zone
        rng = self._streams[agent.id] = stream(self._stage.config.seed, day.isoformat(), "shift", agent.id)
        plan = shift(rng, shift_starts(self._count)[agent.index])
        end_ms = wall_ms(day, plan.end_minute, zone)
        if end_ms <= agenda.now_ms:
            return
        agenda.at(wall_ms(day, plan.start_minute, zone), self._set_at_work, agent, True)
        agenda.at(end_ms, self._set_at_work, agent, False)
        for spell in plan.spells:
            start_ms = wall_ms(day, spell.start_minute, zone)
            if start_ms >= agenda.now_ms:
                agenda.at(start_ms, self._begin_spell, agent, spell, end_ms, 0)

    def stream(self, agent: Agent) -> Random:
        """The agent's own chance of the day."""
        return self._streams[agent.id]

    def _set_at_work(self, agent: Agent, at_work: bool) -> None:
        self._at_work_count += at_work - agent.at_work
        agent.at_work = at_work
        self._set_planned(agent, "online" if at_work else "offline")

    def _set_planned(self, agent: Agent, state: str) -> None:
        self._out_count -= agent.out
        agent.planned = state
        agent.out = agent.at_work and state != "online"
        self._out_count += agent.out
        agent.plan_turn += 1
        self.impose()
        self._apply(agent)

    def _begin_spell(self, agent: Agent, spell: Spell, end_ms: int, times: int) -> None:
        """Leave for a break, unless callers wait or too many are out; but nobody puts it off for ever. Dropped near the shift's end."""
        stage = self._stage
        if not agent.at_work or stage.now_ms + spell.length_s * 1000 > end_ms - 600_000:
            return
        crowded = stage.waiting.pressed or self._out_count + 1 > max(1.0, _MOST_ON_BREAK_SHARE * self._at_work_count)
        if agent.out or not stage.scenario.breaks or (crowded and times < _PUT_OFF_TIMES):
            delay_s = self.stream(agent).uniform(240, 420)
            stage.agenda.after(delay_s, self._begin_spell, agent, spell, end_ms, times + 1)
            return
        self._set_planned(agent, spell.state)
        stage.agenda.after(spell.length_s, self._end_spell, agent, agent.plan_turn)

    def _end_spell(self, agent: Agent, plan_turn: int) -> None:
        if agent.plan_turn == plan_turn:
            self._set_planned(agent, "online")

    def after_missed(self, agent: Agent, rng: Random) -> None:
        """Some offers are missed because nobody sits there; those agents are set away for a while."""
        if agent.planned == "online" and rng.random() < _AWAY_AFTER_MISSED_RATIO:
            self._set_planned(agent, "away")
            self._stage.agenda.after(rng.uniform(90, 300), self._end_spell, agent, agent.plan_turn)

    # --- what a scenario forces

    def impose(self) -> None:
        """The scenario, a spike, or who is at work, has changed: pull people away, or let them come back one after the other."""
        scenario = self._stage.scenario
        share_away = max(scenario.share_away, self._stage.injection.share_away)
        if not (share_away or scenario.share_missing or self._pulled):
            return
        present = [agent for agent in self._stage.agents.values() if agent.planned != "offline" and agent.employed]
        wanted = _pulled(scenario.share_missing, share_away, present)
        before, self._pulled = self._pulled, wanted
        for agent in self._stage.agents.values():
            state = wanted.get(agent.id)
            if state is not None and agent.pulled != state:
                agent.pulled = state
                self._apply(agent)
            elif state is None and before.get(agent.id) is not None:
                self._stage.agenda.after(self.stream(agent).uniform(5, 60), self._return, agent)

    def _return(self, agent: Agent) -> None:
        if agent.id not in self._pulled and agent.pulled is not None:
            agent.pulled = None
            self._apply(agent)

    # --- states

    def _apply(self, agent: Agent) -> None:
        """Take the wanted state now if the agent is free, else after what is in hand."""
        if agent.doing is Doing.FREE:
            self._become(agent, agent.wanted)
        elif agent.doing.on_call and agent.state == "online":
            chance = self.stream(agent).random()
            early = (agent.wanted == "away" and chance < _AWAY_DURING_CALL_RATIO) or (
                agent.wanted == "offline" and agent.via == "phone" and chance < _SIGNED_OUT_DURING_CALL_RATIO
            )
            if early:
                self._become(agent, agent.wanted)

    def _become(self, agent: Agent, state: str) -> None:
        stage = self._stage
        agent.settle(stage.now_ms)
        self.signed_in_count += (state != "offline") - (agent.state != "offline")
        agent.state = state
        if state != "online" or agent.doing is not Doing.FREE:
            stage.idle.pop(agent.id, None)
        elif agent.id not in stage.idle:
            agent.turn += 1
            stage.idle[agent.id] = agent
            stage.agenda.after(exponential_s(self.stream(agent), _CALL_OUT_MEAN_S), self._call_out, agent, agent.turn)
            stage.waiting.offer_next(agent)

    def engage(self, agent: Agent, doing: Doing) -> None:
        """A free agent begins something: no more offers."""
        self._stage.idle.pop(agent.id, None)
        agent.do(doing, self._stage.now_ms)
        agent.turn += 1

    def release(self, agent: Agent) -> None:
        """The agent is done with what was in hand and takes the wanted state."""
        agent.do(Doing.FREE, self._stage.now_ms)
        agent.turn += 1
        self._become(agent, agent.wanted)

    def transfers_only(self) -> list[Agent]:
        """Free agents who take transfers alone."""
        return [agent for agent in self._stage.agents.values() if agent.state == "transfers_only" and agent.doing is Doing.FREE]

    def _call_out(self, agent: Agent, turn: int) -> None:
        """Call a customer, if nothing has come up since and somebody else stays free for callers."""
        stage = self._stage
        if agent.turn == turn and agent.id in stage.idle:
            if stage.scenario.outbound and len(stage.idle) > 1 and not stage.waiting_calls:
                stage.handling.call_out(agent)
            else:
                stage.agenda.after(exponential_s(self.stream(agent), _CALL_OUT_MEAN_S), self._call_out, agent, turn)


def _pulled(share_missing: float, share_away: float, present: list[Agent]) -> dict[int, str]:
    """Who of those at work is missing or away: agent id -> state. One always stays."""
    ranked = sorted(present, key=lambda agent: agent.rank)
    spare_count = max(0, len(ranked) - 1)
    missing_count = min(spare_count, round(share_missing * len(ranked)))
    away_count = min(spare_count - missing_count, round(share_away * len(ranked)))
    states = ["offline"] * missing_count + ["away"] * away_count
    return {agent.id: state for agent, state in zip(ranked, states, strict=False)}
