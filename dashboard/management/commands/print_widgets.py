"""Prints every kind of widget with its options: the end of docs/widgets.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dashboard.widgets.listing import listing


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(listing(), ending="")
