"""Waiting: the queue, who leaves it by themselves, and whom an agent is offered.

In:  calls that enter, agents who become free. Out: offers, and calls handed to `handling`.
First come, first served, over all lines; a caller who asks for a callback keeps the place. While an agent's phone rings the
caller still waits. A group's callers are offered to every agent once they have waited for `OVERFLOW_S`.
"""

from __future__ import annotations

from dashboard.emulator import calls
from dashboard.emulator.calls import CALLBACK, LIVE, MAX_QUEUE_WAIT_S, Call, Visit
from dashboard.emulator.people import Agent, Doing
from dashboard.emulator.stage import Stage

OVERFLOW_S = 15
_OFFER_AGAIN_S = 8
_OFFER_TO_TRANSFERRER_S = 90


class Waiting:
    """The live queue and the callback queue, which share one order."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    @property
    def pressed(self) -> bool:
        """Whether somebody waits whom no agent's phone is ringing for."""
        return any(call.ringing is None for call in self._stage.waiting_calls.values())

    def enter(self, call: Call, kind: str, transferred_by: Agent | None = None) -> None:
        """A caller, or a request for a callback, joins the queue. Callers whom nobody could ever answer leave a voicemail.

        Who transferred the call into the queue is not offered it for a while.
        """
        stage = self._stage
        if kind == LIVE and stage.presence.signed_in_count == 0:
            self._record_voicemail(call, "voicemail_no_agents")
            return
        visit = Visit(kind, stage.now_ms)
        call.visits.append(visit)
        call.overflowed, call.refused_by = False, transferred_by
        stage.waiting_calls[call.id] = call
        stage.book.waiting.change(call.line.id, 1)
        if kind == LIVE:
            self._foresee(call, visit)
        stage.agenda.after(OVERFLOW_S, self._overflow, call, visit)
        if transferred_by is not None:
            stage.agenda.after(_OFFER_TO_TRANSFERRER_S, self._forgive, call, visit)
        self._offer_to_anyone(call)

    def _foresee(self, call: Call, visit: Visit) -> None:
        """Note when the caller will leave unanswered; only the earliest of the ways out can come true."""
        ways: list[tuple[float, str]] = [(MAX_QUEUE_WAIT_S, "voicemail_max_wait")]
        if call.forgotten_until_ms > self._stage.now_ms:  # holds on, or there would be nothing to see
            self._stage.agenda.after(MAX_QUEUE_WAIT_S, self._give_up, call, visit, ways[0][1])
            return
        ahead = calls.queueing(call.rng, self._stage.scenario)
        ways.append((ahead.abandon_s, "abandoned"))
        if ahead.voicemail_s is not None:
            ways.append((ahead.voicemail_s, "voicemail_requested"))
        if ahead.callback_s is not None and not call.transferred:
            self._stage.agenda.after(ahead.callback_s, self._ask_for_callback, call, visit)
        delay_s, way = min(ways)
        self._stage.agenda.after(delay_s, self._give_up, call, visit, way)

    def _give_up(self, call: Call, visit: Visit, way: str) -> None:
        if visit.left_ms is not None:
            return
        stage, tally = self._stage, self._stage.tally(call)
        self.leave(call, way, None)
        if way == "abandoned":
            tally.abandoned_count += 1
            stage.end(call, way)
            return
        tally.exceeded_wait_count += way == "voicemail_max_wait"
        tally.requested_voicemail_count += way == "voicemail_requested"
        self._record_voicemail(call, way)

    def _record_voicemail(self, call: Call, way: str) -> None:
        self._stage.tally(call).voicemail_count += 1
        call.fate = way
        self._stage.agenda.after(call.rng.uniform(12, 60), self._stage.end, call, way)

    def _ask_for_callback(self, call: Call, visit: Visit) -> None:
        """The caller hangs up and keeps the place; somebody whose call is being put through this second does not."""
        if visit.left_ms is not None or call.ringing is not None:
            return
        stage = self._stage
        self._close(visit, "callback_requested", None)
        self._note_longest(call, visit)
        stage.tally(call).callback_count += 1
        stage.disconnect(call)
        call.visits.append(Visit(CALLBACK, stage.now_ms))
        stage.told(call, "callback_requested")

    def _overflow(self, call: Call, visit: Visit) -> None:
        if visit.left_ms is None:
            call.overflowed = True
            self._offer_to_anyone(call)

    def _close(self, visit: Visit, outcome: str, agent: Agent | None) -> None:
        visit.left_ms, visit.outcome = self._stage.now_ms, outcome
        visit.agent_id = agent.id if agent else None

    def _note_longest(self, call: Call, visit: Visit) -> None:
        tally = self._stage.tally(call)
        tally.max_queue_wait_ms = max(tally.max_queue_wait_ms, self._stage.now_ms - visit.entered_ms)

    def leave(self, call: Call, outcome: str, agent: Agent | None) -> None:
        """The call leaves the queue; a phone that rings for it falls silent."""
        stage, visit = self._stage, call.visit
        self._close(visit, outcome, agent)
        del stage.waiting_calls[call.id]
        stage.book.waiting.change(call.line.id, -1)
        if visit.kind == LIVE:
            self._note_longest(call, visit)
        ringing, call.ringing = call.ringing, None
        if ringing is not None and ringing is not agent:
            stage.presence.release(ringing)

    def _may_take(self, agent: Agent, call: Call) -> bool:
        stage = self._stage
        if stage.injection.stands_still or call.forgotten_until_ms > stage.now_ms:
            return False
        return call.ringing is None and call.refused_by is not agent and (call.overflowed or call.group_id in agent.group_ids)

    def go_on(self) -> None:
        """The routing goes on, or remembers somebody: whoever is idle is offered the first they may take."""
        for agent in list(self._stage.idle.values()):
            self.offer_next(agent)

    def remember(self) -> None:
        """Nobody is forgotten any more."""
        for call in self._stage.waiting_calls.values():
            call.forgotten_until_ms = 0
        self.go_on()

    def _offer_to_anyone(self, call: Call) -> None:
        """Ring the agent who has been idle longest of those who may take the call."""
        for agent in self._stage.idle.values():
            if self._may_take(agent, call):
                self._offer(agent, call)
                return

    def offer_next(self, agent: Agent) -> None:
        """Ring an agent who has become idle for the first in the queue whom they may take."""
        for call in self._stage.waiting_calls.values():
            if self._may_take(agent, call):
                self._offer(agent, call)
                return

    def _offer(self, agent: Agent, call: Call) -> None:
        stage = self._stage
        call.ringing = agent
        stage.presence.engage(agent, Doing.RINGING)
        answer, after_s = calls.ring(call.rng, by_phone=agent.via == "phone")
        stage.agenda.after(after_s, self._rung, call, agent, agent.turn, answer)

    def _rung(self, call: Call, agent: Agent, turn: int, answer: str) -> None:
        if agent.turn != turn:
            return
        stage = self._stage
        if answer == "accepted":
            self.leave(call, "answered", agent)
            stage.handling.accept(agent, call)
            return
        agent.tally.missed_count += answer == "missed"
        agent.tally.denied_count += answer == "denied"
        call.ringing, call.refused_by = None, agent
        self._offer_to_anyone(call)
        if call.ringing is None:
            stage.agenda.after(_OFFER_AGAIN_S, self._forgive, call, call.visit)
        if answer == "missed":
            stage.presence.after_missed(agent, call.rng)
        stage.presence.release(agent)

    def _forgive(self, call: Call, visit: Visit) -> None:
        """With nobody else to take the call it is offered to the agent who did not take it, or passed it on."""
        if visit.left_ms is None and call.ringing is None:
            call.refused_by = None
            self._offer_to_anyone(call)
