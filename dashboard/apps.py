"""The app's entry in Django."""

from __future__ import annotations

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = "Queuelight"

    def ready(self) -> None:
        # Only now are there models to watch.
        from dashboard.screens.changes import watch_changes

        watch_changes()
