"""The pages of the fleet: every screen, its settings, and what can be done to it.

In:  requests of people who log in; changes are for supervisors and administrators. Out: pages that work without scripts.
"""

from __future__ import annotations

import logging

import redis as redis_py
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dashboard.accounts.assignment import with_boards
from dashboard.accounts.gate import people, supervisors
from dashboard.incidents.page import page, said
from dashboard.live.version import served_version
from dashboard.models import Playlist, Screen, User
from dashboard.screens import control, fleet
from dashboard.screens.naming import quoted
from dashboard.screens.screen_form import SettingsForm, initial_of
from dashboard.store.connection import client
from dashboard.store.painted import Painted, load_painted

logger = logging.getLogger(__name__)

GONE = "There is no such screen (any more)."
NOT_SENT = "Redis does not answer, so {name} could not be told. Try again in a minute."


@require_safe
@people
def screens(request: HttpRequest, user: User) -> HttpResponse:
    """Every screen in use, as fresh as Redis has it; the page asks for itself anew every few seconds."""
    now = timezone.now()
    painted = _painted()
    rows = fleet.rows(painted, now, version=served_version())
    states = [row.state for row in rows]
    context = {
        "here": "screens",
        "rows": rows,
        "as_of": said(now, seconds=True),
        "silent_count": states.count(fleet.State.SILENT),
        "painting_count": states.count(fleet.State.PAINTING),
        "no_redis": painted is None,
        "playlists_count": Playlist.objects.count(),
        "version": served_version()[:8],
        "pair_at": request.build_absolute_uri(reverse("pair")),
    }
    return page(request, user, "screens/fleet.html", context)


@supervisors
def settings(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A screen's name, what it shows, whether and when it is watched."""
    screen = found(pk)
    if request.method == "POST":
        form = SettingsForm(request.POST, screen=screen)
        if form.is_valid():
            changed = Screen.objects.filter(pk=pk, revoked_at=None).exists()
            if not changed:
                raise Http404(GONE)
            screen.save(
                update_fields=["name", "board", "playlist", "is_watched", "hours_from", "hours_to", "hours_days", "time_zone"],
            )
            logger.info("Screen %d was changed by %s.", pk, user.email)
            messages.success(request, f"{quoted(screen.name)} is saved.")
            return HttpResponseRedirect(reverse("screens"))
        return _settings_page(request, user, form, status=422)
    return _settings_page(request, user, SettingsForm(screen=screen, initial=initial_of(screen, django_settings.ACCOUNT_TIME_ZONE)))


@require_POST
@supervisors
def flash(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The screen says its name in big type."""
    screen = found(pk)
    _say(request, screen, control.flash(client(), screen), f"{quoted(screen.name)} shows its name for {control.FLASH_S} seconds.")
    return HttpResponseRedirect(reverse("screens"))


@require_POST
@supervisors
def reload(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The screen loads its page anew."""
    screen = found(pk)
    logger.info("Screen %d was reloaded by %s.", pk, user.email)
    _say(request, screen, control.reload(client(), screen), f"{quoted(screen.name)} loads its page anew.")
    return HttpResponseRedirect(reverse("screens"))


@supervisors
def remove(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Asks once; then the screen goes dark and its key is void for good."""
    screen = found(pk)
    if request.method != "POST":
        context = {
            "here": "screens",
            "heading": f"Remove {quoted(screen.name)}?",
            "text": "It goes dark within five seconds, and its key is void. Half a minute later it shows a code to be paired again.",
            "button": "Remove it",
            "back": reverse("screens"),
        }
        return page(request, user, "rules/ask.html", context)
    screen.revoked_at = timezone.now()
    screen.save(update_fields=["revoked_at"])
    logger.info("Screen %d was removed by %s.", pk, user.email)
    control.revoke(client(), screen)
    messages.success(request, f"{quoted(screen.name)} was removed. It goes dark within five seconds.")
    return HttpResponseRedirect(reverse("screens"))


def found(pk: int) -> Screen:
    """A screen in use; Http404 with a sentence for people."""
    screen = with_boards().filter(pk=pk).first()
    if screen is None:
        raise Http404(GONE)
    return screen


def _say(request: HttpRequest, screen: Screen, was_sent: bool, done: str) -> None:
    if was_sent:
        messages.success(request, done)
    else:
        messages.error(request, NOT_SENT.format(name=quoted(screen.name)))


def _painted() -> dict[str, Painted] | None:
    """None: Redis does not answer."""
    try:
        return load_painted(client(), [f"screen:{pk}" for pk in Screen.objects.filter(revoked_at=None).values_list("pk", flat=True)])
    except redis_py.RedisError as error:
        logger.warning("What screens paint is not known: Redis does not answer (%s).", type(error).__name__)
        return None


def _settings_page(request: HttpRequest, user: User, form: SettingsForm, status: int = 200) -> HttpResponse:
    kept = Screen.objects.get(pk=form.screen.pk)  # the form has put what was typed into the other one
    row = next((row for row in fleet.rows(_painted(), timezone.now(), version=served_version()) if row.screen.pk == kept.pk), None)
    return page(request, user, "screens/settings.html", {"here": "screens", "form": form, "screen": kept, "row": row}, status=status)
