"""The addresses of the words that a wall speaks."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
