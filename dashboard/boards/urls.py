"""The addresses of the pages with numbers."""

from __future__ import annotations

from django.urls import path

from dashboard.boards.views import supervisor, wall

urlpatterns = [
    path("", supervisor, name="supervisor"),
    path("wall/<slug:slug>/", wall, name="wall"),
]
