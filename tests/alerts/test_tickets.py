"""One incident, one ticket; what happens later in it once each and in order; whatever crashes or goes unheard."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboard.accounts.switch import set_writes
from dashboard.alerts import incidents, ticket_rows, tickets
from dashboard.domain.judging import What
from dashboard.domain.thresholds import Severity
from dashboard.domain.tickets import Priority, Status, TicketChange, TicketType
from dashboard.models import Board, Incident, IncidentTicket, Role, Rule, Switch, User
from dashboard.words.phrases import ENGLISH
from dashboard.words.phrases import words as words_of
from dashboard.words.tables import LANGUAGES
from tests.alerts.telling import START, Clock, opened, record, rule
from tests.alerts.ticket_vendor import OURSELVES, Fate, TicketVendor

pytestmark = pytest.mark.django_db

SUPPORT = 7
STEPS = ("claimed", "looked", "created", "opened", "shown", "changed", "told")


class KilledError(Exception):
    """The process ends here."""


@pytest.fixture(autouse=True)
def boss() -> User:
    made = User.objects.create(email="boss@example.com", password=None, role=Role.ADMINISTRATOR)
    _switch(True, made, START)
    return made


def _switch(on: bool, by: User, now: datetime) -> None:
    """As an administrator does, by the clock of the test."""
    set_writes(on, by)
    Switch.objects.update(changed_at=now)


@pytest.fixture
def vendor(clock: Clock) -> TicketVendor:
    return TicketVendor(clock)


def _rule(**columns: Any) -> Rule:
    return rule(opens_ticket=True, ticket_group_id=SUPPORT, **columns)


def _tell(vendor: TicketVendor, clock: Clock, checkpoint: Callable[[str], None] = lambda _: None) -> int:
    client: Any = lambda _: vendor  # noqa: E731
    return tickets.tell_due(client=client, allow=lambda _: lambda: None, clock=clock, rng=lambda: 0.5, checkpoint=checkpoint)


def _row(incident: Incident) -> IncidentTicket:
    return IncidentTicket.objects.get(incident=incident)


def _said(vendor: TicketVendor, ticket_id: int) -> list[str]:
    return [comment.body.splitlines()[0] for comment in vendor.comments[ticket_id]]


def test_an_incident_gets_a_ticket_that_tells_of_it_and_is_solved_with_it(vendor: TicketVendor, clock: Clock) -> None:
    plain = opened(rule(name="No ticket"))
    judged = _rule()
    incident = opened(judged)
    assert not IncidentTicket.objects.filter(incident=plain).exists()
    assert _row(incident).state == "wanted"
    assert _tell(vendor, clock) == 1
    (ticket,) = vendor.tickets.values()
    assert (ticket.type, ticket.group_id, ticket.priority, ticket.status) == (TicketType.PROBLEM, SUPPORT, Priority.HIGH, Status.NEW)
    assert "Longest wait 3:20" in ticket.subject
    assert f"/incidents/{incident.pk}/" in vendor.comments[ticket.id][0].body
    assert (_row(incident).ticket_id, _row(incident).state) == (ticket.id, "open")
    assert _tell(vendor, clock) == 0

    vendor.changed(ticket.id, TicketChange(tags=(*ticket.tags, "vip")))  # somebody works on it
    record(judged, What.WORSE, clock.passes(minutes=1), severity=Severity.CRITICAL, value=320.0)
    incidents.acknowledge(incident.pk, "dana@example.com", "Two more come back from lunch.", clock.passes(minutes=1))
    record(judged, What.RECOVERING, clock.passes(minutes=1), value=100.0)
    record(judged, What.RESOLVED, clock.passes(minutes=1), value=90.0)
    _tell(vendor, clock)
    said = _said(vendor, ticket.id)
    assert said[1:3] == ["It is critical now: 5:20.", "dana@example.com takes care of it."]
    assert said[3].startswith("It is over. It lasted ")
    assert len(said) == 4
    assert "Two more come back" in vendor.comments[ticket.id][2].body
    assert not any(comment.is_public for comment in vendor.comments[ticket.id])
    after = vendor.tickets[ticket.id]
    assert (after.status, after.priority, after.tags) == (Status.SOLVED, Priority.URGENT, ("queuelight", "vip", "queuelight-5"))
    assert _row(incident).state == "solved"
    incidents.note(incident.pk, "dana@example.com", "Written up.", clock.passes(minutes=1))
    assert _tell(vendor, clock) == 0

    again = opened(judged, clock.passes(minutes=10))
    _tell(vendor, clock)
    assert _row(again).ticket_id not in (None, ticket.id)


_LIVES = st.lists(st.sampled_from(["worse", "eased", "taken", "note", "back"]), max_size=4)
_FATES = st.lists(st.sampled_from(Fate), max_size=8)
_KILLS = st.lists(st.sampled_from(STEPS), max_size=4)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=_LIVES, fates=_FATES, kills=_KILLS)
@example(life=["worse"], fates=[], kills=list(STEPS))
@example(life=["worse"], fates=[Fate.ANSWERED, Fate.LATE], kills=[])
@example(life=["note"], fates=[Fate.ANSWERED, Fate.ANSWERED, Fate.ANSWERED, Fate.LATE], kills=[])
@example(life=["note"], fates=[Fate.ANSWERED, Fate.UNHEARD, Fate.ANSWERED, Fate.ANSWERED, Fate.UNHEARD], kills=[])
def test_whatever_is_killed_or_unheard_there_is_one_ticket_and_each_comment_once(
    life: list[str], fates: list[Fate], kills: list[str]
) -> None:
    clock = Clock()
    vendor, to_kill = TicketVendor(clock, iter(fates)), list(kills)

    def checkpoint(step: str) -> None:
        if to_kill and to_kill[0] == step:
            to_kill.pop(0)
            raise KilledError(step)

    def tell() -> None:
        with contextlib.suppress(KilledError):
            _tell(vendor, clock, checkpoint)

    judged = _rule()
    incident = opened(judged, clock.passes(seconds=1))
    tell()
    for number, each in enumerate(life):
        _happens(each, judged, incident, clock, number)
        tell()
    record(judged, What.RESOLVED, clock.passes(seconds=2), value=90.0)
    for _ in range(30):
        tell()
        clock.passes(minutes=6)
        if _row(incident).state == "solved":
            break
        to_kill = to_kill[1:]  # a step that never comes must not keep the later ones from it

    assert _row(incident).state == "solved"
    (ticket,) = vendor.tickets.values()
    assert ticket.status is Status.SOLVED
    told = [entry for entry in incident.transitions.order_by("number") if entry.what in tickets.ticket_text.TOLD]
    texts = [tickets.ticket_text.comment(Incident.objects.get(pk=incident.pk), entry, ENGLISH) for entry in told]
    assert [comment.body for comment in vendor.comments[ticket.id]][1:] == texts
    life = [(what, number) for what, _, number in _row(incident).life]
    assert life == [("opened", 1), *(("told", entry.number) for entry in told), ("solved", told[-1].number)], "each once, in order"


def _happens(what: str, judged: Rule, incident: Incident, clock: Clock, number: int) -> None:
    now = clock.passes(seconds=1)
    if what in ("worse", "eased", "back"):
        severity = Severity.CRITICAL if what == "worse" else Severity.WARNING
        event = {"worse": What.WORSE, "eased": What.EASED, "back": What.RECOVERING}[what]
        record(judged, event, now, severity=severity, value=330.0 + number)
    elif what == "taken":
        incidents.acknowledge(incident.pk, "dana@example.com", f"Note {number}.", now)
    else:
        incidents.note(incident.pk, "dana@example.com", f"Note {number}.", now)


def test_read_only_lets_tickets_wait_and_drops_what_is_over_by_then(vendor: TicketVendor, clock: Clock, boss: User) -> None:
    lasting, brief = _rule(name="Lasting", account="kayako"), _rule(name="Brief")
    set_writes(False, boss)
    stays, passes = opened(lasting), opened(brief)
    record(brief, What.RESOLVED, clock.passes(minutes=1), value=90.0)
    assert _tell(vendor, clock) == 0
    assert (_row(stays).state, _row(passes).state) == ("wanted", "given_up")
    assert "read-only" in _row(passes).error
    assert vendor.requests == []
    set_writes(True, boss)
    _tell(vendor, clock)
    assert (_row(stays).state, _row(stays).account) == ("open", "main")
    assert len(vendor.tickets) == 1


def test_what_is_over_when_changes_are_switched_on_gets_no_ticket_and_what_has_one_is_told_to_the_end(
    vendor: TicketVendor, clock: Clock, boss: User
) -> None:
    """Nothing ran while it was read-only, so that nothing was dropped then."""
    known, missed, lasting, failed = (_rule(name=name) for name in ("Known", "Missed", "Lasting", "Failed"))
    begun = opened(known)
    _tell(vendor, clock)
    vain = opened(failed, clock.now)
    vendor.fates = iter([Fate.AWAY])
    _tell(vendor, clock)
    _switch(False, boss, clock.passes(minutes=1))
    over, stays = opened(missed, clock.now), opened(lasting, clock.now)
    for each in (known, missed, failed):
        record(each, What.RESOLVED, clock.passes(minutes=1), value=90.0)
    _switch(True, boss, clock.passes(hours=3))
    _tell(vendor, clock)
    assert (_row(over).state, _row(over).error) == ("given_up", "No ticket: Queuelight was read-only until it was over.")
    assert [what for what, _, _ in _row(over).life] == ["given_up"]
    assert (_row(vain).state, _row(vain).ticket_id, _row(vain).error) == ("given_up", None, _row(over).error), "asked for in vain before"
    assert (_row(begun).state, _row(stays).state, len(vendor.tickets)) == ("solved", "open", 2)
    quick = _rule(name="Quick")
    short = opened(quick, clock.passes(minutes=1))
    record(quick, What.RESOLVED, clock.passes(seconds=1), value=90.0)
    _tell(vendor, clock)
    assert _row(short).state == "solved", "what begins and ends while changes are on has its ticket"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ticket_speaks_the_language_of_its_rule_or_of_the_boards(vendor: TicketVendor, clock: Clock, language: str) -> None:
    if language == "de":
        Board.objects.create(slug="main", title="Main", language="de")
        judged = _rule(name="Wait")
    else:
        judged = _rule(name="Wait", ticket_language=language)
    incident = opened(judged)
    _tell(vendor, clock)
    Rule.objects.update(ticket_language="en")  # a ticket stays in its language
    record(judged, What.WORSE, clock.passes(minutes=1), severity=Severity.CRITICAL, value=320.0)
    record(judged, What.RESOLVED, clock.passes(minutes=1), value=90.0)
    _tell(vendor, clock)
    (ticket,) = vendor.tickets.values()
    first, worse, over = (comment.body for comment in vendor.comments[ticket.id])
    words = words_of(language)
    assert words.say("ticket.about") in first
    assert worse.startswith(words.say("ticket.worse_value", value="5:20"))
    assert words.say("ticket.over_highest", duration="2:00", value="5:20")[:8] in over
    address = f"/incidents/{incident.pk}/"
    assert all(line.endswith(address) for body in (first, worse, over) for line in body.splitlines() if address in line), (
        "no sign behind it"
    )
    if language == "de":
        assert ticket.subject.startswith("Längste Wartezeit 3:20")
        assert over.startswith("Es ist vorbei. Es dauerte ")


def test_a_vendor_that_fails_for_a_day_is_given_up_on_with_its_reason(vendor: TicketVendor, clock: Clock) -> None:
    incident = opened(_rule())
    vendor.fates = itertools.repeat(Fate.AWAY)
    _tell(vendor, clock)
    row = _row(incident)
    assert (row.state, row.error, row.failing_since) == ("wanted", "Zendesk could not be reached.", clock.now)
    assert row.due_at == clock.now + timedelta(seconds=ticket_rows.FIRST_BACKOFF_S)
    for _ in range(60):
        clock.passes(minutes=30)
        _tell(vendor, clock)
    row = _row(incident)
    assert row.state == "given_up"
    assert row.error == "Given up after a day. Zendesk could not be reached."


def test_a_ticket_that_only_somebody_can_solve_is_taken_and_a_closed_or_deleted_one_is_left(vendor: TicketVendor, clock: Clock) -> None:
    vendor.needs_assignee = True
    first, second, third = (_rule(name=name) for name in ("Solved", "Closed", "Deleted"))
    solved, closed, deleted = (opened(each) for each in (first, second, third))
    _tell(vendor, clock)
    vendor.changed(_row(closed).ticket_id or 0, TicketChange(status=Status.CLOSED))
    del vendor.tickets[_row(deleted).ticket_id or 0]
    for each in (first, second, third):
        record(each, What.RESOLVED, clock.passes(minutes=1), value=90.0)
    for _ in range(60):
        _tell(vendor, clock)
        clock.passes(hours=1)
    assert vendor.tickets[_row(solved).ticket_id or 0].assignee_id == OURSELVES
    assert _row(solved).state == "solved"
    assert _row(closed).state == "solved"
    assert "closed at Zendesk" in _row(closed).error
    assert (_row(deleted).state, "404" in _row(deleted).error) == ("given_up", True)


def test_a_tick_asks_for_one_run_at_a_time_and_only_when_something_waits(
    redis: Any, vendor: TicketVendor, clock: Clock, boss: User
) -> None:
    assert not ticket_rows.due(redis, clock.now)
    opened(_rule())
    assert ticket_rows.due(redis, clock.now)
    assert not ticket_rows.due(redis, clock.now)
    ticket_rows.rest(redis, clock.now)
    assert ticket_rows.due(redis, clock.now)
    set_writes(False, boss)
    ticket_rows.rest(redis, clock.now)
    assert not ticket_rows.due(redis, clock.now)


def test_a_vendor_that_is_away_is_asked_once_a_run_and_one_bad_ticket_holds_up_no_other(vendor: TicketVendor, clock: Clock) -> None:
    first, second = (opened(_rule(name=name)) for name in ("First", "Second"))
    vendor.fates = iter([Fate.AWAY])
    assert _tell(vendor, clock) == 1
    assert (_row(first).attempts_count, _row(second).attempts_count) == (1, 0)
    _tell(vendor, clock)
    del vendor.tickets[_row(second).ticket_id or 0]
    for each in (second, first):
        incidents.note(each.pk, "dana@example.com", "Seen.", clock.passes(minutes=1))
    assert _tell(vendor, clock) == 2
    assert _row(second).error.startswith("Zendesk knows nothing of this number")
    assert _row(first).told_number == 2
