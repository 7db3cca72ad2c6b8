"""The pages of boards: the list, a new one, settings, copies, the question before deleting; export and import.

In:  requests of people who log in; changes are for supervisors and administrators. Out: pages that work without scripts.
"""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dashboard.accounts.gate import people, supervisors
from dashboard.alerts.scopes import known
from dashboard.boards import board_file, board_saving, boards_list
from dashboard.boards.board_choices import ABOUT_PROFILES, NAMES_OF, PROFILES
from dashboard.boards.board_form import BoardForm, initial_of
from dashboard.boards.board_saving import ChangedMeanwhileError, LastBoardError
from dashboard.incidents.page import page, said
from dashboard.models import Board, User
from dashboard.models.board import Names, Profile
from dashboard.store.connection import client

NOT_FOUND = "There is no such board (any more)."
NO_FILE = "Choose a file first: one that a board's “Export” gave, such as main.queuelight.json."
MOST_LEFT_OUT = 12  # sentences on the page; a file that is all wrong needs no hundred of them


@require_safe
@people
def boards(request: HttpRequest, user: User) -> HttpResponse:
    """Every board: for whom it is, what is on it, where it is shown, what is wrong on it now."""
    return page(request, user, "boards/list.html", {"here": "boards", "rows": boards_list.rows(client(), timezone.now())})


@supervisors
def new(request: HttpRequest, user: User) -> HttpResponse:
    """A board for a floor, unless somebody chooses otherwise; the editor comes next."""
    board = Board(profile=Profile.FLOOR, names=Names.FIRST)
    if request.method != "POST":
        return _form_page(request, user, BoardForm(board=board, known=known(board.account), initial=initial_of(board)))
    form = BoardForm(request.POST, board=board, known=known(board.account))
    if not form.is_valid():
        return _form_page(request, user, form, status=422)
    for name, value in form.settings.items():
        setattr(board, name, value)
    try:
        board_saving.create(board, by=user.email)
    except IntegrityError:
        form.add_error("slug", "Another board got this address just now; choose another one.")
        return _form_page(request, user, form, status=409)
    return HttpResponseRedirect(reverse("board-edit", args=[board.slug]))


@supervisors
def settings(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """A board's settings; its tiles are the editor's."""
    board = found(slug)
    if request.method != "POST":
        return _form_page(request, user, BoardForm(board=board, known=known(board.account), initial=initial_of(board)))
    form = BoardForm(request.POST, board=board, known=known(board.account))
    if not form.is_valid():
        return _form_page(request, user, form, status=422)
    try:
        saved = board_saving.save(board, form.settings, revision=form.cleaned_data["revision"], by=user.email)
    except ChangedMeanwhileError as error:
        form.add_error(None, f"{error} Load the page again to see it as it is now.")
        return _form_page(request, user, form, status=409)
    except IntegrityError:
        form.add_error("slug", "Another board got this address just now; choose another one.")
        return _form_page(request, user, form, status=409)
    shown = board_saving.showing(saved)
    messages.success(request, f"“{saved.title}” is saved{_on(len(shown.screens))}.")
    return HttpResponseRedirect(reverse("boards"))


@require_POST
@supervisors
def copy(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    board = found(slug)
    made = board_saving.copy(board, by=user.email)
    messages.success(request, f"“{made.title}” is a copy of “{board.title}”; it is on no screen yet.")
    return HttpResponseRedirect(reverse("board", args=[made.slug]))


@supervisors
def delete(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """GET asks and names the screens, POST deletes."""
    board = found(slug)
    if request.method == "POST":
        try:
            shown = board_saving.delete(board, by=user.email)
        except LastBoardError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("boards"))
        waiting = "" if shown.playlists or not shown.screens else f" {_named(shown.screens)} for another board."
        messages.success(request, f"“{board.title}” is deleted.{waiting}")
        return HttpResponseRedirect(reverse("boards"))
    context = {"here": "boards", "board": board, "shown": board_saving.showing(board), "is_last": Board.objects.count() == 1}
    return page(request, user, "boards/delete.html", context)


@require_safe
@people
def export(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """The board as a file to keep or to carry to another installation."""
    board = found(slug)
    response = HttpResponse(board_file.exported(board), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{board.slug}.queuelight.json"'
    return response


@supervisors
def import_file(request: HttpRequest, user: User) -> HttpResponse:
    """GET asks for a file, POST makes a board of it and says what of it was left out."""
    if request.method != "POST":
        return page(request, user, "boards/import.html", {"here": "boards"})
    given = request.FILES.get("file")
    try:
        if given is None:
            raise board_file.BoardFileError(NO_FILE)
        if (given.size or 0) > board_file.MOST_BYTES:
            raise board_file.BoardFileError(board_file.TOO_LARGE)
        made = board_file.imported(given.read(), by=user.email)
        board_saving.create_anew(made.board, made.board.slug, by=user.email)
    except board_file.BoardFileError as error:
        return page(request, user, "boards/import.html", {"here": "boards", "problem": str(error)}, status=422)
    messages.success(request, f"“{made.board.title}” is imported; its address is /wall/{made.board.slug}/. It is on no screen yet.")
    for sentence in made.left_out[:MOST_LEFT_OUT]:
        messages.warning(request, f"Not as in the file: {sentence}")
    if len(made.left_out) > MOST_LEFT_OUT:
        messages.warning(request, f"… and {len(made.left_out) - MOST_LEFT_OUT} more that could not be used.")
    return HttpResponseRedirect(reverse("board", args=[made.board.slug]))


def found(slug: str) -> Board:
    """The board, or the page that says there is none."""
    board = Board.objects.filter(slug=slug).first()
    if board is None:
        raise Http404(NOT_FOUND)
    return board


def _form_page(request: HttpRequest, user: User, form: BoardForm, *, status: int = 200) -> HttpResponse:
    board = form.board
    context: dict[str, Any] = {
        "here": "boards",
        "form": form,
        "board": board,
        "shown": board_saving.showing(board) if board.pk else None,
        "changed": said(board.changed_at) if board.pk else "",
        "zones": sorted(zoneinfo.available_timezones()),
        "audiences": [
            (radio, ABOUT_PROFILES[value], " ".join(NAMES_OF[value])) for radio, (value, _) in zip(form["profile"], PROFILES, strict=True)
        ],
    }
    return page(request, user, "boards/settings.html", context, status=status)


def _on(screens_count: int) -> str:
    if screens_count == 0:
        return ""
    return " and on its screen" if screens_count == 1 else f" and on its {screens_count} screens"


def _named(names: tuple[str, ...]) -> str:
    """ "Screen “A” waits", "Screens “A”, “B” wait"."""
    quoted = ", ".join(f"“{name}”" for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"Screen {quoted} waits" if len(names) == 1 else f"Screens {quoted}{more} wait"
