"""The addresses of the words that a wall speaks."""

from __future__ import annotations

from django.urls import URLPattern, path

from dashboard.boards.words_views import words

urlpatterns: list[URLPattern] = [path("words/<slug:language>.json", words, name="words")]
