"""What somebody sees when there is no page to see: HTML for people, JSON for programs, one plain sentence either way.

In:  a request that failed. Out: 400, 403, 404, 413, 500 or 503. Must not tell how the program is made, or need anything that may be broken.
"""

from __future__ import annotations

import sys

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.api.answers import error
from dashboard.store.database_faults import fault_of

FOR_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")
OF_TVS = ("/wall/", "/screen/", "/pair/")
NO_PAGE = "There is nothing at this address."
NO_WAY = "You may not see this page."
TOO_LARGE = "What was sent is larger than anything that belongs here, so it was not read."
NO_DATABASE = "Queuelight's database {fault}. So this was not done; try again in a minute."
TRY_AGAIN_S = 30


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also the answer to a host name that ALLOWED_HOSTS does not hold, and to a request that is too large."""
    if isinstance(exception, RequestDataTooBig):
        return _say(request, 413, "too_large", "Too large", TOO_LARGE)
    message = "This request is not one that Queuelight can answer. If the address is right, its host name is missing in ALLOWED_HOSTS."
    return _say(request, 400, "bad_request", "Bad request", message)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = str(exception) if isinstance(exception, PermissionDenied) and exception.args else NO_WAY
    return _say(request, 403, "forbidden", "Not allowed", message)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    own = isinstance(exception, Http404) and len(exception.args) == 1 and isinstance(exception.args[0], str)
    message = exception.args[0] if own and not request.path.startswith(FOR_PROGRAMS) else NO_PAGE
    return _say(request, 404, "not_found", "Not found", message)


def server_error(request: HttpRequest) -> HttpResponse:
    """Also the answer while the database is locked, gone or refuses to write: that is no mistake of this request, which may come again."""
    raised = sys.exc_info()[1]
    if raised is not None and (fault := fault_of(raised)) is not None:
        return no_database(request, "Not just now", NO_DATABASE.format(fault=fault.value))
    message = "Queuelight could not make this page. The reason is in its log (DATA_DIR/logs/web.log)."
    return _say(request, 500, "server_error", "Something failed", message)


def no_database(request: HttpRequest, heading: str, message: str) -> HttpResponse:
    """503 while the database does not answer, for a view that knows more about what was asked for than that it was not done."""
    answer = _say(request, 503, "database", heading, message)
    answer["Retry-After"] = str(TRY_AGAIN_S)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or sent from another site."""
    return _say(
        request,
        403,
        "csrf",
        "Please try again",
        "This form was open for too long, or cookies are off. Load the page again and send it anew.",
    )


def _say(request: HttpRequest, status: int, word: str, title: str, message: str) -> HttpResponse:
    if request.path.startswith(FOR_PROGRAMS):
        return error(status, word, message)
    # No context processors' data is used by this template: an error page must not ask the database who is there.
    context = {"status": status, "heading": title, "message": message}
    if status >= 500 and request.path.startswith(OF_TVS):  # nobody stands before a TV to press a button
        context["again_s"] = TRY_AGAIN_S
    return render(request, "error.html", context, status=status)
