"""The supervisor's page: one board's numbers at a desk.

In:  somebody who is logged in, and `?board=` where it is not the first. Out: HTML with the first picture in it, before any socket.
Without Redis the page still opens, and says so. People who only view get no performance of single agents.
"""

from __future__ import annotations

from collections.abc import Mapping

import redis as redis_py
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.accounts.access import Viewer, viewer_of
from dashboard.accounts.first import first_board
from dashboard.api.agents import agents_now
from dashboard.boards.day import groups, term
from dashboard.boards.opening import opening
from dashboard.domain.catalogue import CATALOGUE
from dashboard.incidents import box_views
from dashboard.live.tiles import board_remarks, board_widgets
from dashboard.live.version import served_version
from dashboard.models import Board
from dashboard.store.connection import client
from dashboard.words.tables import table

LIBRARY = "vendor/plotly-basic.min.js"
NO_BOARD = "There is no board yet. `make run` makes one."
# The numbers of the queue row and of the day's, with the words that fit there.
QUEUE_ROW = (
    ("longest_wait_time", "Longest wait"),
    ("calls_waiting", "Calls waiting"),
    ("callbacks_waiting", "Callbacks waiting"),
    ("average_wait_time", "Average wait"),
    ("agents_available", "Available"),
    ("agents_on_call", "On call"),
    ("agents_wrap_up", "Wrap-up"),
    ("agents_away", "Away"),
)
DAY_ROW = (
    ("total_calls", "Calls"),
    ("total_inbound_calls", "Inbound"),
    ("abandon_ratio", "Abandoned"),
    ("average_queue_wait_time", "Average queue wait"),
    ("average_time_to_answer", "Time to answer, with greeting"),
    ("average_handle_time", "AHT"),
    ("occupancy_ratio", "Occupancy"),
)

# The same of all tickets and of Kayako, whatever the board shows.
TICKETS_ROW = (
    ("tickets_unsolved", "Unsolved"),
    ("tickets_new", "New"),
    ("sla_breached", "SLA breached"),
    ("sla_breaching_in_60", "Breach within 60 min"),
    ("tickets_created_in_last_hour", "Created, last hour"),
    ("tickets_solved_in_last_hour", "Solved, last hour"),
    ("tickets_net_flow_in_last_hour", "Net flow, last hour"),
    ("first_reply_median_today", "First reply, median"),
)
CASES_ROW = (
    ("cases_unresolved", "Unresolved"),
    ("cases_created_today", "New today"),
    ("cases_resolved_today", "Resolved today"),
    ("first_contact_ratio_today", "At first contact"),
    ("case_first_response_median_today", "First response, median"),
    ("case_resolution_median_today", "Resolution, median"),
)


@never_cache
@require_safe
@login_required
def supervisor(request: HttpRequest) -> HttpResponse:
    """`?board=` chooses one of the boards. 404 with a sentence for one that is not there (any more)."""
    viewer = viewer_of(request)
    board = _chosen(request.GET.get("board", ""))
    if viewer is None:
        raise Http404(NO_BOARD)
    return render(request, "supervisor/page.html", context(board, viewer, list(Board.objects.order_by("title", "slug"))))


def context(board: Board, viewer: Viewer, boards: list[Board]) -> dict[str, object]:
    """All that templates/supervisor/page.html needs."""
    may_supervise = viewer.may_supervise
    agents = reverse("api-agents") + f"?board={board.slug}" if may_supervise else None
    return {
        "board": board,
        "boards": boards,
        "viewer": viewer,
        "may_supervise": may_supervise,
        "page": {
            "socket": f"/ws/boards/{board.slug}/",
            "agents": agents,
            "feeds": reverse("api-feeds"),
            "board": board.slug,
            "boardTitle": board.title,
        },
        "opening": opening(board, supervises=may_supervise),
        "opening_agents": _opening_agents(board) if may_supervise else None,
        "letters": box_views.card() if may_supervise and box_views.in_use() else None,
        "emulated": settings.ENV.emulated,
        "version": served_version(),
        "words": table("en"),
        "wrong": [*board_widgets(board)[1], *board_remarks(board)] if may_supervise else [],
        **fixed(),
        "has_phone": settings.ENV.has_phone,
        **rows_beside(tickets=settings.ENV.zendesk is not None and settings.ENV.tickets, kayako=settings.ENV.kayako is not None),
    }


def rows_beside(*, tickets: bool, kayako: bool) -> dict[str, object]:
    """The rows of what is polled beside the phone, and of whom the feeds are asked; a row that is None is not shown."""
    zendesk = "Zendesk" if tickets else "Zendesk Talk"
    asked = [name for name, is_asked in ((zendesk, settings.ENV.has_phone), ("Kayako", kayako)) if is_asked]
    return {
        "tickets_row": [(term(CATALOGUE[name]), label) for name, label in TICKETS_ROW] if tickets else None,
        "cases_row": [(term(CATALOGUE[name]), label) for name, label in CASES_ROW] if kayako else None,
        "asked": "the emulator" if settings.ENV.emulated else " and ".join(asked),
    }


def fixed() -> dict[str, object]:
    """What is the same for every board: which numbers stand where, and what they mean."""
    return {
        "queue_row": [(term(CATALOGUE[name]), label) for name, label in QUEUE_ROW],
        "day_row": [(term(CATALOGUE[name]), label) for name, label in DAY_ROW],
        "day": groups(),
        "library": staticfiles_storage.url(LIBRARY),
    }


def _chosen(slug: str) -> Board:
    if slug:
        found = Board.objects.filter(slug=slug).first()
        if found is None:
            raise Http404(f"There is no board {slug[:60]!r} (any more).")
        return found
    found = first_board()
    if found is None:
        raise Http404(NO_BOARD)
    return found


def _opening_agents(board: Board) -> Mapping[str, object] | None:
    try:
        return agents_now(client(), board, timezone.now())
    except redis_py.RedisError:  # `opening` has just logged it
        return None
