"""The addresses of boards' lists, settings, editor and pictures."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
