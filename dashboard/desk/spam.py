"""Which tickets of the trash are there because somebody marked them as spam from here.

In:  tickets' numbers. Out: the act that marked each. Asks the desk's own log alone: by the vendor's documents its trash does not tell, so
what was marked at the vendor itself is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from dashboard.models import DeskAct
from dashboard.sources.registry import ACCOUNT

# The vendor keeps its trash for thirty days.
LOOKS_BACK = timedelta(days=31)
# The vendor's clock beside ours: what was deleted later than that was brought back and deleted anew.
SKEW = timedelta(minutes=5)
What = DeskAct.What


def marked(ids: Iterable[int], now: datetime) -> dict[int, DeskAct]:
    """By ticket, the act that marked it as spam, where that is what was last done to it here."""
    open_ids, found = set(ids), dict[int, DeskAct]()
    acts = DeskAct.objects.filter(
        account=ACCOUNT, what__in=(What.SPAM, What.DELETE, What.RESTORE), state=DeskAct.State.DONE, at__gte=now - LOOKS_BACK
    ).order_by("-at", "-pk")
    for act in acts.iterator(chunk_size=500):
        if not open_ids:
            break
        hit = open_ids.intersection(act.ticket_ids) - {ticket_id for ticket_id, _ in act.failed}
        if act.what == What.SPAM:
            found |= dict.fromkeys(hit, act)
        open_ids -= hit
    return found


def is_of(act: DeskAct | None, deleted_at: datetime) -> bool:
    """Whether that act brought into the trash what was deleted then."""
    return act is not None and deleted_at <= (act.ended_at or act.at) + SKEW
