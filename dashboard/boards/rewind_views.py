"""The past of a board: a page that plays it, and the picture inside that page.

In:  a board, `?at=` a moment, `?speed=`. Out: HTML; the frames come from /api/v1/boards/<slug>/past.
People alone: a screen shows what is now.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import redis as redis_py
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from dashboard.accounts.first import first_board
from dashboard.accounts.gate import people
from dashboard.alerts.shown_on import shows
from dashboard.boards import boards_views
from dashboard.boards.page import carried
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint
from dashboard.history.marks import begins_at
from dashboard.incidents.page import page
from dashboard.models import Board, User
from dashboard.polling.feeds import board_feeds
from dashboard.store.connection import client
from dashboard.words.tables import table

SPEEDS = (1, 2, 5, 10, 30, 60)
ZOOMS = ((1, "1 h"), (6, "6 h"), (24, "24 h"), (48, "48 h"), (28 * 24, "28 d"))
# Where somebody who names no moment begins, where the history does not begin later.
BEFORE_NOW = timedelta(minutes=5)
NOT_A_TIME = "That is not a moment: {given!r}. {instead}"
NOT_YET = "{given} has not come yet. {instead}"
NOT_ON_IT = "“{label}” is on no tile of this board. The incident’s own page has its picture."
TOO_EARLY = "The history of this board begins here: nothing is known of {given}."


@require_safe
@people
def rewind_first(request: HttpRequest, user: User) -> HttpResponse:
    """To the first board, at the same moment."""
    board = first_board()
    if board is None:
        raise Http404("There is no board yet. `make run` makes one.")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("rewind", args=[board.slug]) + query)


@require_safe
@people
def rewind(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """`?at=` ISO 8601 (default: five minutes ago), `?speed=` one of SPEEDS, `?metric=` what somebody comes to look at. What is wrong with
    them, and a metric that the board does not show, is said on the page."""
    board = boards_views.found(slug)
    now = timezone.now()
    begin = _begin(board)
    at, problem = moment(request.GET.get("at", ""), begin, now)
    speed = request.GET.get("speed", "1")
    metric = CATALOGUE.get(request.GET.get("metric", ""))
    zone = board.time_zone or settings.ACCOUNT_TIME_ZONE
    context = {
        "here": "rewind",
        "board": board,
        "boards": Board.objects.order_by("title", "slug"),
        "begin": begin,
        "problem": problem,
        "not_on_it": NOT_ON_IT.format(label=metric.label) if metric is not None and not shows(board, metric.name) else "",
        "speeds": SPEEDS,
        "zooms": ZOOMS,
        "zone": zone,
        "typed": f"{at.astimezone(zoneinfo.ZoneInfo(zone)):%Y-%m-%dT%H:%M:%S}",
        "words": table(board.language),
        "page": {
            "slug": board.slug,
            "language": board.language,
            "at_ms": _ms(at),
            "now_ms": _ms(now),
            "begin_ms": None if begin is None else _ms(begin),
            "speed": int(speed) if speed.isascii() and speed.isdigit() and int(speed) in SPEEDS else 1,
            "zone": zone,
            "past": reverse("api-past", args=[board.slug]),
            "marks": reverse("api-past-marks", args=[board.slug]),
            "wait": f"{reverse('api-history', args=['longest_wait_time'])}?board={board.slug}",
            "incident": reverse("incident", args=[0]),
        },
    }
    return page(request, user, "boards/rewind.html", context)


@require_safe
@people
def rewind_stage(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """The board inside that page: it draws what the page tells it (static/js/preview.js), and asks nobody by itself."""
    board = boards_views.found(slug)
    return render(request, "boards/preview.html", {"board": board, **carried(board.language)})


def moment(given: str, begin: datetime | None, now: datetime) -> tuple[datetime, str]:
    """The moment to begin with (aware UTC), and what is wrong with the one that was given; empty: nothing."""
    default, instead = now - BEFORE_NOW, "This is five minutes ago."
    if begin is not None and begin > default:
        default, instead = begin, "The history of this board begins here."
    if not given:
        return default, ""
    try:
        found = parse_datetime(given.replace(" ", "+"))  # a plus sign that nobody escaped comes as a space
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1970 < found.year < 9999:
        return default, NOT_A_TIME.format(given=given[:60], instead=instead)
    if found > now:
        return default, NOT_YET.format(given=given[:60], instead=instead)
    if begin is not None and found < begin:
        return begin, TOO_EARLY.format(given=given[:60])
    return found.astimezone(UTC), ""


def _begin(board: Board) -> datetime | None:
    feed = board_feeds(board)[Endpoint.QUEUE]
    try:
        return begins_at(client(), feed)
    except redis_py.RedisError:  # the page opens all the same, and its frames say what is wrong
        return begins_at(None, feed)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
