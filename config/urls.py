"""The addresses of design: pages, API, health."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path

from dashboard.api.health import healthz, readyz
from dashboard.api.prometheus import prometheus


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Browsers ask here for pages that name no icon, such as JSON ones."""
    return HttpResponseRedirect(static("favicon.svg"))


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("dashboard.boards.urls")),
    path("", include("dashboard.boards.boards_urls")),
    path("", include("dashboard.boards.rewind_urls")),
    path("", include("dashboard.boards.words_urls")),
    path("", include("dashboard.screens.urls")),
    path("", include("dashboard.desk.urls")),
    path("", include("dashboard.incidents.urls")),
    path("", include("dashboard.incidents.rules_urls")),
    path("", include("dashboard.incidents.mail_urls")),
    path("", include("dashboard.accounts.urls")),
    path("api/v1/", include("dashboard.api.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", prometheus, name="metrics"),
    path("favicon.ico", favicon),
]

handler400 = "dashboard.boards.errors.bad_request"
handler403 = "dashboard.boards.errors.forbidden"
handler404 = "dashboard.boards.errors.not_found"
handler500 = "dashboard.boards.errors.server_error"
