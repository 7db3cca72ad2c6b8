"""The pages with numbers on them: a board's wall, and the supervisor's page.

In:  a known viewer. Out: HTML with the first picture in it, before any socket. Without Redis the pages still open, and say so.
A screen comes with `?key=` once: the key goes into a cookie, and the address is clean before anything of it can be kept or sent on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

import redis as redis_py
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.accounts.access import SCREEN_COOKIE, SCREEN_COOKIE_AGE_S, screen_of_key, viewer_of
from dashboard.accounts.first import first_board
from dashboard.api.agents import agents_now
from dashboard.api.frame import current_frame
from dashboard.incidents import box_views
from dashboard.live.version import served_version
from dashboard.models import Board
from dashboard.store.connection import client

logger = logging.getLogger(__name__)

WRONG_KEY = "This address's key is not valid (any more). An administrator can make a new one: manage.py create_screen."
OTHER_BOARD = "This screen belongs to another board. An administrator can make an address for this one: manage.py create_screen."


@never_cache
@require_safe
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    """A board, full screen. Strangers log in; a screen sees its own board."""
    if "key" in request.GET:
        return _let_in(request, slug, request.GET["key"])
    viewer = viewer_of(request)
    if viewer is None:
        return redirect_to_login(request.path)
    if not viewer.may_see(slug):
        raise PermissionDenied(OTHER_BOARD)
    board = get_object_or_404(Board, slug=slug)
    response = render(request, "boards/wall.html", {"board": board, "opening": _opening(board), "version": served_version()})
    if viewer.kind == "screen":
        _keep(request, response, request.COOKIES.get(SCREEN_COOKIE, ""))  # a year from the last time it was loaded, not from the first
    return response


@never_cache
@require_safe
@login_required
def supervisor(request: HttpRequest) -> HttpResponse:
    """The first board's numbers at a desk. People who only view get no performance of single agents."""
    board = first_board()
    viewer = viewer_of(request)
    if board is None or viewer is None:
        raise Http404("There is no board yet. `make run` makes one.")
    may_supervise = viewer.may_supervise
    page = {
        "socket": f"/ws/boards/{board.slug}/",
        "agents": reverse("api-agents") + f"?board={board.slug}" if may_supervise else None,
    }
    context = {
        "board": board,
        "viewer": viewer,
        "may_supervise": may_supervise,
        "page": page,
        "opening": _opening(board),
        "opening_agents": _opening_agents(board) if may_supervise else None,
        "letters": box_views.card() if may_supervise and box_views.in_use() else None,
        "emulated": settings.ENV.emulated,
        "version": served_version(),
    }
    return render(request, "supervisor/page.html", context)


def _let_in(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    viewer = screen_of_key(key)
    if viewer is None or not viewer.may_see(slug):
        raise PermissionDenied(WRONG_KEY)
    response = HttpResponseRedirect(reverse("wall", args=[slug]), headers={"Referrer-Policy": "no-referrer"})
    _keep(request, response, key)
    return response


def _keep(request: HttpRequest, response: HttpResponse, key: str) -> None:
    response.set_cookie(SCREEN_COOKIE, key, max_age=SCREEN_COOKIE_AGE_S, httponly=True, samesite="Lax", secure=request.is_secure())


def _opening(board: Board) -> Mapping[str, object] | None:
    """The first picture; None when Redis is gone: the page then opens as not live and asks on its own."""
    try:
        stored = current_frame(client(), board, timezone.now())
    except redis_py.RedisError as error:
        logger.warning("The page of board %s opens without numbers: Redis does not answer (%s).", board.slug, type(error).__name__)
        return None
    return None if stored is None else {"seq": stored.seq, "at": stored.at, "frame": stored.frame}


def _opening_agents(board: Board) -> Mapping[str, object] | None:
    try:
        return agents_now(client(), board, timezone.now())
    except redis_py.RedisError:  # `_opening` has just logged it
        return None
