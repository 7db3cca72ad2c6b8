"""The door of the API: who may ask, and one form for every refusal.

In:  a view that wants a `Viewer`. Out: a Django view that answers 401, 403, 405 or 503 in JSON before, or for, the wrapped one.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from enum import Enum
from typing import Concatenate, ParamSpec

import redis as redis_py
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from dashboard.accounts.access import Viewer, viewer_of
from dashboard.api.answers import ApiError, error
from dashboard.polling.budget import BudgetError

logger = logging.getLogger(__name__)
P = ParamSpec("P")
REDIS_GONE = "Redis does not answer, so there are no live numbers; try again in a moment."


class Allowed(Enum):
    """Who may ask. A token may what its user may."""

    EVERYBODY_KNOWN = "a person, a token or a screen"
    PEOPLE = "a person or a token"
    SUPERVISORS = "a supervisor or an administrator, or a token of one"


def api(allowed: Allowed) -> Callable[[Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Wraps `view(request, viewer, ...)`. Only GET and HEAD: nothing here changes anything, so nothing here needs a CSRF token.

    Exempt from that check, which comes first and would tell a program that POSTs of an old form instead of 405.
    """

    def wrap(view: Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in {"GET", "HEAD"}:
                found = error(405, "method_not_allowed", "This address answers GET only.")
                found["Allow"] = "GET, HEAD"
                return found
            viewer = viewer_of(request)
            if viewer is None:
                return error(401, "unauthenticated", "Log in, or send Authorization: Bearer with a token that is not revoked.")
            if not _may(viewer, allowed):
                return error(403, "forbidden", f"This is for {allowed.value}.")
            try:
                return view(request, viewer, *args, **kwargs)
            except ApiError as refused:
                return error(refused.status, refused.error, str(refused))
            except (redis_py.RedisError, BudgetError) as gone:
                logger.warning("API: Redis does not answer (%s).", type(gone).__name__)
                return error(503, "redis", REDIS_GONE)

        return guarded

    return wrap


def _may(viewer: Viewer, allowed: Allowed) -> bool:
    if allowed is Allowed.SUPERVISORS:
        return viewer.may_supervise
    return allowed is Allowed.EVERYBODY_KNOWN or viewer.kind != "screen"
