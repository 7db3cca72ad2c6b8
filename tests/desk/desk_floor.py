"""A desk to look at: an emulated vendor on which nothing happens by itself, tickets of it in the mirror, and clocks as a test wants them.

For tests of pages, in Django's client and in a browser.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import redis as redis_py

from config.env import ZendeskEnv
from dashboard.accounts.switch import DESK_WRITES
from dashboard.emulator.options import EmulatorSettings
from dashboard.mirror.tickets import keep
from dashboard.models import KnownClock, KnownEvent, KnownTicket, Stream, Switch
from dashboard.polling.buckets import learn_limit
from dashboard.sources import registry
from dashboard.sources.registry import ACCOUNT
from tests.emulator.running import RunningEmulator, running
from tests.emulator.still_floor import StillFloor

EVIL = "<script>alert(1)</script> مريم"


@contextlib.contextmanager
def still_vendor() -> Iterator[RunningEmulator]:
    """A vendor at which nobody works; `control("tickets", {"count": n})` makes tickets."""
    with running(StillFloor, EmulatorSettings(start=datetime.now(UTC).replace(microsecond=0), speed=1)) as emulator:
        emulator.control("limits", {"per_minute": 100_000})
        yield emulator


def ask_of(emulator: RunningEmulator, settings: Any, redis: redis_py.Redis) -> None:
    """From now on the account is the emulator's, and its budget is no obstacle."""
    given = ZendeskEnv(emulator.url, email=emulator.settings.email, api_token=emulator.settings.api_token)
    settings.ENV = replace(settings.ENV, zendesk=given)
    learn_limit(redis, ACCOUNT, 100_000)


def made(emulator: RunningEmulator, count: int) -> list[int]:
    """New tickets at the vendor, known to the mirror, as after a poll."""
    before = {row.ticket_id for row in KnownTicket.objects.all()}
    emulator.control("tickets", {"count": count})
    now = datetime.now(UTC)
    page = registry.tickets(ACCOUNT).list_page(sort="-id", size=count)
    read("tickets", now)
    keep(ACCOUNT, page.items, now)
    return sorted({ticket.id for ticket in page.items} - before)


def read(name: str, at: datetime, **columns: Any) -> Stream:
    """A stream that was read to its end at that time, unless the columns say otherwise."""
    given = {"begun_at": at, "caught_up_at": at, "read_at": at, "done_count": 3} | columns
    return Stream.objects.update_or_create(account=ACCOUNT, name=name, defaults=given)[0]


def known(ticket_id: int, now: datetime, **columns: Any) -> KnownTicket:
    """A row of the mirror that no vendor knows."""
    created_at = now - timedelta(hours=5)
    given: dict[str, Any] = {"subject": f"Subject {ticket_id}", "status": "open", "priority": "normal", "created_at": created_at}
    return KnownTicket.objects.create(account=ACCOUNT, ticket_id=ticket_id, **(given | {"moved_at": created_at} | columns))


def clock(ticket_id: int, now: datetime, left: timedelta, *, state: str = "running", metric: str = "reply_time") -> None:
    """A clock with a target, and the events it was folded from."""
    breach_at = now + left
    begun_at = min(now, breach_at) - timedelta(hours=1)
    target = {"target_min": 60, "policy_title": "Gold & silver", "policy_id": 5}
    KnownClock.objects.create(account=ACCOUNT, ticket_id=ticket_id, metric=metric, instance=1, state=state, breach_at=breach_at, **target)
    moves: list[tuple[str, datetime, dict[str, Any]]] = [("activate", begun_at, {}), ("apply_sla", begun_at, target)]
    moves.append(("breach", breach_at, {}))
    if state == "paused":
        moves.append(("pause", now, {}))
    first = KnownEvent.objects.count() + 1
    KnownEvent.objects.bulk_create(
        KnownEvent(account=ACCOUNT, event_id=first + place, ticket_id=ticket_id, metric=metric, instance=1, type=kind, at=at, **more)
        for place, (kind, at, more) in enumerate(moves)
    )


def allow_changes() -> None:
    """As after an administrator's decision."""
    Switch.objects.update_or_create(name=DESK_WRITES, defaults={"is_on": True, "changed_by": "boss@example.com"})
