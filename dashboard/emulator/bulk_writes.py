"""The vendor's writes of many tickets at once, and merging: each is a job that goes on after the answer.

In:  `Asked`. Out: an `Answer` with the job as it is queued. An item that fails is told in the job's results and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from dashboard.emulator.answers import Answer, Refused, forbidden, json_answer, too_many_values
from dashboard.emulator.bodies import STALE, Members, administrators_only, body_of, member_of, members_of, refused, refusing, unpermitted
from dashboard.emulator.callers import sees
from dashboard.emulator.filters import MAX_IDS
from dashboard.emulator.helpdesk.changes import Changes, NotThere, Stale
from dashboard.emulator.helpdesk.merging import Merge, check_target, end_merge, is_private, merge_one
from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.helpdesk.trash import Trash
from dashboard.emulator.helpdesk.wishes import Invalid, read
from dashboard.emulator.jobs import Row, Step
from dashboard.emulator.places import Asked, place
from dashboard.emulator.ticket_audit import warning
from dashboard.emulator.tickets_edge import required_ids
from dashboard.emulator.tickets_writes import seen

# The vendor's number of the account, as its jobs tell it.
ACCOUNT_ID = 18_525_119


def answer_job(asked: Asked, job_type: str, doing: str, steps: Sequence[Step], *, is_mute: bool = False) -> Answer:
    """A job begun now."""
    now_s = asked.account.clock.steady_s()
    job = asked.account.jobs.begin(job_type, doing, steps, now_s, is_mute=is_mute)
    return json_answer({"job_status": job.row(asked.url_of(f"job_statuses/{job.id}"), now_s)})


def step(index: int, ticket_id: int | None, failure: str, act: Callable[[], Row]) -> Step:
    """One item of a job: what it tells when it went well, or why it did not."""
    named: Row = {} if ticket_id is None else {"id": ticket_id}

    def run() -> Row:
        try:
            return act()
        except NotThere:
            return {"index": index, "error": "RecordNotFound", **named, "details": f"Could not find ticket {ticket_id}"}
        except Stale:
            return {"index": index, "error": "UpdateConflict", **named, "details": STALE}
        except Invalid as invalid:
            return {"index": index, "error": failure, **named, "details": invalid.sentence}

    return run


def each_of(asked: Asked, ids: Sequence[int], failure: str, act: Callable[[int], None], told: Row) -> list[Step]:
    """The same for each ticket that the caller may see."""

    def one(ticket_id: int) -> Row:
        found = asked.desk.book.look(ticket_id)
        if found is None or not sees(asked.desk, asked.caller, found):
            raise NotThere
        act(ticket_id)
        return {**told, "id": ticket_id}

    return [step(index, ticket_id, failure, partial(one, ticket_id)) for index, ticket_id in enumerate(ids)]


def _create_many(asked: Asked) -> Answer:
    def made(index: int, members: Members) -> Row:
        done = Changes(asked.desk).create(read(members, is_new=True), asked.caller.id)
        return {"index": index, "id": done.ticket.id, "account_id": ACCOUNT_ID}

    tickets = members_of(asked, "tickets")
    steps = [step(index, None, "TicketCreateFailed", partial(made, index, members)) for index, members in enumerate(tickets)]
    return answer_job(asked, "Bulk Create Ticket", "Creating ticket", steps)


_UPDATED: Row = {"action": "update", "status": "Updated", "success": True}


def _state(ticket: Ticket | None) -> tuple[object, ...] | None:
    """By what a change of a ticket shows."""
    return None if ticket is None else (ticket.updated_ms, len(ticket.comments), ticket.status, ticket.priority, ticket.assignee_id)


def _update_many(asked: Asked) -> Answer:
    body = body_of(asked)
    batch = members_of(asked, "tickets") if "tickets" in body else None
    if batch is not None:
        changes = [(_id_of(members), members) for members in batch]
    else:
        members = member_of(asked, "ticket")
        changes = [(ticket_id, members) for ticket_id in required_ids(asked)]
    # What somebody else changes while the job is under way is left alone.
    before = {ticket_id: _state(asked.desk.book.look(ticket_id)) for ticket_id, _ in changes}

    def change(ticket_id: int, members: Members) -> Row:
        found = asked.desk.book.look(ticket_id)
        if found is None or not sees(asked.desk, asked.caller, found):
            raise NotThere
        if _state(found) != before[ticket_id]:
            raise Stale
        Changes(asked.desk).update(ticket_id, read(members, is_bulk=batch is None), asked.caller.id)
        before[ticket_id] = _state(asked.desk.book.look(ticket_id))
        return {**_UPDATED, "id": ticket_id}

    steps = [
        step(index, ticket_id, "TicketUpdateFailed", partial(change, ticket_id, members))
        for index, (ticket_id, members) in enumerate(changes)
    ]
    return answer_job(asked, "Bulk Update Ticket", "Updating ticket", steps)


def _id_of(members: Members) -> int:
    """The id in an item of a batch; 0, which no ticket has, where there is none."""
    found = members.pop("id", None)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 20:
        found = int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def _mark_many_as_spam(asked: Asked) -> Answer:
    trash, by = Trash(asked.desk), asked.caller.id
    told: Row = {"action": "mark_as_spam", "status": "Marked as spam", "success": True}
    steps = each_of(asked, required_ids(asked), "TicketUpdateFailed", lambda ticket_id: trash.mark_as_spam(ticket_id, by), told)
    return answer_job(asked, "Bulk Update Ticket", "Marking ticket as spam", steps)


def _destroy_many(asked: Asked) -> Answer:
    administrators_only(asked)
    trash, by = Trash(asked.desk), asked.caller.id
    told: Row = {"action": "delete", "status": "Deleted", "success": True}
    steps = each_of(asked, required_ids(asked), "TicketDeleteFailed", lambda ticket_id: trash.discard(ticket_id, by), told)
    answer = answer_job(asked, "Bulk Update Ticket", "Deleting ticket", steps)
    answer.headers.update(warning("destroy_many", unpermitted(body_of(asked))))
    return answer


def _merge(asked: Asked) -> Answer:
    if asked.caller.role == "restricted" and asked.account.plan == "enterprise":
        raise Refused(forbidden())  # there it is a permission of its own, which the restricted role lacks
    desk, into_id, body = asked.desk, seen(asked).id, body_of(asked)
    with refusing():
        check_target(desk, into_id)
    ids = _ids_to_merge(body, into_id)
    merge = Merge(
        into_id,
        asked.caller.id,
        _words(body, "target_comment"),
        _words(body, "source_comment"),
        body.get("target_comment_is_public") is True,
        body.get("source_comment_is_public") is True,
    )
    in_private = is_private(desk, [into_id, *ids])
    merged: list[Ticket] = []

    def one(ticket_id: int) -> None:
        merge_one(desk, merge, ticket_id, in_private=in_private)
        if (found := desk.book.look(ticket_id)) is not None:
            merged.append(found)

    steps = each_of(asked, ids, "TicketMergeFailed", one, _UPDATED)
    last = steps[-1]

    def last_of_all() -> Row:
        told = last()
        end_merge(desk, merge, merged, in_private=in_private)
        return told

    return answer_job(asked, "Bulk Merge Ticket", "Merging ticket", [*steps[:-1], last_of_all])


def _words(body: Members, name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _ids_to_merge(body: Members, into_id: int) -> list[int]:
    """`Refused` with 400 for what is no list of ids, or one that holds the ticket itself."""
    given = body.get("ids")
    if not isinstance(given, list) or not given:
        raise refused("RequiredParameterMissing", "Required parameter missing: ids", 400)
    if len(given) > MAX_IDS:
        raise Refused(too_many_values())
    ids = [_id_of({"id": each}) for each in given]
    if not all(ids):
        raise refused("InvalidValue", "ids must be a list of integers", 400)
    if into_id in ids:
        raise refused("InvalidValue", "A ticket cannot be merged into itself", 400)
    return list(dict.fromkeys(ids))


PLACES = (
    place("tickets_create_many", "tickets/create_many", _create_many, "POST"),
    place("tickets_update_many", "tickets/update_many", _update_many, "PUT"),
    place("tickets_mark_many_as_spam", "tickets/mark_many_as_spam", _mark_many_as_spam, "PUT"),
    place("tickets_destroy_many", "tickets/destroy_many", _destroy_many, "DELETE"),
    place("ticket_merge", "tickets/{id}/merge", _merge, "POST"),
)
