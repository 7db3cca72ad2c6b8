"""In whatever order clients change tickets and time passes: the desk's lists, its clocks and what its events tell stay in agreement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dashboard.domain import sla
from dashboard.emulator.agenda import Agenda
from dashboard.emulator.days import to_datetime, to_ms
from dashboard.emulator.helpdesk.changes import Changes, NotThere, Stale
from dashboard.emulator.helpdesk.clocks import FULFILLED
from dashboard.emulator.helpdesk.company import ADMIN_ID
from dashboard.emulator.helpdesk.desk import DeskConfig, HelpDesk
from dashboard.emulator.helpdesk.merging import Merge, end_merge, merge_one
from dashboard.emulator.helpdesk.tickets import CLOSED, PRIORITIES, STATUSES, TYPES, Ticket
from dashboard.emulator.helpdesk.trash import Trash
from dashboard.emulator.helpdesk.wishes import Invalid, read
from tests.emulator.reading_events import as_read
from tests.emulator.running import DAY
from tests.emulator.still_floor import DESK_GROUPS, GROUPS, desk_agents

AGENTS = [agent.id for agent in desk_agents()]
IDS = st.integers(1, 7)
COMMENTS = st.fixed_dictionaries(
    {"body": st.just("x"), "public": st.booleans()}, optional={"author_id": st.sampled_from([*AGENTS, 361_200_000_041])}
)
MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(STATUSES),
        "priority": st.sampled_from([*PRIORITIES, None]),
        "type": st.sampled_from([*TYPES, None]),
        "assignee_id": st.sampled_from([*AGENTS, ADMIN_ID, None]),
        "group_id": st.sampled_from([*GROUPS, None]),
        "problem_id": st.one_of(st.none(), IDS),
        "comment": COMMENTS,
        "tags": st.lists(st.sampled_from(["a", "b"]), max_size=2),
    },
)


class AnyOrder(RuleBasedStateMachine):
    """A desk of which nobody but its clients changes anything."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = HelpDesk(DeskConfig(groups=DESK_GROUPS, tickets_count=0), Agenda(to_ms(DAY)), desk_agents())
        self.changes, self.trash = Changes(self.desk), Trash(self.desk)
        self.closed: dict[int, tuple[Any, ...]] = {}
        self.gone: set[int] = set()

    @rule(members=MEMBERS)
    def create(self, members: dict[str, Any]) -> None:
        try:
            done = self.changes.create(read({"comment": {"body": "first"}, **members}, is_new=True), ADMIN_ID)
        except Invalid:
            return
        assert self.desk.book.look(done.ticket.id) is done.ticket

    @rule(ticket_id=IDS, members=MEMBERS, is_safe=st.booleans())
    def update(self, ticket_id: int, members: dict[str, Any], is_safe: bool) -> None:
        before = self.desk.book.look(ticket_id)
        told = shown(before) if before is not None else None
        safe = {"safe_update": True, "updated_stamp": datetime.fromtimestamp(0, UTC).isoformat()} if is_safe else {}
        try:
            done = self.changes.update(ticket_id, read({**members, **safe}), AGENTS[0])
        except (Invalid, NotThere, Stale):
            now = self.desk.book.look(ticket_id)
            assert (shown(now) if now is not None else None) == told  # what is refused has changed nothing
        else:
            assert not is_safe
            if done.differences or done.comment:
                assert done.ticket.updated_ms >= self.desk.stamp_ms

    @rule(ticket_id=IDS, into_id=IDS, is_public=st.booleans())
    def merge(self, ticket_id: int, into_id: int, is_public: bool) -> None:
        asked = Merge(into_id, ADMIN_ID, target_is_public=is_public, source_is_public=is_public)
        if ticket_id == into_id:
            return
        try:
            merge_one(self.desk, asked, ticket_id, in_private=False)
        except (Invalid, NotThere):
            return
        merged = self.desk.book.look(ticket_id)
        assert merged is not None
        assert merged.status == CLOSED
        end_merge(self.desk, asked, [merged], in_private=False)

    @rule(ticket_id=IDS, is_spam=st.booleans())
    def discard(self, ticket_id: int, is_spam: bool) -> None:
        there = self.desk.book.look(ticket_id) is not None
        try:
            (self.trash.mark_as_spam if is_spam else self.trash.discard)(ticket_id, ADMIN_ID)
        except NotThere:
            assert not there

    @rule(ticket_id=IDS)
    def restore(self, ticket_id: int) -> None:
        there = self.trash.holds(ticket_id) is not None
        try:
            self.trash.restore(ticket_id)
        except NotThere:
            assert not there
        else:
            assert self.desk.book.look(ticket_id) is not None

    @rule(ticket_id=IDS)
    def destroy(self, ticket_id: int) -> None:
        try:
            self.trash.destroy(ticket_id)
        except NotThere:
            return
        self.gone.add(ticket_id)

    @rule(seconds=st.sampled_from([1, 59, 600, 7200, 86_400]))
    def pass_time(self, seconds: int) -> None:
        self.desk.agenda.run_to(self.desk.now_ms + seconds * 1000)

    @invariant()
    def lists_hold_the_same_tickets_once_and_in_order(self) -> None:
        book = self.desk.book
        ids, keys = [*book.ids()], [*book.update_keys()]
        assert ids == sorted(set(ids))
        assert keys == sorted(keys)
        assert sorted(map(book.ticket_of, keys)) == ids
        assert len(book) == len(ids)
        assert not set(ids) & set(book.trash)
        assert not (set(ids) | set(book.trash)) & self.gone
        for ticket_id in ids:
            assert all(book.look(each).problem_id == ticket_id for each in book.incidents_of(ticket_id))  # type: ignore[union-attr]

    @invariant()
    def closed_tickets_never_change(self) -> None:
        for ticket in self.desk.book.live.values():
            if ticket.status == CLOSED:
                # A follow-up, a merge into it and coming back from the trash leave what it says alone.
                assert self.closed.setdefault(ticket.id, shown(ticket)[1:]) == shown(ticket)[1:]

    @invariant()
    def events_tell_what_the_clocks_know(self) -> None:
        book, now_ms = self.desk.book, self.desk.now_ms
        events = [*book.log.since(0)]
        assert [event.at_ms for event in events] == sorted(event.at_ms for event in events)
        assert len({event.id for event in events}) == len(events)
        everywhere = [*book.live.values(), *book.trash.values()]
        assert {event.ticket_id for event in events} == {ticket.id for ticket in everywhere}
        found = sla.clocks(as_read(event) for event in events)
        told = {(ticket.id, clock.metric, clock.instance): clock for ticket in everywhere for clock in ticket.all_clocks()}
        assert {(key.ticket_id, str(key.metric), key.instance) for key in found} == set(told)
        for key, read_clock in found.items():
            clock = told[key.ticket_id, str(key.metric), key.instance]
            assert str(read_clock.state) == clock.state, key
            assert read_clock.is_breached_now(to_datetime(now_ms)) == clock.is_breached_now(now_ms), key
        for ticket in everywhere:
            if not ticket.is_unsolved:
                assert all(clock.state == FULFILLED for clock in ticket.clocks.values())


def shown(ticket: Ticket) -> tuple[Any, ...]:
    figures = ticket.figures
    return (
        ticket.updated_ms,
        ticket.subject,
        ticket.status,
        ticket.priority,
        ticket.type,
        ticket.assignee_id,
        ticket.group_id,
        ticket.problem_id,
        tuple(ticket.tags),
        len(ticket.comments),
        figures.replies,
        figures.solved_ms,
        figures.reopens,
    )


AnyOrder.TestCase.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
TestAnyOrder = AnyOrder.TestCase
