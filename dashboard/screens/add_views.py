"""Letting a TV in: a supervisor types its code, names it, and gives it something to show.

In:  requests of supervisors and administrators. Out: the form, one sentence for a code that lets nobody in, or the fleet page.
"""

from __future__ import annotations

import logging

import redis as redis_py
from django.contrib import messages
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from dashboard.accounts.first import first_board
from dashboard.accounts.gate import supervisors
from dashboard.incidents.page import page
from dashboard.models import Screen, User
from dashboard.screens import attempts, codes, pairing, shows
from dashboard.screens.naming import isolated, quoted
from dashboard.screens.pair_views import address_of
from dashboard.screens.screen_form import AddForm
from dashboard.store.connection import client

logger = logging.getLogger(__name__)

TOO_MANY = "Too many wrong codes. Wait ten minutes, then type the code that the TV shows by then."
NO_REDIS = "Queuelight cannot count attempts just now (Redis does not answer), so it takes no codes. Try again in a minute."


@supervisors
def add(request: HttpRequest, user: User) -> HttpResponse:
    """The form; `?code=` (the TV's QR code leads here) fills the code in."""
    screen = Screen(paired_by=user.email)
    if request.method != "POST":
        board = first_board()
        initial = {"code": _shown(request.GET.get("code", "")), "shows": shows.value_of(Screen(board=board)) if board else ""}
        return _page(request, user, AddForm(screen=screen, initial=initial))
    form = AddForm(request.POST, screen=screen)
    if not form.is_valid():
        return _page(request, user, form, status=422)
    try:
        refusal = _let_in(request, user, form)
    except redis_py.RedisError as error:
        logger.warning("A code cannot be taken: Redis does not answer (%s).", type(error).__name__)
        refusal = (503, NO_REDIS)
    if refusal is not None:
        status, why = refusal
        form.add_error("code", why)
        return _page(request, user, form, status=status)
    logger.info("Screen %d was paired by %s.", screen.pk, user.email)
    messages.success(request, f"{quoted(screen.name)} is paired. It shows {isolated(shows.in_words(screen))} within seconds.")
    return HttpResponseRedirect(reverse("screens"))


def _let_in(request: HttpRequest, user: User, form: AddForm) -> tuple[int, str] | None:
    """None: the screen is in. Else the status and the sentence. redis.RedisError; DatabaseError."""
    redis, address = client(), address_of(request)
    if not attempts.spend(redis, person_id=user.pk, address=address):
        logger.warning("Too many wrong pairing codes from %s.", user.email)
        return 429, TOO_MANY
    try:
        pairing.let_in(form.cleaned_data["code"], form.screen, timezone.now())
    except pairing.WrongCodeError as error:
        return 422, str(error)
    except DatabaseError:  # nobody has learned whether the code is right
        _give_back(redis, user, address)
        raise
    _give_back(redis, user, address)
    return None


def _give_back(redis: redis_py.Redis, user: User, address: str) -> None:
    try:
        attempts.give_back(redis, person_id=user.pk, address=address)
    except redis_py.RedisError as error:  # one attempt more is counted, and forgotten after ten minutes
        logger.info("An attempt could not be given back (%s).", type(error).__name__)


def _shown(typed: str) -> str:
    """A code from an address as it is read; nothing of what is none."""
    try:
        return codes.spaced(codes.tidy(typed[:20]))
    except codes.CodeError:
        return ""


def _page(request: HttpRequest, user: User, form: AddForm, status: int = 200) -> HttpResponse:
    pair_at = request.build_absolute_uri(reverse("pair"))
    return page(request, user, "screens/add.html", {"here": "screens", "form": form, "pair_at": pair_at}, status=status)
