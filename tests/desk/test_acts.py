"""Acts: agreed to once, made once, and written down truthfully whatever the vendor and the process do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import OperationalError, connection

from dashboard.accounts.switch import NotAllowedError, set_writes, writes_on
from dashboard.desk import acts, jobs, sealed
from dashboard.desk.act_words import told
from dashboard.desk.plans import Names, PlanError, Planned
from dashboard.desk.wish_form import LONGEST_COMMENT
from dashboard.domain.tickets import Comment, JobItem, JobState, Priority, Status, TicketChange
from dashboard.mirror import tickets as known
from dashboard.models import DeskAct, KnownTicket, Role, Tally, User
from dashboard.sources.errors import ErrorKind, SourceError
from tests.desk.desk_vendor import START, DeskVendor, ticket

pytestmark = pytest.mark.django_db

UNSURE = SourceError(ErrorKind.TIMEOUT, "The vendor did not answer in time.", is_unsure=True)
PENDING = TicketChange(status=Status.PENDING, comment=Comment("Wait for the part."))


def _user(role: Role) -> User:
    return User.objects.create(email=f"{role}@example.com", password=None, role=role)


@pytest.fixture
def boss() -> User:
    return _user(Role.ADMINISTRATOR)


@pytest.fixture
def dana(boss: User) -> User:
    set_writes(True, boss)
    return _user(Role.SUPERVISOR)


@pytest.fixture
def vendor() -> DeskVendor:
    made = DeskVendor({number: ticket(number) for number in (1, 2, 3)})
    known.keep("main", made.tickets.values(), START)
    return made


class Desk:
    """The desk, wired to one vendor."""

    def __init__(self, vendor: DeskVendor) -> None:
        self.wired: dict[str, Any] = {"client": lambda _: vendor, "allow": lambda _: lambda: None}

    def plan(self, user: User, what: str, *ids: int, **wish: Any) -> Planned:
        return acts.plan(user, what, ids, **wish, **self.wired)

    def do(self, agreed: Planned, user: User, checkpoint: Callable[[str], None] = acts.no_checkpoint) -> DeskAct:
        return acts.do(agreed, user, START, clock=lambda: START, checkpoint=checkpoint, **self.wired)

    def act(self, user: User, what: str, *ids: int, **wish: Any) -> DeskAct:
        return self.do(self.plan(user, what, *ids, **wish), user)

    def follow(self, redis: Any, now: datetime) -> int:
        return jobs.follow(redis, now, **self.wired)


@pytest.fixture
def desk(vendor: DeskVendor) -> Desk:
    return Desk(vendor)


def test_a_change_is_written_down_made_by_safe_update_and_seen_in_the_mirror(desk: Desk, vendor: DeskVendor, dana: User) -> None:
    agreed = sealed.unseal(sealed.seal(desk.plan(dana, "update", 1, change=PENDING)), dana)
    made = desk.do(agreed, dana)
    assert (made.state, made.by, made.ticket_ids, made.error) == ("done", dana.email, [1], "")
    assert made.change == {"status": "pending", "comment": {"body": "Wait for the part.", "public": False}}
    assert made.before == {"1": {"status": "open"}}
    assert KnownTicket.objects.get(ticket_id=1).status == "pending"
    assert dict(Tally.objects.filter(count__gt=0).values_list("status", "count")) == {"open": 2, "pending": 1}
    again = desk.do(agreed, dana)
    assert (again.pk, len(vendor.changes())) == (made.pk, 1)
    with pytest.raises(NotAllowedError, match="Somebody else"):
        desk.do(agreed, _user(Role.VIEWER))


def test_a_role_and_the_switch_are_asked_for_by_the_act_itself(desk: Desk, vendor: DeskVendor, dana: User, boss: User) -> None:
    viewer = _user(Role.VIEWER)
    with pytest.raises(NotAllowedError, match="supervisors and administrators"):
        desk.plan(viewer, "update", 1, change=PENDING)
    with pytest.raises(NotAllowedError, match="for good"):
        desk.plan(dana, "destroy", 1)
    agreed = desk.plan(dana, "update", 1, change=PENDING)
    with pytest.raises(NotAllowedError, match="Only an administrator"):
        set_writes(False, dana)
    set_writes(False, boss)
    with pytest.raises(NotAllowedError, match="read-only"):
        desk.do(agreed, dana)
    set_writes(True, boss)
    User.objects.filter(pk=dana.pk).update(role=Role.VIEWER)  # taken since the page was opened
    with pytest.raises(NotAllowedError):
        desk.do(agreed, dana)
    assert (DeskAct.objects.count(), vendor.changes()) == (0, [])


def test_nothing_may_be_changed_before_an_administrator_says_so(boss: User) -> None:
    assert not writes_on()
    set_writes(True, boss)
    assert writes_on()


def test_who_was_slower_changes_nothing_and_is_told(desk: Desk, vendor: DeskVendor, dana: User) -> None:
    one, two = desk.plan(dana, "update", 1, change=PENDING), desk.plan(dana, "delete", 1, 2, 3)
    one_of_two = desk.plan(dana, "delete", 1, 2)
    all_gone = desk.plan(dana, "spam", 1)
    merge = desk.plan(dana, "merge", 2, 3, into_id=1)
    vendor.somebody_changes(1, TicketChange(priority=Priority.LOW))
    conflict = desk.do(one, dana)
    assert (conflict.state, "in the meantime" in conflict.error) == ("conflict", True)
    partly = desk.do(two, dana)
    assert (partly.state, partly.failed) == ("running", [[1, "Changed by somebody else in the meantime."]])
    assert vendor.changes()[-1] == ("delete_many", (2, 3))
    rest = desk.do(one_of_two, dana)
    assert (rest.state, rest.failed, vendor.changes()[-1]) == ("done", [[1, "Changed by somebody else in the meantime."]], ("delete", 2))
    assert not KnownTicket.objects.get(ticket_id=1).is_gone
    for each in (all_gone, merge):
        made = desk.do(each, dana)
        assert (made.state, made.failed) == ("conflict", [[1, "Changed by somebody else in the meantime."]])


@pytest.mark.parametrize("was_done", [True, False])
def test_an_answer_that_was_lost_leaves_unknown_and_is_never_repeated(
    desk: Desk, vendor: DeskVendor, dana: User, *, was_done: bool
) -> None:
    agreed = desk.plan(dana, "update", 1, change=PENDING)
    vendor.fails, vendor.done = {"update": UNSURE}, was_done
    made = desk.do(agreed, dana)
    assert (made.state, made.error) == ("unknown", "Zendesk did not answer in time.")
    assert desk.do(agreed, dana).pk == made.pk
    assert len(vendor.changes()) == 1


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (None, "do not do it again"),
        (UNSURE, "Nobody knows"),
        (SourceError(ErrorKind.REFUSED, "The vendor refused this."), "has not done this"),
    ],
)
def test_what_came_of_it_is_told_although_the_database_went_away(
    desk: Desk, vendor: DeskVendor, dana: User, fails: SourceError | None, said: str
) -> None:
    def gone(*_: Any) -> None:
        raise OperationalError("the database is away")

    agreed = desk.plan(dana, "update", 1, change=PENDING)
    vendor.fails = {} if fails is None else {"update": fails}
    with ExitStack() as away, pytest.raises(acts.NotNotedError, match=said):
        desk.do(agreed, dana, lambda here: away.enter_context(connection.execute_wrapper(gone)) if here == "written" else None)
    assert len(vendor.changes()) == 1


def test_a_refusal_is_told_in_the_vendors_own_words(desk: Desk, vendor: DeskVendor, dana: User) -> None:
    vendor.fails["update"] = SourceError(ErrorKind.REFUSED, "The vendor refused this change (422).", detail="Assignee is required.")
    made = desk.act(dana, "update", 1, change=PENDING)
    assert (made.state, made.error) == ("failed", "Zendesk refused this change (422). In its own words: “Assignee is required.”")
    vendor.fails["show_many"] = SourceError(ErrorKind.NETWORK, "The vendor could not be reached.")
    later = desk.plan(dana, "delete", 1)
    assert "what we last saw" in later.sentences[-1]
    vendor.fails["show_many"] = SourceError(ErrorKind.AUTH, "The vendor refused the credentials (401).")
    with pytest.raises(PlanError, match="credentials"):
        desk.plan(dana, "delete", 1)


class KilledError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("step", ["written", "compared", "answered"])
def test_a_process_that_dies_leaves_an_act_that_says_so(desk: Desk, vendor: DeskVendor, dana: User, redis: Any, step: str) -> None:
    def checkpoint(here: str) -> None:
        if here == step:
            raise KilledError(step)

    agreed = desk.plan(dana, "delete", 1, 2)
    with pytest.raises(KilledError):
        desk.do(agreed, dana, checkpoint)
    assert desk.do(agreed, dana).state == "sent"  # the button again: nothing is repeated
    assert jobs.due(redis, START)
    assert not jobs.due(redis, START)  # somebody is at it
    assert desk.follow(redis, START + timedelta(minutes=1)) == 0
    assert desk.follow(redis, START + timedelta(minutes=3)) == 1
    act = DeskAct.objects.get()
    assert (act.state, act.error) == ("unknown", jobs.LOST)
    assert len(vendor.changes()) == (1 if step == "answered" else 0)
    assert not jobs.due(redis, START)


def test_a_job_is_followed_to_its_end_and_names_what_failed(desk: Desk, vendor: DeskVendor, dana: User, redis: Any) -> None:
    change = TicketChange(status=Status.HOLD, additional_tags=("outage",))
    made = desk.act(dana, "bulk", 1, 2, 3, change=change)
    assert (made.state, made.job_progress) == ("running", None)
    job_id = made.job_id
    vendor.goes_on(job_id, JobState.WORKING, 3, 1)
    assert desk.follow(redis, START) == 0
    made.refresh_from_db()
    assert (made.state, made.job_total, made.job_progress) == ("running", 3, 1)
    vendor.fails["jobs_of"] = SourceError(ErrorKind.SERVER, "The vendor had an internal error (500).")
    assert desk.follow(redis, START) == 0
    made.refresh_from_db()
    assert made.error == f"{jobs.NOT_TOLD} Zendesk had an internal error (500)."
    vendor.somebody_changes(1, TicketChange(status=Status.SOLVED))
    vendor.goes_on(job_id, JobState.COMPLETED, 3, 3, JobItem(0, 1), JobItem(1, None, "Ticket 2 is locked"), JobItem(2, 3))
    assert desk.follow(redis, START) == 1
    made.refresh_from_db()
    assert (made.state, made.failed, made.ended_at) == ("done", [[2, "Ticket 2 is locked"]], START)
    assert KnownTicket.objects.get(ticket_id=1).status == "solved"
    assert desk.follow(redis, START) == 0


def test_jobs_end_badly_in_words_too(desk: Desk, vendor: DeskVendor, dana: User, boss: User, redis: Any) -> None:
    refused, broken, forgotten = (desk.act(boss, "destroy", number) for number in (1, 2, 3))
    vendor.goes_on(refused.job_id, JobState.COMPLETED, 1, 1, JobItem(0, 1, "Not in the trash"))
    vendor.goes_on(broken.job_id, JobState.KILLED, None, None)
    del vendor.jobs[forgotten.job_id]
    desk.follow(redis, START + timedelta(minutes=5))
    found = {act.pk: act for act in DeskAct.objects.all()}
    assert (found[refused.pk].state, found[refused.pk].failed) == ("failed", [[1, "Not in the trash"]])
    assert (found[broken.pk].state, "broke the job off" in found[broken.pk].error) == ("failed", True)
    assert (found[forgotten.pk].state, found[forgotten.pk].error) == ("unknown", jobs.FORGOTTEN)
    assert told(found[broken.pk], Names()).state == "broken off"
    # Of several that are deleted for good the vendor says in one sentence what failed, and not of which.
    both = desk.act(boss, "destroy", 1, 2)
    vendor.goes_on(both.job_id, JobState.COMPLETED, None, None, JobItem(None, None, "Not in the trash"))
    desk.follow(redis, START + timedelta(minutes=6))
    both.refresh_from_db()
    assert (both.failed, told(both, Names()).state) == ([[None, "Not in the trash"]], "not all of it was done")
    last = desk.act(boss, "destroy", 3)
    vendor.fails["jobs_of"] = SourceError(ErrorKind.SERVER, "The vendor had an internal error (500).")
    assert desk.follow(redis, START + timedelta(days=2)) == 1
    last.refresh_from_db()
    assert (last.state, last.error) == ("unknown", jobs.FORGOTTEN)


def test_what_goes_to_the_trash_leaves_the_mirror_and_comes_back(desk: Desk, vendor: DeskVendor, dana: User, redis: Any) -> None:
    assert desk.act(dana, "delete", 1).state == "done"
    many = desk.act(dana, "spam", 2, 3)
    vendor.goes_on(many.job_id, JobState.COMPLETED, 2, 2, JobItem(0, 2), JobItem(1, 3, "No permission"))
    desk.follow(redis, START)
    assert set(KnownTicket.objects.filter(is_gone=True).values_list("ticket_id", flat=True)) == {1, 2}
    assert desk.act(dana, "restore", 1).state == "done"
    assert not KnownTicket.objects.get(ticket_id=1).is_gone


def test_a_sealed_plan_is_nobody_elses_and_cannot_be_changed(desk: Desk, dana: User) -> None:
    change = TicketChange(priority=Priority.URGENT, tags=("a", "b"), unset=frozenset({"assignee_id"}), comment=Comment("x", is_public=True))
    agreed = desk.plan(dana, "bulk", 1, 2, change=change)
    text = sealed.seal(agreed)
    assert sealed.unseal(text, dana) == agreed
    with pytest.raises(PlanError, match="Somebody else"):
        sealed.unseal(text, _user(Role.VIEWER))
    with pytest.raises(PlanError, match="damaged"):
        sealed.unseal(text[:-1] + ("a" if text[-1] != "a" else "b"), dana)
    with pytest.raises(PlanError, match="damaged"):
        sealed.unseal(signing.dumps({"user_id": dana.pk}), dana)


def test_the_longest_merge_that_a_form_takes_can_be_agreed_to(desk: Desk, dana: User) -> None:
    # What does not shrink: characters from all over Unicode, in no order.
    longest = "".join(chr(0x10000 + each * 48_271 % 0x2FFFF) for each in range(1, LONGEST_COMMENT + 1))
    agreed = desk.plan(dana, "merge", 1, into_id=2, into_comment=Comment(longest), from_comment=Comment(longest[::-1]))
    assert sealed.unseal(sealed.seal(agreed), dana) == agreed


def test_acts_are_forgotten_after_400_days_but_for_those_under_way(desk: Desk, dana: User) -> None:
    desk.act(dana, "delete", 1)
    running = desk.act(dana, "delete", 2, 3)
    assert jobs.forget(START + timedelta(days=399)) == 0
    assert jobs.forget(START + timedelta(days=401)) == 1
    assert list(DeskAct.objects.values_list("pk", flat=True)) == [running.pk]
