"""The addresses of the past of a board."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
