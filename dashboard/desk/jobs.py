"""Jobs at the vendor, followed until they end: how far each is, which items failed. And acts of which nobody heard any more.

In:  acts that are running. Out: their rows, with progress and failed items by number. Changes nothing at the vendor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import redis as redis_py
from django.db import transaction

from dashboard.desk import mirrored
from dashboard.desk.plans import What
from dashboard.desk.seeing import Client
from dashboard.desk.soon import read_soon
from dashboard.domain.tickets import JOB_ENDED, Job, JobState
from dashboard.domain.vendor_names import named
from dashboard.models import DeskAct
from dashboard.polling.permit import heed, permit
from dashboard.sources import registry
from dashboard.sources.errors import SourceError
from dashboard.sources.zendesk_tickets import ZendeskTickets
from dashboard.store import keys

logger = logging.getLogger(__name__)

TURN = "desk-jobs"
EVERY_S, AFTER_TROUBLE_S = 2.0, 15.0
# One round at a time: so long is waited for its end, and for a round that was never begun.
ROUND_S = 45.0
# Longer than all requests of one act may take together: whoever made it has died.
LOST_AFTER = timedelta(minutes=2)
# The vendor keeps a job for a day (of old for an hour); one that it has never heard of is given a while to appear.
APPEARS_WITHIN = timedelta(minutes=2)
KEPT_BY_VENDOR = timedelta(days=1)
KEPT_FOR = timedelta(days=400)
MOST_FAILED = 100
_AT_ONCE = 100
BATCH = 500

LOST = "Queuelight was stopped, or lost its database, before Zendesk's answer was noted. Look at the ticket before trying again."
BROKEN_OFF = "Zendesk broke the job off; part of it may have been done."
NOT_TOLD = "Zendesk cannot be asked how far this is; it is asked again every 15 s."
FORGOTTEN = "Zendesk no longer knows this job, so nobody can tell how it ended. Look at the tickets before trying again."


def due(redis: redis_py.Redis, now: datetime) -> bool:
    """Whether `follow` has anything to do, and nobody is at it; 2 s after its end it is due again. Asked by each tick: one indexed
    query. redis.RedisError when Redis does not answer."""
    if not DeskAct.objects.filter(state__in=(DeskAct.State.RUNNING, DeskAct.State.SENT)).exists():
        return False
    return bool(redis.set(keys.turn(TURN), now.isoformat(), nx=True, px=int(ROUND_S * 1000)))


def follow(
    redis: redis_py.Redis,
    now: datetime,
    *,
    client: Client = registry.tickets,
    allow: Callable[[str], Callable[[], None]] = permit,
) -> int:
    """Asks after every running job, up to 100 an account with one request. How many acts have ended.

    A vendor that does not answer leaves the acts as they are, and they say so; they are asked after again in 15 s, for a day.
    """
    trouble = False
    try:
        ended = DeskAct.objects.filter(state=DeskAct.State.SENT, at__lt=now - LOST_AFTER).update(
            state=DeskAct.State.UNKNOWN, error=LOST, ended_at=now
        )
        running = DeskAct.objects.filter(state=DeskAct.State.RUNNING).order_by("pk")
        for account in sorted(set(running.order_by().values_list("account", flat=True))):
            acts = list(running.filter(account=account)[:_AT_ONCE])
            try:
                ended += _ask(account, acts, client(account), allow(account), now)
            except SourceError as error:
                trouble = True
                heed(account, error, now)
                logger.info("Jobs of account %s cannot be asked after: %s", account, error.message)
                running.filter(account=account).update(error=f"{NOT_TOLD} {named(error.message)}"[:300])
                old = running.filter(account=account, at__lt=now - KEPT_BY_VENDOR)
                ended += old.update(state=DeskAct.State.UNKNOWN, error=FORGOTTEN, ended_at=now)
        return ended
    finally:
        redis.set(keys.turn(TURN), now.isoformat(), px=int((AFTER_TROUBLE_S if trouble else EVERY_S) * 1000))


def _ask(account: str, acts: Sequence[DeskAct], tickets: ZendeskTickets, before_request: Callable[[], None], now: datetime) -> int:
    found = {job.id: job for job in tickets.jobs_of([act.job_id for act in acts], before_request=before_request)}
    done = [act for act in acts if _noted(act, found.get(act.job_id), now)]
    for act in done:
        if act.what in (What.BULK, What.MERGE):
            into = act.change.get("into_id")
            mirrored.look_again(account, [*([into] if into else []), *act.ticket_ids], tickets, before_request, now)
    if done:
        read_soon(account, now)
    return len(done)


def forget(now: datetime) -> int:
    """Acts older than 400 days go; how many went. One that is still running stays."""
    old = DeskAct.objects.filter(at__lt=now - KEPT_FOR).exclude(state__in=(DeskAct.State.RUNNING, DeskAct.State.SENT))
    count = 0
    while pks := list(old.values_list("pk", flat=True)[:BATCH]):
        count += DeskAct.objects.filter(pk__in=pks).delete()[0]
    return count


def sent_ids(act: DeskAct) -> list[int]:
    """The tickets that were sent in the job, in its order: all but those that had moved before."""
    left_out = {item[0] for item in act.failed}
    return [ticket_id for ticket_id in act.ticket_ids if ticket_id not in left_out]


def _noted(act: DeskAct, job: Job | None, now: datetime) -> bool:
    """Whether the act has ended by what the vendor says of its job."""
    running = DeskAct.objects.filter(pk=act.pk, state=DeskAct.State.RUNNING)
    if job is None or now - act.at > KEPT_BY_VENDOR:
        if now - act.at < APPEARS_WITHIN:
            return False
        return bool(running.update(state=DeskAct.State.UNKNOWN, error=FORGOTTEN, ended_at=now))
    columns: dict[str, object] = {"job_total": job.total_count, "job_progress": job.progress_count, "error": ""}
    if job.state not in JOB_ENDED:
        running.update(**columns)
        return False
    sent = sent_ids(act)
    failed = [_item(item.ticket_id, item.index, item.error, sent) for item in job.failed]
    columns |= {"failed": (act.failed + failed)[:MOST_FAILED], "ended_at": now, "state": DeskAct.State.DONE}
    if job.state is not JobState.COMPLETED:
        columns |= {
            "state": DeskAct.State.FAILED,
            "error": f"{BROKEN_OFF} {job.message}".strip()[:300],
        }
    elif sent and len(failed) >= len(sent):
        columns |= {"state": DeskAct.State.FAILED, "error": "Zendesk refused every single one."}
    good = [ticket_id for ticket_id in sent if ticket_id not in {item[0] for item in failed}]
    with transaction.atomic():
        if not running.update(**columns):
            return False
        if job.state is JobState.COMPLETED and act.what in (What.DELETE, What.SPAM):
            mirrored.lose(act.account, good, now)
    return True


def _item(ticket_id: int | None, index: int | None, why: str, sent: Sequence[int]) -> list[object]:
    """One item that failed, by its ticket; None: the vendor says it of the whole job, as of deleting for good."""
    if ticket_id is None and index is None and len(sent) == 1:
        index = 0
    if ticket_id is None and index is not None and 0 <= index < len(sent):
        ticket_id = sent[index]
    return [ticket_id, why[:300]]
