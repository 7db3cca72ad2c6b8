"""The addresses of the words that a wall speaks, and of what it knows of metrics."""

from __future__ import annotations

from django.urls import URLPattern, path

from dashboard.boards.words_views import metrics, words

urlpatterns: list[URLPattern] = [
    path("words/metrics.json", metrics, name="words-metrics"),
    path("words/<slug:language>.json", words, name="words"),
]
