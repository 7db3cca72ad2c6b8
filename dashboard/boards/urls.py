"""The addresses of the pages with numbers."""

from __future__ import annotations

from django.urls import path

from dashboard.boards.history_views import export_page
from dashboard.boards.supervisor_views import supervisor
from dashboard.boards.views import wall

urlpatterns = [
    path("history/", export_page, name="history"),
    path("", supervisor, name="supervisor"),
    path("wall/<slug:slug>/", wall, name="wall"),
]
