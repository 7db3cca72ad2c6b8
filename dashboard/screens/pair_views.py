"""The page of a TV that waits to be let in, and what it asks every two seconds.

In:  requests of TVs, which nobody knows. Out: a code and its QR code, then the screen's key in a cookie that no script can read.
The TV keeps a secret of its own in a cookie meanwhile; neither it nor the key is ever in an address, a page or a log.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.accounts.access import SCREEN_COOKIE, remember_screen, screen_of
from dashboard.boards.tv_language import language_of, plain, words_of
from dashboard.live.version import served_version
from dashboard.models import Screen
from dashboard.screens import pairing
from dashboard.screens.pairing import LetIn, Waiting
from dashboard.screens.qr import qr_of

logger = logging.getLogger(__name__)

SECRET_COOKIE = "ql_pair"  # noqa: S105 (a cookie's name)
SECRET_AGE_S = 3600
PRIVATE = ("secret", "key")
STATUS = {"no_database": 503}


@never_cache
@require_safe
def pair(request: HttpRequest) -> HttpResponse:
    """The code, in big type. A TV that was let in already goes on to what it shows; `?again` begins anew all the same."""
    again = "again" in request.GET
    try:
        if not again and screen_of(request) is not None:
            return HttpResponseRedirect(reverse("screen"))
        state = _state(request)
    except DatabaseError as error:
        logger.warning("A screen cannot be paired: the database does not answer (%s).", type(error).__name__)
        state = {"state": "no_database"}
    if state["state"] == "paired":
        return _with_cookies(request, HttpResponseRedirect(reverse("screen")), state)
    language = language_of(request)
    words = words_of(language)
    shown = {name: value for name, value in state.items() if name not in PRIVATE}
    context = {
        "language": language,
        "tag": words.get("language.tag", language),
        "is_rtl": words.get("language.direction") == "rtl",
        "words": words,
        "say": plain(words),
        "state": shown,
        "code": list(state.get("code", "") or "      "),
        "qr": state.get("qr"),
        "address": _type_at(request).partition("://")[2].rstrip("/"),
        "version": served_version(),
    }
    page = render(request, "screens/pair.html", context, status=STATUS.get(state["state"], 200))
    return _with_cookies(request, page, state)


@never_cache
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """What became of the code, as JSON: `state` is waiting (with `code`, `left_s`, `qr`), paired (with `to`) or no_database."""
    try:
        state = _state(request)
    except DatabaseError as error:
        logger.info("A screen that waits cannot be answered: the database does not answer (%s).", type(error).__name__)
        state = {"state": "no_database"}
    body = {name: value for name, value in state.items() if name not in PRIVATE}
    body["version"] = served_version()
    if state["state"] == "paired":
        body["to"] = reverse("screen")
    return _with_cookies(request, JsonResponse(body, status=STATUS.get(state["state"], 200)), state)


def _state(request: HttpRequest) -> dict[str, Any]:
    """How it stands with the TV of this request; `secret` and `key` are for cookies alone. DatabaseError."""
    now = timezone.now()
    answer = pairing.ask(request.COOKIES.get(SECRET_COOKIE, ""), now)
    if isinstance(answer, LetIn):
        _forget_former(request, answer)
        return {"state": "paired", "key": answer.key}
    if answer is not None:
        return _waiting(request, answer)
    answer, secret = pairing.begin(address_of(request), now)
    return {**_waiting(request, answer), "secret": secret}


def _waiting(request: HttpRequest, waiting: Waiting) -> dict[str, Any]:
    qr = qr_of(f"{_type_at(request)}?code={waiting.code}")
    return {"state": "waiting", "code": waiting.code, "left_s": round(waiting.left_s), "qr": {"side": qr.side, "path": qr.path}}


def _with_cookies(request: HttpRequest, response: HttpResponse, state: dict[str, Any]) -> HttpResponse:
    if "secret" in state:
        response.set_cookie(
            SECRET_COOKIE, state["secret"], max_age=SECRET_AGE_S, httponly=True, samesite="Lax", secure=request.is_secure(), path="/pair/"
        )
    if "key" in state:
        # The secret stays until its time is over: if this answer is lost on its way, the TV asks again with it.
        remember_screen(request, response, state["key"])
    return response


def _forget_former(request: HttpRequest, answer: LetIn) -> None:
    """A TV that was paired before and is paired again gives up its former key with the cookie: nobody can use that screen any more."""
    former = screen_of(request) if SCREEN_COOKIE in request.COOKIES else None
    if former is not None and former.id != answer.screen_id:
        Screen.objects.filter(pk=former.id, revoked_at=None).update(revoked_at=timezone.now())
        logger.info("Screen %d was paired anew as screen %d.", former.id, answer.screen_id)


def _type_at(request: HttpRequest) -> str:
    """Where the code is typed in, as an address for another device."""
    return request.build_absolute_uri(reverse("screen-add"))


def address_of(request: HttpRequest) -> str:
    """The client's address: the connection's, or what a proxy on this machine says (uvicorn's forwarded_allow_ips; launch/web.py)."""
    return str(request.META.get("REMOTE_ADDR", ""))[:60]
