"""The pages of playlists: the list, one of them, the question before deleting.

In:  requests of supervisors and administrators. Out: pages that work without scripts; screens learn of a change within a second.
"""

from __future__ import annotations

import logging

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from dashboard.accounts.gate import supervisors
from dashboard.domain.amounts import clock
from dashboard.incidents.page import page
from dashboard.models import Playlist, PlaylistItem, User
from dashboard.screens.naming import isolated, quoted
from dashboard.screens.playlist_form import Line, PlaylistForm, lines_of, moved, typed_lines

logger = logging.getLogger(__name__)

GONE = "There is no such playlist (any more)."
EMPTY_LINES = 2


@supervisors
def playlists(request: HttpRequest, user: User) -> HttpResponse:
    """Every playlist: its boards in order, and the screens that show it."""
    found = Playlist.objects.prefetch_related("items__board", "screens").order_by("name", "pk")
    rows = [
        {
            "playlist": playlist,
            "items": list(playlist.items.all()),
            "round": clock(sum(item.seconds for item in playlist.items.all())),
            "screens": [screen.name for screen in playlist.screens.all() if screen.revoked_at is None],
        }
        for playlist in found
    ]
    return page(request, user, "screens/playlists.html", {"here": "screens", "rows": rows})


@supervisors
def new(request: HttpRequest, user: User) -> HttpResponse:
    """A playlist that there is not yet."""
    return _edit(request, user, Playlist())


@supervisors
def edit(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A playlist as it is, and its changes."""
    return _edit(request, user, _found(pk))


@supervisors
def delete(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Asks once, and names the screens that show it."""
    playlist = _found(pk)
    names = list(playlist.screens.filter(revoked_at=None).order_by("name").values_list("name", flat=True))
    if request.method != "POST":
        who = (
            "No screen shows it."
            if not names
            else f"{_listed(names)} {'shows' if len(names) == 1 else 'show'} it, and will wait for a board."
        )
        context = {
            "here": "screens",
            "heading": f"Delete the playlist {quoted(playlist.name)}?",
            "text": f"{who} The boards stay.",
            "button": "Delete it",
            "back": reverse("playlists"),
        }
        return page(request, user, "rules/ask.html", context)
    playlist.delete()
    logger.info("Playlist %d was deleted by %s.", pk, user.email)
    messages.success(request, f"The playlist {quoted(playlist.name)} is deleted.")
    return HttpResponseRedirect(reverse("playlists"))


def _edit(request: HttpRequest, user: User, playlist: Playlist) -> HttpResponse:
    order = request.POST.get("do", "") if request.method == "POST" else ""
    if request.method != "POST":
        lines = lines_of(playlist) or [Line() for _ in range(EMPTY_LINES)]
        form = PlaylistForm(playlist=playlist, lines=lines, initial={"name": playlist.name, "preempts": playlist.preempts})
        return _page(request, user, form)
    if order:  # a button beside a row: nothing is saved yet
        lines = moved(typed_lines(request.POST), order)
        initial = {"name": request.POST.get("name", "")[:200], "preempts": "preempts" in request.POST}
        return _page(request, user, PlaylistForm(playlist=playlist, lines=lines, initial=initial))
    form = PlaylistForm(request.POST, playlist=playlist, lines=typed_lines(request.POST))
    if not form.is_valid():
        return _page(request, user, form, status=422)
    is_new = playlist.pk is None
    with transaction.atomic():
        playlist.name, playlist.preempts = form.cleaned_data["name"], form.cleaned_data["preempts"]
        playlist.save()
        playlist.items.all().delete()
        PlaylistItem.objects.bulk_create(
            PlaylistItem(playlist=playlist, board=board, position=number, seconds=seconds)
            for number, (board, seconds) in enumerate(form.items)
        )
    logger.info("Playlist %d was saved by %s.", playlist.pk, user.email)
    messages.success(request, f"The playlist {quoted(playlist.name)} is {'made' if is_new else 'saved'}.")
    return HttpResponseRedirect(reverse("playlists"))


def _page(request: HttpRequest, user: User, form: PlaylistForm, status: int = 200) -> HttpResponse:
    context = {"here": "screens", "form": form, "playlist": form.playlist, "boards": list(form.boards.values())}
    return page(request, user, "screens/playlist.html", context, status=status)


def _found(pk: int) -> Playlist:
    playlist = Playlist.objects.filter(pk=pk).first()
    if playlist is None:
        raise Http404(GONE)
    return playlist


def _listed(names: list[str]) -> str:
    shown = [isolated(name) for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
