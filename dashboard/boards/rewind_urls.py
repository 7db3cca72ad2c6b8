"""The addresses of the past of a board."""

from __future__ import annotations

from django.urls import URLPattern, path

from dashboard.boards.rewind_views import rewind, rewind_first, rewind_stage

urlpatterns: list[URLPattern] = [
    path("rewind/", rewind_first, name="rewind"),
    path("rewind/<slug:slug>/", rewind, name="rewind"),
    path("rewind/<slug:slug>/stage/", rewind_stage, name="rewind-stage"),
]
