"""The acts that are written down, by the ticket they were done to.

In:  a ticket's number, acts. Out: a queryset of them, newest first. Reads rows only.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from dashboard.models import DeskAct

MOST = 900


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
