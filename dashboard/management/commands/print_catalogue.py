"""`manage.py print_catalogue`: every metric as a Markdown table, which docs/metrics.md contains and a test compares."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dashboard.domain.catalogue import CATALOGUE, Metric

HEAD = ("| metric | shown as | unit | feed | plan | what it says | formula |", "|---|---|---|---|---|---|---|")
UNIT_WORDS = {"count": "count", "s": "seconds", "ratio": "ratio 0..1"}


def row(metric: Metric) -> str:
    """One line of the table. A vendor's own number has no formula."""
    cells = (
        f"`{metric.name}`",
        metric.label,
        UNIT_WORDS[metric.unit.value],
        f"`{metric.endpoint.value}`",
        "Professional" if metric.plan.value == "professional" else "all",
        metric.definition,
        f"`{metric.formula}`" if metric.formula else "as sent",
    )
    return f"| {' | '.join(cells)} |"


class Command(BaseCommand):
    help = "Prints every metric of the catalogue as a Markdown table."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in (*HEAD, *(row(metric) for metric in CATALOGUE.values())):
            self.stdout.write(line)
