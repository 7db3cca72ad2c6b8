"""What somebody sees when there is no page to see: HTML for people, JSON for programs, one plain sentence either way.

In:  a request that failed. Out: 400, 403, 404 or 500. Must not tell how the program is made, and must not need anything that may be broken.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.api.answers import error

FOR_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")
NO_PAGE = "There is nothing at this address."
NO_WAY = "You may not see this page."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also the answer to a host name that ALLOWED_HOSTS does not hold."""
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
    message = "Queuelight could not make this page. The reason is in its log (DATA_DIR/logs/web.log)."
    return _say(request, 500, "server_error", "Something failed", message)


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
    return render(request, "error.html", {"status": status, "heading": title, "message": message}, status=status)
