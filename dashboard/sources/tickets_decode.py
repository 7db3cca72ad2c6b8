"""The vendor's JSON of tickets, jobs, trash and people as the types of domain/tickets.py.

In:  one object and the name of its place. Out: the type. Strict in what something depends on (ids, times, status), tolerant of what is
added or missing elsewhere. SourceError (invalid) names the field and never quotes it: subjects and descriptions are people's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dashboard.domain.tickets import Counted, DeletedTicket, Job, JobItem, JobState, Priority, Related, Status, Ticket, TicketType, User
from dashboard.sources import values

MOST_TAGS = 500
_JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_MOST_ITEMS = 1000


def ticket(answer: object, what: str) -> Ticket:
    """One ticket. A priority or type that we have no word for is none."""
    found = values.mapping(answer, what)
    via = found.get("via")
    channel = via.get("channel") if isinstance(via, dict) else None
    return Ticket(
        id=values.identity(found.get("id"), f"{what}.id", least=1),
        created_at=values.moment(found.get("created_at"), f"{what}.created_at"),
        updated_at=values.moment(found.get("updated_at"), f"{what}.updated_at"),
        status=values.word(found.get("status"), Status, f"{what}.status"),
        subject=values.line(found.get("subject"), f"{what}.subject"),
        description=values.text(found.get("description"), f"{what}.description"),
        priority=values.word_or_none(found.get("priority"), Priority),
        type=values.word_or_none(found.get("type"), TicketType),
        group_id=values.reference(found.get("group_id"), f"{what}.group_id"),
        assignee_id=values.reference(found.get("assignee_id"), f"{what}.assignee_id"),
        requester_id=values.reference(found.get("requester_id"), f"{what}.requester_id"),
        submitter_id=values.reference(found.get("submitter_id"), f"{what}.submitter_id"),
        organization_id=values.reference(found.get("organization_id"), f"{what}.organization_id"),
        problem_id=values.reference(found.get("problem_id"), f"{what}.problem_id"),
        has_incidents=values.flag(found.get("has_incidents"), f"{what}.has_incidents", absent=False),
        external_id=values.line(found.get("external_id"), f"{what}.external_id") or None,
        is_public=values.flag(found.get("is_public"), f"{what}.is_public", absent=True),
        due_at=values.moment_or_none(found.get("due_at"), f"{what}.due_at"),
        channel=values.clean(channel, 40) if isinstance(channel, str) else "",
        tags=_tags(found.get("tags"), f"{what}.tags"),
        collaborator_ids=values.references(found.get("collaborator_ids"), f"{what}.collaborator_ids"),
        follower_ids=values.references(found.get("follower_ids"), f"{what}.follower_ids"),
        email_cc_ids=values.references(found.get("email_cc_ids"), f"{what}.email_cc_ids"),
    )


def job(answer: object, what: str) -> Job:
    """One job of many changes. Its `results` are null until it ends, then a list of items or, for deleting for good, one object."""
    found = values.mapping(answer, what)
    job_id = found.get("id")
    if not isinstance(job_id, str) or not _JOB_ID.fullmatch(job_id):
        raise values.invalid(f"{what}.id", "is missing" if job_id is None else "is not a job's id")
    return Job(
        id=job_id,
        state=values.word(found.get("status"), JobState, f"{what}.status"),
        total_count=values.count(found.get("total"), f"{what}.total"),
        progress_count=values.count(found.get("progress"), f"{what}.progress"),
        message=values.line(found.get("message"), f"{what}.message"),
        items=tuple(_items(found.get("results"), f"{what}.results")),
    )


def is_job_id(given: str) -> bool:
    """It may stand in an address."""
    return _JOB_ID.fullmatch(given) is not None


def deleted(answer: object, what: str) -> DeletedTicket:
    """One ticket of the trash."""
    found = values.mapping(answer, what)
    actor = found.get("actor")
    return DeletedTicket(
        id=values.identity(found.get("id"), f"{what}.id"),
        subject=values.line(found.get("subject"), f"{what}.subject"),
        deleted_at=values.moment(found.get("deleted_at"), f"{what}.deleted_at"),
        actor_name=values.line(actor.get("name"), f"{what}.actor.name") if isinstance(actor, dict) else "",
        previous_status=values.word_or_none(found.get("previous_state"), Status),
    )


def user(answer: object, what: str) -> User:
    """A person, or a group: what has an id and a name."""
    found = values.mapping(answer, what)
    return User(
        values.identity(found.get("id"), f"{what}.id"),
        values.line(found.get("name"), f"{what}.name"),
        values.reference(found.get("default_group_id"), f"{what}.default_group_id"),
    )


def related(answer: object) -> Related:
    """What hangs on a ticket; the answer is the bare object."""
    found = values.mapping(answer, "the answer")
    return Related(
        incidents_count=values.whole(found.get("incidents", 0), "incidents"),
        followup_source_ids=values.references(found.get("followup_source_ids"), "followup_source_ids"),
        from_archive=values.flag(found.get("from_archive"), "from_archive", absent=False),
    )


def counted(answer: object) -> Counted:
    """A count and when it was made."""
    found = values.mapping(values.mapping(answer, "the answer").get("count"), "count")
    return Counted(
        values.whole(found.get("value"), "count.value"),
        values.moment_or_none(found.get("refreshed_at"), "count.refreshed_at"),
    )


def _tags(given: object, what: str) -> tuple[str, ...]:
    if given is None:
        return ()
    return tuple(values.line(tag, f"{what}[{place}]") for place, tag in enumerate(values.listed(given, what)[:MOST_TAGS]))


def _items(results: object, what: str) -> Iterator[JobItem]:
    if results is None:
        return
    if isinstance(results, dict):
        error = _failure(results)
        if error:
            yield JobItem(None, values.reference(results.get("id"), f"{what}.id"), error)
        return
    for place, each in enumerate(values.listed(results, what)[:_MOST_ITEMS]):
        item = values.mapping(each, f"{what}[{place}]")
        yield JobItem(
            values.count(item.get("index"), f"{what}[{place}].index"),
            values.reference(item.get("id"), f"{what}[{place}].id"),
            _failure(item),
        )


def _failure(item: dict[str, object]) -> str:
    """Why an item failed, in the vendor's words; empty: it did not."""
    names = ("error", "errors", "details", "description")
    said = [values.harmless(text) for name in names if isinstance(text := item.get(name), str)]
    failed = bool(item.get("error") or item.get("errors")) or item.get("success") is False
    if not failed and str(item.get("status", "")).strip().lower() not in {"failed", "error"}:
        return ""
    return values.clean(": ".join(dict.fromkeys(each for each in said if each))) or "The vendor does not say why."
