"""The part of ZendeskTickets that the desk writes by: tickets in a dict, jobs that end when told to, and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.domain.tickets import Job, JobItem, JobState, Status, Ticket, TicketChange, User
from dashboard.sources.errors import ErrorKind, SourceError

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def ticket(ticket_id: int, **columns: Any) -> Ticket:
    given: dict[str, Any] = {"status": Status.OPEN, "subject": f"Subject {ticket_id}", "group_id": 7, "tags": ("vip",)}
    return Ticket(ticket_id, START - timedelta(days=1), START - timedelta(hours=1), **(given | columns))


@dataclass
class DeskVendor:
    """`fails`: what the next request of that name raises; with `done`, after it was done."""

    tickets: dict[int, Ticket] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    fails: dict[str, SourceError] = field(default_factory=dict)
    done: bool = False
    now: datetime = START

    def show_many(self, ids: Iterable[int], *, before_request: Callable[[], None], deadline: float | None = None) -> tuple[Ticket, ...]:
        wanted = list(ids)
        self._may("show_many", wanted, before_request)
        return tuple(self.tickets[each] for each in wanted if each in self.tickets)

    def users(self, ids: Iterable[int], *, before_request: Callable[[], None], deadline: float | None = None) -> tuple[User, ...]:
        wanted = list(ids)
        self._may("users", wanted, before_request)
        return tuple(User(each, f"Agent {each}", self.homes.get(each)) for each in wanted)

    def update(self, ticket_id: int, change: TicketChange, *, updated_stamp: datetime, before_request: Callable[[], None]) -> Ticket:
        if self.done:
            self.somebody_changes(ticket_id, change)
        self._may("update", (ticket_id, change), before_request)
        if updated_stamp != self.tickets[ticket_id].updated_at:
            raise SourceError(
                ErrorKind.CONFLICT, "Somebody changed this at the vendor in the meantime (409); nothing was changed.", status=409
            )
        return self.somebody_changes(ticket_id, change)

    def update_many(self, ids: Iterable[int], change: TicketChange, *, before_request: Callable[[], None]) -> Job:
        return self._job("update_many", (tuple(ids), change), before_request)

    def merge(self, into_id: int, ids: Iterable[int], *, before_request: Callable[[], None], **comments: object) -> Job:
        return self._job("merge", (into_id, tuple(ids), comments), before_request)

    def delete(self, ticket_id: int, *, before_request: Callable[[], None]) -> None:
        self._may("delete", ticket_id, before_request)

    def delete_many(self, ids: Iterable[int], *, before_request: Callable[[], None]) -> Job:
        return self._job("delete_many", tuple(ids), before_request)

    def mark_as_spam(self, ticket_id: int, *, before_request: Callable[[], None]) -> None:
        self._may("mark_as_spam", ticket_id, before_request)

    def mark_many_as_spam(self, ids: Iterable[int], *, before_request: Callable[[], None]) -> Job:
        return self._job("mark_many_as_spam", tuple(ids), before_request)

    def restore(self, ticket_id: int, *, before_request: Callable[[], None]) -> None:
        self._may("restore", ticket_id, before_request)

    def restore_many(self, ids: Iterable[int], *, before_request: Callable[[], None]) -> None:
        self._may("restore_many", tuple(ids), before_request)

    def destroy(self, ticket_id: int, *, before_request: Callable[[], None]) -> Job:
        return self._job("destroy", ticket_id, before_request)

    def destroy_many(self, ids: Iterable[int], *, before_request: Callable[[], None]) -> Job:
        return self._job("destroy_many", tuple(ids), before_request)

    def jobs_of(self, job_ids: Iterable[str], *, before_request: Callable[[], None]) -> tuple[Job, ...]:
        wanted = list(job_ids)
        self._may("jobs_of", wanted, before_request)
        return tuple(self.jobs[each] for each in wanted if each in self.jobs)

    def goes_on(self, job_id: str, state: JobState, total: int | None, progress: int | None, *items: JobItem) -> None:
        self.jobs[job_id] = Job(job_id, state, total, progress, "", items)

    def changes(self) -> list[tuple[str, Any]]:
        """What it was asked to change, in order."""
        return [each for each in self.asked if each[0] not in ("show_many", "users", "jobs_of")]

    def _job(self, name: str, what: Any, before_request: Callable[[], None]) -> Job:
        self._may(name, what, before_request)
        found = Job(f"V3-{len(self.jobs):032x}", JobState.QUEUED)
        self.jobs[found.id] = found
        return found

    def somebody_changes(self, ticket_id: int, change: TicketChange) -> Ticket:
        """Fields of one ticket, whoever asks."""
        names = ("status", "priority", "assignee_id", "group_id", "tags")
        told: dict[str, Any] = {name: getattr(change, name) for name in names if getattr(change, name) is not None}
        self.now += timedelta(seconds=1)
        self.tickets[ticket_id] = replace(self.tickets[ticket_id], **told, updated_at=self.now)
        return self.tickets[ticket_id]

    def _may(self, name: str, what: Any, before_request: Callable[[], None]) -> None:
        before_request()
        self.asked.append((name, what))
        if (error := self.fails.pop(name, None)) is not None:
            raise error
