"""The course of a ticket: what chance has in store for it, and what each thing that happens does to it.

In:  the seed, a ticket, an instant. Out: new tickets; what happens next of itself and when; the ticket moved through `Lifecycle`.
Both the seeded past and the present run on this: they differ in who comes to a ticket when. Each decision about a ticket has a stream
of chance of its own, so that neither other tickets nor the order of looking can change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from dashboard.emulator.chance import lognormal_s, stream
from dashboard.emulator.helpdesk import topics
from dashboard.emulator.helpdesk.company import CUSTOMERS_COUNT, Company
from dashboard.emulator.helpdesk.lifecycle import Lifecycle
from dashboard.emulator.helpdesk.policies import AGENT_WORK, REQUESTER_WAIT
from dashboard.emulator.helpdesk.tickets import CLOSED, HOLD, NEW, OPEN, PENDING, SOLVED, Comment, Ticket
from dashboard.emulator.lines import Group

MAIL_CHANNELS = (("email", 0.55), ("web", 0.3), ("native_messaging", 0.15))
CLOSE_AFTER_MS = 4 * 86_400_000
_GIVE_UP_AFTER_MS = 3 * 86_400_000
# How long a ticket lies before somebody takes it in the seeded past, by priority: minutes on average.
_LIES_MIN = {"urgent": 8, "high": 28, "normal": 95, "low": 260, None: 140}
_MAX_TOUCHES = 7
ANSWER, GIVE_UP, RESUME, REOPEN, CLOSE = "answer", "give_up", "resume", "reopen", "close"


@dataclass(frozen=True, slots=True)
class Called:
    """A call that makes a ticket: `what` is voicemail or callback."""

    id: int
    line: str
    group_id: int
    what: str


class Course:
    """Decisions about tickets. `agents` are the ids of those who may be given one, by group."""

    def __init__(self, seed: int, lifecycle: Lifecycle, company: Company, groups: Sequence[Group]) -> None:
        self._seed, self._lifecycle, self._company, self._groups = seed, lifecycle, company, groups
        self._agents = {group.id: sorted(agent.id for agent in company.agents.values() if group.id in agent.group_ids) for group in groups}

    def _chance(self, ticket: Ticket) -> Random:
        ticket.steps += 1
        return stream(self._seed, "ticket", ticket.id, ticket.steps)

    # --- how it begins

    def written(self, ticket_id: int, at_ms: int, channel: str | None = None) -> Ticket:
        """A customer writes: a ticket that is not listed yet. `channel` None: one of the written ones by chance."""
        rng = stream(self._seed, "ticket", ticket_id)
        about = topics.topic(rng)
        requester_id = self._company.customer_id(rng.randrange(CUSTOMERS_COUNT))
        number = rng.randrange(10_000, 99_999)
        made = self._made(ticket_id, at_ms, requester_id, about.subject.replace("{n}", str(number)))
        made.channel = channel or rng.choices([name for name, _ in MAIL_CHANNELS], [share for _, share in MAIL_CHANNELS])[0]
        made.description = about.text
        made.priority, made.type = topics.priority(rng, about), topics.kind(rng)
        made.group_id = self._groups[about.group % len(self._groups)].id
        made.tags = [*about.tags, f"lang_{about.language}"]
        if made.type == "task":
            made.due_ms = at_ms + 3 * 86_400_000
        if rng.random() < 0.09:
            made.email_cc_ids = [self._company.customer_id(rng.randrange(CUSTOMERS_COUNT))]
        if rng.random() < 0.06 and (followers := self._agents[made.group_id]):
            made.follower_ids = [rng.choice(followers)]
        made.collaborator_ids = sorted({*made.email_cc_ids, *made.follower_ids})
        return made

    def called(self, ticket_id: int, at_ms: int, call: Called) -> Ticket:
        """A call left a message or a request: a ticket that is not listed yet. The same call has the same caller."""
        rng = stream(self._seed, "caller", call.id)
        requester_id = self._company.customer_id(rng.randrange(CUSTOMERS_COUNT))
        said = {"voicemail": "Voicemail", "callback": "Callback request"}[call.what]
        made = self._made(ticket_id, at_ms, requester_id, f"{said} on {call.line}")
        made.channel, made.call_id, made.group_id = "voice", call.id, call.group_id
        made.description = f"{said} of a call on {call.line}. The number is known to the phone system."
        made.priority = rng.choices(["urgent", "high", "normal"], [0.08, 0.42, 0.5])[0]
        made.type = "incident" if rng.random() < 0.3 else "question"
        made.tags = ["phone", call.what]
        return made

    def _made(self, ticket_id: int, at_ms: int, requester_id: int, subject: str) -> Ticket:
        customer = self._company.customer(requester_id)
        made = Ticket(ticket_id, at_ms, at_ms, subject, requester_id, requester_id)
        made.organization_id = customer.organization_id if customer is not None else None
        made.comments = [Comment(at_ms, requester_id, True)]
        return made

    def begin(self, ticket: Ticket, at_ms: int) -> None:
        """The ticket is listed by now: its life begins. Now and then the vendor's undocumented event comes with it."""
        self._lifecycle.open(ticket, at_ms)
        if ticket.id % 29 == 0:
            self._lifecycle.clocks.measure(ticket, REQUESTER_WAIT, at_ms)

    # --- an agent comes to it

    def lies_ms(self, ticket: Ticket) -> int:
        """How long an open ticket of the past lies before an agent comes to it; whole seconds, at least 20."""
        rng = self._chance(ticket)
        share = 0.8 if ticket.figures.replies else 1.0
        return round(max(20, lognormal_s(rng, _LIES_MIN[ticket.priority] * 60 * share, 1.0))) * 1000

    def work_ms(self, ticket: Ticket) -> int:
        """How long an agent needs for what comes next, whole seconds from 40 on."""
        return round(max(40, lognormal_s(self._chance(ticket), 170, 0.5))) * 1000

    def somebody(self, ticket: Ticket) -> int | None:
        """An agent of the past for it: whoever has it, or anyone of its group. None: the group has nobody."""
        if ticket.assignee_id is not None:
            return ticket.assignee_id
        agents = self._agents.get(ticket.group_id or 0) or []
        return agents[self._chance(ticket).randrange(len(agents))] if agents else None

    def touch(self, ticket: Ticket, agent_id: int, at_ms: int) -> None:
        """An agent does what they can for an open ticket: asks, answers, waits for others, hands it over, or solves it."""
        rng, life = self._chance(ticket), self._lifecycle
        if ticket.assignee_id != agent_id:
            life.assign(ticket, agent_id, ticket.group_id, at_ms)
        touches = len(ticket.comments)
        does = rng.random()
        if ticket.id % 41 == 0:
            life.clocks.measure(ticket, AGENT_WORK, at_ms)
        if touches > _MAX_TOUCHES or does < 0.49:
            self.solve(ticket, agent_id, at_ms)
        elif does < 0.76:
            life.reply(ticket, agent_id, at_ms)
            life.set_status(ticket, PENDING, at_ms)
        elif does < 0.86:
            life.reply(ticket, agent_id, at_ms, is_public=rng.random() < 0.7)
            life.set_status(ticket, HOLD, at_ms)
        elif does < 0.92 and len(self._groups) > 1:
            others = [group.id for group in self._groups if group.id != ticket.group_id]
            life.reply(ticket, agent_id, at_ms, is_public=False)
            life.assign(ticket, None, rng.choice(others), at_ms)
        elif does < 0.96 and ticket.priority != "urgent":
            life.set_priority(ticket, {"low": "normal", "normal": "high", "high": "urgent", None: "normal"}[ticket.priority], at_ms)
            life.reply(ticket, agent_id, at_ms)
        else:
            life.reply(ticket, agent_id, at_ms)

    def solve(self, ticket: Ticket, agent_id: int, at_ms: int) -> None:
        """An agent answers for good."""
        if ticket.assignee_id != agent_id:
            self._lifecycle.assign(ticket, agent_id, ticket.group_id, at_ms)
        self._lifecycle.set_status(ticket, SOLVED, at_ms)
        self._lifecycle.reply(ticket, agent_id, at_ms)

    # --- what happens of itself

    def ahead(self, ticket: Ticket) -> tuple[str, int] | None:
        """What happens next without an agent, and in how many milliseconds (whole seconds); None: an agent must come, or nothing will."""
        if ticket.status in (NEW, OPEN, CLOSED):
            return None
        rng = self._chance(ticket)
        if ticket.status == PENDING:
            if rng.random() < 0.74:
                return ANSWER, _whole(max(90, lognormal_s(rng, 4 * 3600, 1.1)), _GIVE_UP_AFTER_MS)
            return GIVE_UP, _GIVE_UP_AFTER_MS
        if ticket.status == HOLD:
            return RESUME, _whole(max(300, lognormal_s(rng, 6 * 3600, 0.9)), _GIVE_UP_AFTER_MS)
        if rng.random() < 0.06 and ticket.figures.reopens < 2:
            return REOPEN, _whole(max(120, lognormal_s(rng, 9 * 3600, 0.9)), CLOSE_AFTER_MS)
        return CLOSE, CLOSE_AFTER_MS

    def happen(self, ticket: Ticket, what: str, at_ms: int) -> None:
        """It happens: the customer answers, or the account's own rules act."""
        if what in (ANSWER, REOPEN):
            self._lifecycle.answer(ticket, ticket.requester_id, at_ms)
        elif what == GIVE_UP:
            self._lifecycle.set_status(ticket, SOLVED, at_ms)
        elif what == RESUME:
            self._lifecycle.set_status(ticket, OPEN, at_ms)
        elif what == CLOSE:
            self._lifecycle.set_status(ticket, CLOSED, at_ms)


def _whole(seconds: float, most_ms: int) -> int:
    return min(round(seconds) * 1000, most_ms)
