"""What will happen, in words, before it happens; and what cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.desk.plans import Names, PlanError, Planned, Seen, What, Wish, planned
from dashboard.domain.tickets import Comment, Priority, Status, TicketChange

STAMP = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMES = Names({7: "Support"}, {31: "Dana", 32: "علي"})


def _seen(ticket_id: int, **columns: Any) -> Seen:
    given: dict[str, Any] = {"status": "open", "subject": "No dial tone", "group_id": 7, "tags": ("vip", "old")}
    return Seen(ticket_id, STAMP, **(given | columns))


def _plan(wish: Wish, *seen: Seen) -> Planned:
    return planned(wish, seen, NAMES, account="main", key="k", user_id=1)


def test_a_change_of_one_ticket_says_each_field_from_what_to_what() -> None:
    change = TicketChange(
        status=Status.PENDING,
        priority=Priority.HIGH,
        group_id=7,
        assignee_id=32,
        additional_tags=("new",),
        remove_tags=("old",),
        comment=Comment("We  look\ninto it.", is_public=True),
    )
    found = _plan(Wish(What.UPDATE, (35,), change), _seen(35, assignee_id=31))
    assert found.sentences == (
        "Ticket 35: status from open to pending.",
        "Ticket 35: priority from none to high.",
        "Ticket 35: assignee from Dana to علي.",
        "Ticket 35: tags added new; taken away old.",
        "A public comment, which the requester gets: “We look into it.”",
        "Ticket 35: if علي is not in group Support, Zendesk moves it from group Support into a group of علي’s.",
    )
    assert found.wish.change.tags == ("vip", "new")  # Zendesk adds single tags of many tickets alone
    assert found.wish.change.group_id is None  # it is so already
    assert found.stamps == {35: STAMP}
    assert found.before == {35: {"status": "open", "priority": "", "assignee_id": 31, "tags": ["vip", "old"]}}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (What.SPAM, "2 tickets (1, 2) go to the trash as spam."),
        (What.DELETE, "2 tickets (1, 2) go to the trash, from where they can be restored for 30 days."),
        (What.RESTORE, "2 tickets (1, 2) come back out of the trash."),
        (What.DESTROY, "2 tickets (1, 2) are deleted for good. Nobody can bring them back."),
    ],
)
def test_what_becomes_of_many_is_said(what: What, said: str) -> None:
    assert _plan(Wish(what, (1, 2)), _seen(1), _seen(2)).sentences[0] == said


def test_bulk_says_what_the_tickets_have_now() -> None:
    def said(*now: str) -> str:
        wish = Wish(What.BULK, tuple(range(1, len(now) + 1)), TicketChange(status=Status.OPEN))
        return _plan(wish, *(_seen(number, status=each) for number, each in enumerate(now, 1))).sentences[0].partition("status ")[2]

    assert said("new", "pending", "new", "open", "open", "open") == "open (now open already 3, new 2, pending)."
    assert said("hold", "hold") == "open (now hold)."
    assert said("open", "open") == "open (now open already 2)."
    assert said("hold", "new", "pending", "solved", "open", "open").endswith("open already 2, hold, new, pending, others 1).")


def test_bulk_and_merge_are_said_and_old_knowledge_too() -> None:
    change = TicketChange(status=Status.SOLVED, additional_tags=("outage",), unset=frozenset({"assignee_id"}))
    found = _plan(Wish(What.BULK, (1, 2), change), _seen(1), _seen(2, fresh=False, status="closed"))
    changes = "status solved (now open, closed); tags added: outage; assignee nobody (now nobody already 2)"
    assert found.sentences[0] == f"2 tickets (1, 2) are changed: {changes}."
    assert found.sentences[1] == "Ticket 1 has no assignee: Zendesk refuses to solve what nobody has."
    assert found.sentences[2] == "Ticket 2 is closed: Zendesk refuses to change it any more."
    assert "what we last saw" in found.sentences[3]
    merge = Wish(What.MERGE, (1,), into_id=9, into_comment=Comment("From 1."), from_comment=Comment("See 9.", is_public=True))
    assert _plan(merge, _seen(1), _seen(9, subject="Line down")).sentences == (
        "Ticket 1 “No dial tone” is closed and merged into ticket 9 “Line down”. This cannot be taken back.",
        "An internal comment, for agents alone, into ticket 9: “From 1.”",
        "A public comment, which the requester gets, into each that is closed: “See 9.”",
        "If one of the tickets is private, Zendesk keeps the comments of this merge internal all the same.",
    )
    quiet = replace(merge, from_comment=None, into_comment=Comment("From 1.", is_public=True))
    assert _plan(quiet, _seen(1, keeps_merges_internal=True), _seen(9)).sentences[2:] == (
        "Where you wrote nothing, Zendesk writes in an internal comment what was merged into what.",
        "Ticket 1 is private, or came by a channel that cannot tell, so Zendesk keeps the comments of this merge internal all the same.",
    )


_THEIRS = "if Dana is not in group Support, Zendesk moves them from group Support into group Sales, which is Dana’s own."
_NOT_NEW = "Tickets 1, 2: status from new to open, as of every ticket that somebody gets."
_MOVES: tuple[tuple[TicketChange, tuple[str, ...]], ...] = (
    (
        TicketChange(assignee_id=31),
        (
            "Ticket 3: Zendesk moves it from no group into group Sales, which is Dana’s own.",
            f"Tickets 1, 4: {_THEIRS}",
            _NOT_NEW,
        ),
    ),
    (
        TicketChange(assignee_id=32),
        (
            "Ticket 3: Zendesk moves it from no group into a group of علي’s.",
            "Ticket 1: if علي is not in group Support, Zendesk moves it from group Support into a group of علي’s.",
            "Ticket 2: if علي is not in group Sales, Zendesk moves it from group Sales into a group of علي’s.",
            _NOT_NEW,
        ),
    ),
    (TicketChange(assignee_id=31, group_id=8), (_NOT_NEW,)),
    (TicketChange(assignee_id=31, group_id=7, status=Status.OPEN), ("If Dana is not in group Support, Zendesk refuses this.",)),
    (
        TicketChange(group_id=8),
        ("Ticket 4: if علي is not in group Sales, Zendesk takes it from علي, and nobody has it.",),
    ),
    (
        TicketChange(status=Status.SOLVED, comment=Comment("Fixed.")),
        (
            "Ticket 4: a problem, so Zendesk solves unsolved incidents along, with the same comment: 11, 12 as far as we know.",
            "Tickets 1, 2, 3 have no assignee: Zendesk refuses to solve what nobody has.",
        ),
    ),
)


@pytest.mark.parametrize(("change", "said"), _MOVES)
def test_what_a_change_brings_along_is_said(change: TicketChange, said: tuple[str, ...]) -> None:
    seen = (
        _seen(1, status="new"),
        _seen(2, status="new", group_id=8),
        _seen(3, group_id=None),
        _seen(4, assignee_id=32, type="problem"),
        _seen(5, status="closed"),
    )
    names = Names({7: "Support", 8: "Sales"}, NAMES.people, {31: 8})
    wish = Wish(What.BULK, (1, 2, 3, 4, 5), change)
    found = planned(wish, seen, names, account="main", key="k", user_id=1, incidents={4: [11, 12]}).sentences
    beside = found[2:] if change.comment else found[1:]
    assert beside == (*said, "Ticket 5 is closed: Zendesk refuses to change it any more.")


_NOTHING = TicketChange(status=Status.OPEN, tags=("old", "vip"), unset=frozenset({"assignee_id"}))


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish(What.DELETE, ()), "No ticket"),
        (Wish(What.DELETE, tuple(range(1, 102))), "At most 100 tickets"),
        (Wish(What.DELETE, (1, 1)), "once"),
        (Wish(What.DELETE, (1, 5)), "no ticket 5"),
        (Wish(What.UPDATE, (1,)), "Nothing is to be changed"),
        (Wish(What.UPDATE, (1, 2), _NOTHING), "one ticket at a time"),
        (Wish(What.UPDATE, (1,), _NOTHING), "changes nothing"),
        (Wish(What.UPDATE, (2,), TicketChange(status=Status.OPEN)), "closed"),
        (Wish(What.COMMENT, (1,), TicketChange(comment=Comment("  "))), "empty"),
        (Wish(What.MERGE, (1,)), "into which"),
        (Wish(What.MERGE, (1, 2), into_id=2), "into itself"),
        (Wish(What.MERGE, (1,), into_id=2), "closed"),
        (Wish(What.MERGE, (2,), into_id=1), "Ticket 2 is closed"),
        (Wish(What.BULK, (1, 2), TicketChange(status=Status.SOLVED)), "Ticket 1 has no assignee.*Ticket 2 is closed"),
        (Wish(What.LINK, (1,), TicketChange(problem_id=9)), "no ticket 9"),
        (Wish(What.LINK, (1,), TicketChange(problem_id=2)), "Ticket 2 is no problem"),
        (Wish(What.BULK, (1, 2), TicketChange(tags=(), remove_tags=("old",))), "either replaced"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(wish: Wish, why: str) -> None:
    with pytest.raises(PlanError, match=why):
        _plan(wish, _seen(1), _seen(2, status="closed"))
