"""How far each stream of changes was read, and the one transaction in which a page and that place are written together.

In:  an account, a stream's name. Out: its row; `page`, which holds the account's lock. Must not know what a page holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from dashboard.models import Stream

TICKETS, METRICS, EVENTS = "tickets", "metrics", "events"
CLOCKS, TRASH, GROUPS, COUNT = "clocks", "trash", "groups", "count"
RETENTION = "retention"
# Rows of one account have one writer at a time: whoever holds this row. The tally beside them is kept by differences.
LOCK = TICKETS


class MovedOnError(Exception):
    """Not an error of anybody: another reader has written this page already, so this copy of it is thrown away."""


def of(account: str, name: str) -> Stream | None:
    """The stream's row; None: nothing was ever read."""
    return Stream.objects.filter(account=account, name=name).first()


def begun(account: str, name: str, now: datetime) -> Stream:
    """The stream's row, made when it is not there."""
    return Stream.objects.get_or_create(account=account, name=name, defaults={"begun_at": now})[0]


@contextmanager
def writing(account: str, now: datetime) -> Iterator[None]:
    """A transaction in which nobody else writes rows of the account's tickets."""
    with transaction.atomic():
        hold(account, now)
        yield


def hold(account: str, now: datetime) -> None:
    """Waits until nobody else writes rows of the account's tickets; nobody does then until the caller's transaction ends."""
    while True:
        begun(account, LOCK, now)
        # PostgreSQL: whoever held the row may have deleted it (`origin.settle`), and then what was waited for is not there any more.
        if Stream.objects.select_for_update().filter(account=account, name=LOCK).first() is not None:
            return


def back_to(account: str, name: str, at: datetime) -> None:
    """Lets a stream whose place is a time (Unix seconds) be read once more from `at`, within the caller's transaction; never from a later
    place than where it stands. Whoever reads it at this moment finds that the place has moved."""
    stream = Stream.objects.filter(account=account, name=name).first()
    if stream is not None and int(stream.cursor or 0) > int(at.timestamp()):
        Stream.objects.filter(pk=stream.pk).update(cursor=str(int(at.timestamp())))


@contextmanager
def page(known: Stream, now: datetime) -> Iterator[Stream]:
    """The transaction of one page: gives the stream's row to change, which is saved at the end. MovedOnError when the place that the page
    was asked from is not where the stream stands any more; then nothing is written."""
    with writing(known.account, now):
        row = Stream.objects.select_for_update().filter(pk=known.pk).first()
        if row is None:  # the account became another site meanwhile
            raise MovedOnError(known.name)
        if (row.cursor, row.high_at) != (known.cursor, known.high_at):
            raise MovedOnError(row.name)
        row.read_at = now
        yield row
        row.save()
