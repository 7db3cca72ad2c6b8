"""Acts of people on tickets: planned, agreed to once, written down, made, and written down again. The one door by which the desk changes
anything at the vendor.

In:  who, what, which tickets. Out: a plan to be agreed to; then the act's row. State before effect: the row is there (`sent`) before the
vendor is asked, and says `unknown` when nobody can know what became of it; nothing is ever repeated by itself.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from django.db import DatabaseError, IntegrityError, transaction

from dashboard.accounts.switch import READ_ONLY, NotAllowedError, writes_on
from dashboard.desk import mirrored, seeing
from dashboard.desk.plans import MOST_TICKETS, OF_TRASH, Names, PlanError, Planned, Seen, What, Wish, change_said, planned
from dashboard.desk.refusal_words import error_said
from dashboard.desk.seeing import Client
from dashboard.desk.sending import Item, MovedError, Sent, send
from dashboard.desk.soon import read_soon
from dashboard.domain.tickets import Comment, TicketChange
from dashboard.mirror.names import names
from dashboard.models import DeskAct, Role, User
from dashboard.polling.permit import heed, permit
from dashboard.sources import registry
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.store.database_patience import patiently

__all__ = ["NotAllowedError", "NotNotedError", "PlanError", "check_allowed", "do", "plan", "utc_now"]

logger = logging.getLogger(__name__)


class NotNotedError(Exception):
    """The vendor was asked, and the database went away before it was noted what came of it; that in one sentence, for a page."""

    def __init__(self, state: DeskAct.State) -> None:
        super().__init__(
            f"{_NOT_NOTED.get(state, _NOT_DONE)} Queuelight's database does not answer, so the log will say that nobody knows."
        )


_NOT_DONE = "Zendesk has not done this."
_NOT_NOTED = {
    DeskAct.State.DONE: "Zendesk has taken this; do not do it again.",
    DeskAct.State.UNKNOWN: "Nobody knows whether Zendesk has done this: look at the ticket before doing it again.",
}


def utc_now() -> datetime:
    return datetime.now(UTC)


def no_checkpoint(_: str) -> None:
    """What happens at each step in production: nothing. The tests kill the process there: written, compared, answered, ended."""


def check_allowed(what: str, user: User) -> None:
    """NotAllowedError, with the sentence for the page: a viewer, no administrator for DESTROY, or the whole product is read-only.

    The role is read from the database: it may have been taken since the page was opened.
    """
    role = User.objects.filter(pk=user.pk, is_active=True).values_list("role", flat=True).first()
    if role not in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        raise NotAllowedError("Only supervisors and administrators can change tickets.")
    if what == What.DESTROY and role != Role.ADMINISTRATOR:
        raise NotAllowedError("Only administrators can delete tickets for good.")
    if not writes_on():
        raise NotAllowedError(READ_ONLY)


def plan(
    user: User,
    what: str,
    ids: Iterable[int],
    change: TicketChange | None = None,
    *,
    into_id: int | None = None,
    into_comment: Comment | None = None,
    from_comment: Comment | None = None,
    account: str = registry.ACCOUNT,
    client: Client = registry.tickets,
    allow: Callable[[str], Callable[[], None]] = permit,
) -> Planned:
    """What would happen, with a key of its own; nothing is changed. Reads the tickets from the vendor, or, when it does not answer within
    5 s, from the mirror, and says so.

    `what`: a value of DeskAct.What. PlanError: it cannot be done as asked for. NotAllowedError.
    """
    check_allowed(what, user)
    wish = Wish(What(what), tuple(ids), change or TicketChange(), into_id, into_comment, from_comment)
    seen: list[Seen] = []
    homes: Mapping[int, int] = {}
    if wish.what in OF_TRASH:
        seen = seeing.known(account, wish.ids[:MOST_TICKETS], fresh=True)
    elif 0 < len(wish.ids) <= MOST_TICKETS:  # otherwise the plan itself says what is wrong; nobody is asked for a thousand tickets
        seen, homes = seeing.seen(account, wish, client, allow)
    called = Names(names(account, "group"), names(account, "user"), homes)
    incidents = seeing.incidents_of(account, seen) if wish.change.status is not None else {}
    return planned(wish, seen, called, account=account, key=secrets.token_hex(16), user_id=user.pk, incidents=incidents)


def do(
    agreed: Planned,
    user: User,
    now: datetime,
    *,
    client: Client = registry.tickets,
    allow: Callable[[str], Callable[[], None]] = permit,
    clock: Callable[[], datetime] = utc_now,
    soon: Callable[[str, datetime], None] = read_soon,
    checkpoint: Callable[[str], None] = no_checkpoint,
) -> DeskAct:
    """Does what was agreed to, once: with the same key again it gives the same act, and asks nobody.

    The act's state is then done, running (a job; `jobs.follow` goes on), conflict (somebody was faster; nothing was changed), failed
    (nothing was changed, `error` says why) or unknown. NotAllowedError: nothing was written. django.db.DatabaseError: nothing was asked.
    NotNotedError: the vendor was asked, and after a while the act is unknown.
    """
    if agreed.user_id != user.pk:
        raise NotAllowedError("Somebody else was asked this.")
    known = DeskAct.objects.filter(key=agreed.key).first()
    if known is not None:
        return known
    check_allowed(agreed.wish.what, user)
    act, is_new = _written(agreed, user, now)
    if not is_new:
        return act
    checkpoint("written")
    sent: Sent | None = None
    state, why, failed = DeskAct.State.DONE, "", tuple[Item, ...]()
    try:
        tickets, before_request = client(agreed.account), allow(agreed.account)
        sent = send(agreed, tickets, before_request, checkpoint)
        checkpoint("answered")
    except MovedError as error:
        state, why, failed = DeskAct.State.CONFLICT, str(error), error.items
    except SourceError as error:
        heed(agreed.account, error, clock())
        state, why = _state_of(error), error_said(error)
    except ValueError as error:  # the client's own: it would be refused for its form, so nothing was asked
        state, why = DeskAct.State.FAILED, str(error)
    try:
        with patiently():
            ended = _settle(act, agreed, sent, clock()) if sent is not None else _end(act, state, clock(), error=why, failed=failed)
    except DatabaseError as error:
        logger.warning("What came of act %d (%s) could not be noted: %s", act.pk, state, type(error).__name__)
        raise NotNotedError(state) from error
    if (sent is not None or state is DeskAct.State.UNKNOWN) and ended.ended_at is not None:
        soon(agreed.account, ended.ended_at)
    checkpoint("ended")
    if agreed.wish.what == What.RESTORE and sent is not None:
        mirrored.look_again(agreed.account, agreed.wish.ids, tickets, before_request, clock())
    return ended


def _state_of(error: SourceError) -> DeskAct.State:
    if error.is_unsure:
        return DeskAct.State.UNKNOWN
    return DeskAct.State.CONFLICT if error.kind is ErrorKind.CONFLICT else DeskAct.State.FAILED


def _written(agreed: Planned, user: User, now: datetime) -> tuple[DeskAct, bool]:
    wish = agreed.wish
    try:
        with transaction.atomic():
            act = DeskAct.objects.create(
                account=agreed.account,
                key=agreed.key,
                by=user.email,
                at=now,
                what=wish.what,
                ticket_ids=list(wish.ids),
                change=change_said(wish),
                before={str(ticket_id): dict(fields) for ticket_id, fields in agreed.before.items() if fields},
            )
    except IntegrityError:  # the button was pressed twice in the same moment
        return DeskAct.objects.get(key=agreed.key), False
    return act, True


def _settle(act: DeskAct, agreed: Planned, sent: Sent, now: datetime) -> DeskAct:
    """What the vendor said, first; the mirror follows, and must not cost us that: the next poll brings the same."""
    if sent.job is not None:
        DeskAct.objects.filter(pk=act.pk).update(
            state=DeskAct.State.RUNNING,
            job_id=sent.job.id,
            job_total=sent.job.total_count,
            job_progress=sent.job.progress_count,
            failed=[list(each) for each in sent.left_out],
            error="",
            ended_at=None,
        )
        act.refresh_from_db()
        return act
    ended = _end(act, DeskAct.State.DONE, now, failed=sent.left_out)
    left_out = {ticket_id for ticket_id, _ in sent.left_out}
    try:
        if sent.ticket is not None:
            mirrored.keep(agreed.account, [sent.ticket], now)
        elif agreed.wish.what in (What.SPAM, What.DELETE):
            mirrored.lose(agreed.account, [each for each in agreed.wish.ids if each not in left_out], now)
    except DatabaseError as error:
        logger.warning("Act %d is done, but the mirror does not show it yet (%s).", act.pk, type(error).__name__)
    return ended


def _end(act: DeskAct, state: DeskAct.State, now: datetime, *, error: str = "", failed: Iterable[tuple[int | None, str]] = ()) -> DeskAct:
    DeskAct.objects.filter(pk=act.pk).update(state=state, error=error[:300], failed=[list(each) for each in failed], ended_at=now)
    act.refresh_from_db()
    return act
