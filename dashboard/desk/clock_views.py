"""The clocks of one ticket, from the events that the mirror has: a part of its page, and by itself for the page that keeps it fresh.

In:  requests of people who log in. Out: a piece of HTML. Asks the vendor nothing, since it lists no events of a single ticket.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.accounts.gate import people
from dashboard.desk import clock_bars, left, soon
from dashboard.desk.audit import of_ticket
from dashboard.desk.narrowing import LARGEST_ID
from dashboard.desk.patience import is_silent
from dashboard.desk.standing import standing
from dashboard.domain.tickets import EventType, MetricEvent, Minutes, SlaTarget, TicketMetric
from dashboard.incidents.page import page, said
from dashboard.models import DeskAct, KnownEvent, Stream, User
from dashboard.polling.watching import watch_desk
from dashboard.sources.registry import ACCOUNT

MOST_EVENTS = 500
# A change that is older than this is in what is known, or what is known is so old that the page says that instead.
LOOKED_BACK = timedelta(hours=1)
MOST_ACTS = 5
NO_TICKET = "No such ticket is known."
MADE = (DeskAct.State.DONE, DeskAct.State.UNKNOWN, DeskAct.State.RUNNING)


@require_safe
@people
def clocks(request: HttpRequest, user: User, ticket_id: int) -> HttpResponse:
    """The part alone."""
    if not 0 < ticket_id < LARGEST_ID:
        raise Http404(NO_TICKET)
    return page(request, user, "desk/clocks.html", {"ids": (ticket_id,), **clocks_of(ticket_id, timezone.now())})


def clocks_of(ticket_id: int, now: datetime) -> dict[str, Any]:
    """What desk/clocks.html shows, as of `now` (aware). Says, too, that somebody looks at tickets."""
    stands = standing(now)  # first: it finds out whether Redis answers
    if not is_silent():
        watch_desk(now)
    events = list(_events(ticket_id))
    bars = clock_bars.bars(events, now)
    stream = Stream.objects.filter(account=ACCOUNT, name="events").first()
    act = _last_act(ticket_id, now)
    return {
        "bars": bars,
        "begin": said(bars.begin) if bars is not None else "",
        "end": said(bars.end) if bars is not None else "",
        "events": [(said(each.at), each) for each in clock_bars.told(events, now)],
        "events_as_of": read_at_said(stream, now),
        "not_in": _not_in(act, stream),
        "last_act": f"{act.pk} {act.state}" if act is not None else "",
        "signs": stands.signs,
        "now": now,
    }


def read_at_said(stream: Stream | None, now: datetime) -> str:
    """When that stream was read last, and how long ago; empty: never."""
    if stream is None or stream.read_at is None:
        return ""
    return f"{said(stream.read_at, seconds=True)}, {left.span(int((now - stream.read_at).total_seconds()))} ago"


def _last_act(ticket_id: int, now: datetime) -> DeskAct | None:
    """The latest act on this ticket that was made, or may have been, or is under way."""
    lately = DeskAct.objects.filter(account=ACCOUNT, at__gt=now - LOOKED_BACK)
    for act in of_ticket(ticket_id, lately, MOST_ACTS):
        if act.state in MADE and ticket_id not in {item[0] for item in act.failed}:
            return act
    return None


def _not_in(act: DeskAct | None, stream: Stream | None) -> str:
    """That the latest change is not in the clocks yet; empty: it is, or no clock is known at all."""
    if act is None or stream is None or stream.caught_up_at is None:
        return ""
    as_of = f"Clocks as of {said(stream.caught_up_at, seconds=True)}"
    changed_at = act.ended_at or act.at
    if act.state == DeskAct.State.RUNNING:
        return f"{as_of}; the change of {said(changed_at, seconds=True)} is still under way at Zendesk."
    if soon.is_in(changed_at, stream.caught_up_at):
        return ""
    return f"{as_of}; the change of {said(changed_at, seconds=True)} is not in them yet. They come by themselves."


def _events(ticket_id: int) -> Iterable[MetricEvent]:
    """What the mirror keeps of the ticket's clocks."""
    for row in KnownEvent.objects.filter(account=ACCOUNT, ticket_id=ticket_id).order_by("event_id")[:MOST_EVENTS]:
        if row.metric not in set(TicketMetric):
            continue
        sla = SlaTarget(row.target_min, row.business_hours, row.policy_id, row.policy_title) if row.target_min is not None else None
        is_measured = row.calendar_min is not None or row.business_min is not None
        yield MetricEvent(
            row.event_id,
            row.ticket_id,
            TicketMetric(row.metric),
            row.instance,
            EventType(row.type) if row.type in set(EventType) else None,
            row.at,
            sla,
            Minutes(row.calendar_min, row.business_min) if is_measured else None,
            row.deleted,
        )
