"""Handling: an agent's conversation with a caller, from accepting to the end of wrap-up.

In:  a call and the agent who took it, or an agent with time to call out. Out: the agent, free again.
`calls_accepted` counts every accepted offer: queued calls, callbacks and transfers; a conference joined is counted as such alone.
"""

from __future__ import annotations

from dashboard.emulator import calls
from dashboard.emulator.calls import CALLBACK, LIVE, MAX_LEGS, RING_S, WIDGET, Call
from dashboard.emulator.chance import gamma_s
from dashboard.emulator.people import Agent, Doing
from dashboard.emulator.stage import Stage

_NO_ANSWER_RATIO = 0.15
_OUTBOUND_NO_ANSWER_RATIO = 0.3
_OUTBOUND_TALK_MEAN_S = 110.0


class Handling:
    """Conversations: talk, hold, consultation, conference, transfer, wrap-up, and calls out."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def accept(self, agent: Agent, call: Call) -> None:
        """The agent takes a call that has just left the queue."""
        stage, visit, tally = self._stage, call.visit, self._stage.tally(call)
        waited_ms = stage.now_ms - visit.entered_ms
        if visit.kind == LIVE:
            tally.queue_wait_ms += waited_ms
            tally.queue_wait_count += 1
            if call.answered_ms is None:
                tally.answer_ms += stage.now_ms - call.arrived_ms
                tally.answer_count += 1
        else:
            tally.callback_wait_ms += waited_ms
            tally.callback_wait_count += 1
        agent.tally.accepted_count += 1
        agent.tally.accepted_transfer_count += call.transferred
        if visit.kind in (CALLBACK, WIDGET):
            self._dial(agent, call, "callback_failed", _NO_ANSWER_RATIO)
        else:
            self._converse(agent, call, Doing.TALK, call.line.talk_mean_s)

    def call_out(self, agent: Agent) -> None:
        """An agent with time on their hands calls somebody."""
        stage = self._stage
        rng = stage.presence.stream(agent)
        line = rng.choices(stage.config.lines, [line.share for line in stage.config.lines])[0]
        call = stage.arrivals.new_call(line, "outbound", "phone")
        stage.tally(call).outbound_count += 1
        stage.presence.engage(agent, Doing.DIALLING)
        self._dial(agent, call, "outbound_unanswered", _OUTBOUND_NO_ANSWER_RATIO)

    def _dial(self, agent: Agent, call: Call, failure: str, no_answer_ratio: float) -> None:
        self._begin_leg(agent, call, Doing.DIALLING)
        self._stage.connect(call)
        if call.rng.random() < no_answer_ratio:
            self._stage.agenda.after(call.rng.uniform(18, 35), self._nobody_home, agent, call, failure)
        else:
            self._stage.agenda.after(3 + gamma_s(call.rng, 9, 3), self._customer_answers, agent, call)

    def _nobody_home(self, agent: Agent, call: Call, failure: str) -> None:
        self._stage.end(call, failure)
        self._wrap_up(agent, call)

    def _customer_answers(self, agent: Agent, call: Call) -> None:
        talk_mean_s = _OUTBOUND_TALK_MEAN_S if call.direction == "outbound" else call.line.talk_mean_s
        self._plan(call, talk_mean_s)
        call.answered_ms = self._stage.now_ms
        self._next_turn(agent, call)

    def _begin_leg(self, agent: Agent, call: Call, doing: Doing) -> None:
        agent.line_id = call.line.id
        agent.do(doing, self._stage.now_ms)
        agent.turn += 1
        agent.tally.leg_count += 1
        self._stage.tally(call).leg_count += 1
        call.agent_ids.append(agent.id)

    def _plan(self, call: Call, talk_mean_s: float) -> None:
        mean_s = talk_mean_s * self._stage.scenario.talk * self._stage.injection.talk
        may_transfer = call.direction == "inbound" and len(call.agent_ids) < MAX_LEGS
        call.plan = calls.conversation(call.rng, mean_s, may_transfer=may_transfer)

    def _converse(self, agent: Agent, call: Call, doing: Doing, talk_mean_s: float) -> None:
        if call.answered_ms is None:
            call.answered_ms = self._stage.now_ms
        self._begin_leg(agent, call, doing)
        self._plan(call, talk_mean_s)
        self._next_turn(agent, call)

    def _next_turn(self, agent: Agent, call: Call) -> None:
        """Go on with what is planned; with nothing left the call ends and wrap-up begins."""
        guest, call.guest = call.guest, None
        if guest is not None:
            self._wrap_up(guest, call)
        if not call.plan:
            kind = call.visits[-1].kind if call.visits else ""
            ended = "outbound_answered" if call.direction == "outbound" else "answered" if kind == LIVE else "callback_answered"
            self._stage.end(call, ended)
            self._wrap_up(agent, call)
            return
        turn, seconds = call.plan.popleft()
        if turn == "transfer":
            self._transfer(agent, call)
            return
        if turn == "conference":
            self._confer(agent, call)
        else:
            agent.do(Doing(turn), self._stage.now_ms)
            # Held twice in one call is still one call put on hold.
            if agent.doing is Doing.HOLD and agent.id not in call.held_by:
                call.held_by.append(agent.id)
                agent.tally.held_count += 1
        self._stage.agenda.after(seconds, self._next_turn, agent, call)

    def _colleague(self, agent: Agent, call: Call) -> Agent | None:
        """Somebody free for a transfer or a conference: those who take transfers alone first, then the longest idle."""
        stage = self._stage
        for other in (*stage.presence.transfers_only(), *stage.idle.values()):
            if other is not agent and other.id not in call.agent_ids:
                return other
        return None

    def _confer(self, agent: Agent, call: Call) -> None:
        """A third party joins: a colleague who is free, or somebody outside."""
        agent.do(Doing.TALK, self._stage.now_ms)
        agent.tally.started_conference_count += 1
        guest = None if self._stage.waiting.pressed else self._colleague(agent, call)
        if guest is not None:
            self._stage.presence.engage(guest, Doing.TALK)
            guest.tally.accepted_conference_count += 1
            self._begin_leg(guest, call, Doing.TALK)
            call.guest = guest

    def _transfer(self, agent: Agent, call: Call) -> None:
        """To a colleague who is free, announced; else back into the queue. Alone on the floor the agent finishes the call."""
        stage = self._stage
        if not any(other.state == "online" and other is not agent for other in stage.agents.values()):
            self._next_turn(agent, call)
            return
        agent.tally.started_transfer_count += 1
        call.transferred = True
        target = self._colleague(agent, call)
        if target is None:
            self._wrap_up(agent, call)
            stage.waiting.enter(call, LIVE, transferred_by=agent)
            return
        agent.do(Doing.CONSULT, stage.now_ms)
        stage.presence.engage(target, Doing.RINGING)
        answer, after_s = calls.ring(call.rng, by_phone=target.via == "phone")
        stage.agenda.after(min(RING_S, after_s), self._transfer_rung, agent, target, call, answer)

    def _transfer_rung(self, agent: Agent, target: Agent, call: Call, answer: str) -> None:
        stage = self._stage
        if answer == "accepted":
            target.tally.accepted_count += 1
            target.tally.accepted_transfer_count += 1
            self._begin_leg(target, call, Doing.CONSULT)
            stage.agenda.after(call.rng.uniform(6, 25), self._hand_over, agent, target, call)
            return
        target.tally.missed_count += answer == "missed"
        target.tally.denied_count += answer == "denied"
        stage.presence.release(target)
        # Nobody took over: the first agent comes back to the caller and finishes it.
        call.plan.append((Doing.TALK, call.rng.uniform(15, 60)))
        self._next_turn(agent, call)

    def _hand_over(self, agent: Agent, target: Agent, call: Call) -> None:
        self._wrap_up(agent, call)
        self._plan(call, call.line.talk_mean_s)
        self._next_turn(target, call)

    def _wrap_up(self, agent: Agent, call: Call) -> None:
        agent.do(Doing.WRAP_UP, self._stage.now_ms)
        agent.turn += 1
        agent.tally.wrap_up_count += 1
        self._stage.tally(call).wrap_up_count += 1
        seconds = calls.wrap_up_s(call.rng, pressed=self._stage.waiting.pressed)
        self._stage.agenda.after(seconds, self._stage.presence.release, agent)
