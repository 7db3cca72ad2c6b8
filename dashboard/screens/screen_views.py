"""The page that a TV runs for months: the first board of what it shows; the rest comes over its sockets.

In:  a request with a screen's cookie. Out: the wall, a page that waits for a board, or a notice that goes on by itself. No key is ever in
the page.
"""

from __future__ import annotations

import logging

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from dashboard.accounts.access import SCREEN_COOKIE, remember_screen, screen_of
from dashboard.boards import notice
from dashboard.boards.opening import opening
from dashboard.boards.page import carried
from dashboard.boards.tv_language import language_of
from dashboard.live.tiles import board_widgets
from dashboard.live.version import served_version
from dashboard.models import Board

logger = logging.getLogger(__name__)


@never_cache
@gzip_page
@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """What this screen shows. Without a cookie it is a TV that was never paired; with one that is void, it was removed."""
    key = request.COOKIES.get(SCREEN_COOKIE, "")
    if not key:
        return HttpResponseRedirect(reverse("pair"))
    try:
        viewer = screen_of(request)
        if viewer is None:
            response = notice.show(request, notice.REMOVED)
            response.delete_cookie(SCREEN_COOKIE, samesite="Lax")
            return response
        board = Board.objects.filter(slug__in=viewer.board_slugs[:1]).first()
        response = _waiting(request, viewer.name) if board is None else _showing(request, board)
    except DatabaseError as error:
        logger.warning("A screen's page cannot be made: the database does not answer (%s).", type(error).__name__)
        return notice.show(request, notice.NO_DATABASE)
    remember_screen(request, response, key)  # a year from the last time it was loaded, not from the first
    return response


def _showing(request: HttpRequest, board: Board) -> HttpResponse:
    first = opening(board)
    widgets, _ = board_widgets(board)
    context = {"board": board, "opening": first, "version": served_version(), "screen": "yes", **carried(board.language, widgets, first)}
    return render(request, "boards/wall.html", context)


def _waiting(request: HttpRequest, name: str) -> HttpResponse:
    """No board: the same page without one, so that the board appears the moment somebody gives it one."""
    board = Board(slug="", title=name, language=language_of(request))
    context = {"board": board, "opening": None, "version": served_version(), "screen": "yes", **carried(board.language)}
    return render(request, "boards/wall.html", context)
