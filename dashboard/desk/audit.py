"""The acts that are written down, by the ticket they were done to; and the switch of all of them, which is written down as well.

In:  a ticket's number, acts; an administrator's decision. Out: a queryset of acts, newest first; a row. Asks nobody.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from dashboard.accounts.switch import set_writes, writes_on
from dashboard.models import DeskAct, User
from dashboard.sources.registry import ACCOUNT

MOST = 900


def switched(on: bool, by: User, now: datetime) -> None:
    """Turns changes at the vendor on or off, and writes down who did; nothing where it is so already. NotAllowedError as `set_writes`."""
    with transaction.atomic():
        if writes_on() is on:
            return
        set_writes(on, by)
        DeskAct.objects.create(
            account=ACCOUNT,
            key=secrets.token_hex(16),
            by=by.email,
            at=now,
            what=DeskAct.What.SWITCH,
            change={"changes": "on" if on else "off"},
            state=DeskAct.State.DONE,
            ended_at=now,
        )


def of_ticket(ticket_id: int, acts: QuerySet[DeskAct], most: int = MOST) -> QuerySet[DeskAct]:
    """The newest of these acts that were done to the ticket, or merged others into it; at most `most`.

    The numbers lie in JSON, which not every database searches by value: its text is searched, and what it found looked at again.
    """
    number = str(ticket_id)
    texts = acts.annotate(ids_text=Cast("ticket_ids", TextField()), change_text=Cast("change", TextField()))
    near = texts.filter(Q(ids_text__contains=number) | Q(what=DeskAct.What.MERGE, change_text__contains=number))
    found: list[int] = []
    for pk, ids, change in near.values_list("pk", "ticket_ids", "change").iterator(chunk_size=500):
        if ticket_id in ids or change.get("into_id") == ticket_id:
            found.append(pk)
        if len(found) == most:
            break
    return acts.filter(pk__in=found)
