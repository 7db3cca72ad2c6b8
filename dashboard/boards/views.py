"""A board's wall, full screen.

In:  a known viewer. Out: HTML with the first picture in it, before any socket. Without Redis or the database the page still opens, and
says so.
A screen comes with `?key=` once: the key goes into a cookie, and the address is clean before anything of it can be kept or sent on.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from dashboard.accounts.access import SCREEN_COOKIE, remember_screen, screen_of_key, viewer_of
from dashboard.boards import boards_views, notice
from dashboard.boards.opening import opening
from dashboard.boards.page import carried
from dashboard.live.tiles import board_widgets
from dashboard.live.version import served_version

logger = logging.getLogger(__name__)

WRONG_KEY = "This address's key is not valid (any more). An administrator can make a new one: manage.py create_screen."


@never_cache
@gzip_page
@require_safe
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    """A board, full screen. Strangers log in; a screen sees its own board. While the database does not answer, the page tries again by
    itself: a TV that was turned on just then has nobody in front of it."""
    if "key" in request.GET:
        return _let_in(request, slug, request.GET["key"])
    try:
        return _shown(request, slug)
    except DatabaseError as error:
        logger.warning("The wall of %s cannot be made: the database does not answer (%s).", slug, type(error).__name__)
        return notice.show(request, replace(notice.NO_DATABASE, to=request.path))


def _shown(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request)
    if viewer is None:
        # A TV whose key was taken away has nobody in front of it to log in: its own page says so, and lets it be paired again.
        return HttpResponseRedirect(reverse("screen")) if SCREEN_COOKIE in request.COOKIES else redirect_to_login(request.path)
    if not viewer.may_see(slug):  # another board, or one that was renamed or deleted since: the screen goes to what it shows now
        return notice.show(request, notice.OTHER_BOARD)
    board = boards_views.found(slug)
    first = opening(board)
    widgets, _ = board_widgets(board)
    paired = viewer.kind == "screen"
    context = {"board": board, "opening": first, "version": served_version(), "screen": paired, **carried(board.language, widgets, first)}
    response = render(request, "boards/wall.html", context)
    if paired and (key := request.COOKIES.get(SCREEN_COOKIE, "")):
        remember_screen(request, response, key)  # a year from the last time it was loaded, not from the first
    return response


def _let_in(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    viewer = screen_of_key(key)
    if viewer is None or not viewer.may_see(slug):
        raise PermissionDenied(WRONG_KEY)
    response = HttpResponseRedirect(reverse("wall", args=[slug]), headers={"Referrer-Policy": "no-referrer"})
    remember_screen(request, response, key)
    return response
