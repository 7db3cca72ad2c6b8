"""The editor of a board's tiles: its page, the preview inside it, drafts with real data, saving; and pictures.

In:  requests of supervisors and administrators. Out: pages, and JSON for the editor's scripts (static/js/editor).
A draft is composed, never stored; what is saved is on the screens at once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

import redis as redis_py
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dashboard.accounts.access import viewer_of
from dashboard.accounts.gate import supervisors
from dashboard.api.answers import answer, error
from dashboard.boards import board_saving, draft, images
from dashboard.boards.board_choices import DISTANCES_M
from dashboard.boards.board_saving import ChangedMeanwhileError
from dashboard.boards.boards_views import found
from dashboard.boards.editor_facts import facts, image_facts
from dashboard.boards.page import carried
from dashboard.incidents.page import page, said
from dashboard.models import Board, BoardImage, User
from dashboard.models.board import Profile
from dashboard.polling.budget import BudgetError
from dashboard.store.connection import client
from dashboard.widgets import defaults, layout
from dashboard.widgets.kind import Json

logger = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
NO_JSON = "This is not what the editor sends: it must be JSON with widgets, distance_m and revision."
GONE = "This board is not at this address any more: somebody has deleted it or renamed it. Your version is kept in this browser."
NO_DATA = "There is no live data just now (Redis does not answer); what you change is kept here and can be saved."
IMMUTABLE = "private, max-age=31536000, immutable"


class BadRequestError(ValueError):
    """What was sent cannot be read; the message is one sentence."""


@require_safe
@supervisors
def editor(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    board = found(slug)
    shown = board_saving.showing(board)
    context = {
        "here": "boards",
        "board": board,
        "screens_count": len(shown.screens),
        "start": {
            **_state_of(board),
            "slug": board.slug,
            "title": board.title,
            "screen_inches": board.screen_inches,
            "profile": board.profile,
            "screens": list(shown.screens),
            "addresses": {name: reverse(f"board-{name}", args=[slug]) for name in ("draft", "preview", "save")}
            | {"images": reverse("images")},
            "token_cookie": settings.CSRF_COOKIE_NAME,
        },
        "facts": facts(),
        "token": get_token(request),
    }
    return page(request, user, "boards/editor.html", context)


@require_safe
@supervisors
def preview(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """The wall inside the editor: it draws what the editor tells it (static/js/preview.js), and asks nobody by itself."""
    board = found(slug)
    return render(request, "boards/preview.html", {"board": board, **carried(board.language)})


@require_POST
@supervisors
def draft_frame(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """`{"frame", "problems", "warnings"}` of the widgets that were sent, as of now."""
    board = found(slug)
    try:
        given = _given(request)
        distance_m = _distance_m(given)
    except BadRequestError as refused:
        return error(400, "bad_request", str(refused))
    now = timezone.now()
    try:
        made = draft.composed(client(), board, given.get("widgets"), distance_m, now)
    except (redis_py.RedisError, BudgetError) as gone:
        logger.warning("A draft of board %s has no data: Redis does not answer (%s).", slug, type(gone).__name__)
        return error(503, "redis", NO_DATA)
    return answer(
        {
            "at_ms": int(now.timestamp() * 1000),
            "frame": made.frame,
            "problems": [remark.as_json() for remark in made.problems],
            "warnings": [remark.as_json() for remark in made.warnings],
        }
    )


@require_POST
@supervisors
def save(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """200 with the new revision; 409 with the other version when somebody saved meanwhile; 410: the board is gone; 422 with problems."""
    board = Board.objects.filter(slug=slug).first()
    if board is None:
        return error(410, "gone", GONE)
    try:
        given = _given(request)
        distance_m, revision = _distance_m(given), given.get("revision")
        if not isinstance(revision, int) or isinstance(revision, bool):
            raise BadRequestError(NO_JSON)
        widgets = _kept(given.get("widgets"))
    except BadRequestError as refused:
        return error(400, "bad_request", str(refused))
    except layout.LayoutError as wrong:
        remarks = [remark.as_json() for remark in draft.problems(given.get("widgets"))]
        return answer({"error": "layout", "message": wrong.problems[0], "problems": remarks}, 422)
    try:
        saved = board_saving.save(board, {"widgets": widgets, "distance_m": distance_m}, revision=revision, by=user.email)
    except ChangedMeanwhileError as changed:
        if changed.board is None:
            return error(410, "gone", GONE)
        theirs = {**_state_of(changed.board), "by": changed.board.changed_by, "when": said(changed.board.changed_at)}
        return answer({"error": "changed", "message": str(changed), "theirs": theirs}, 409)
    return answer({"revision": saved.revision, "screens": list(board_saving.showing(saved).screens), "widgets": widgets})


@supervisors
def upload(request: HttpRequest, user: User) -> HttpResponse:
    """Keeps a picture; answers with its digest, name and size, or with one sentence that says why not."""
    if request.method != "POST":
        return error(405, "method_not_allowed", "Pictures are sent here with POST.")
    given = request.FILES.get("file")
    try:
        if given is None:
            raise images.ImageError("Choose a picture first.")
        if (given.size or 0) > images.MOST_BYTES:
            raise images.ImageError(images.TOO_LARGE)
        kept = images.keep(given.read(), given.name or "", by=user.email)
    except images.ImageError as refused:
        return error(422, "image", str(refused))
    return answer(image_facts(kept))


@require_safe
def image(request: HttpRequest, digest: str) -> HttpResponse:
    """A picture, for whoever may see a board that shows it, and for whoever may put it on one. What is at an address never changes."""
    viewer = viewer_of(request)
    if viewer is None:
        return error(401, "unauthenticated", "Log in, or pair this screen.")
    kept = BoardImage.objects.filter(digest=digest).first()
    if kept is None or not images.may_see(viewer, kept):  # one answer, so that nobody learns which pictures there are
        return error(404, "not_found", "There is no such picture (any more).")
    return HttpResponse(
        bytes(kept.content),
        content_type=kept.content_type,
        headers={"Cache-Control": IMMUTABLE, "Content-Security-Policy": "default-src 'none'; sandbox", "Content-Disposition": "inline"},
    )


def _state_of(board: Board) -> dict[str, Json]:
    """What an editor begins with. Widgets that cannot be used any more are in it too, so that somebody can mend or remove them."""
    widgets = defaults.standard(people=board.profile != Profile.EXECUTIVE) if board.widgets is None else board.widgets
    return {"revision": board.revision, "widgets": widgets if isinstance(widgets, list) else [], "distance_m": board.distance_m}


def _given(request: HttpRequest) -> Mapping[str, Json]:
    if len(request.body) > MOST_BYTES:
        raise BadRequestError("This board is too large to be one.")
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError) as failed:
        raise BadRequestError(NO_JSON) from failed
    if not isinstance(given, dict):
        raise BadRequestError(NO_JSON)
    return given


def _distance_m(given: Mapping[str, Json]) -> int:
    found_m = given.get("distance_m")
    if not isinstance(found_m, int) or found_m not in dict(DISTANCES_M):
        raise BadRequestError("A board is read from 3, 5 or 8 m.")
    return found_m


def _kept(widgets: Json) -> list[dict[str, Json]]:
    """The checked widgets as they are stored: with upright places only where all have one of their own. LayoutError."""
    read = layout.as_json(layout.read(widgets))
    own = isinstance(widgets, list) and all(isinstance(entry, dict) and entry.get("portrait") is not None for entry in widgets)
    return read if own else [{name: value for name, value in entry.items() if name != "portrait"} for entry in read]
