"""`manage.py bench [push|costs|glass|desk|saved|film|telling|judging|tickets|recall]`: prints each figure beside what is promised."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dashboard.bench import costs, desk, film, glass, judging, push, recall, saved, telling, tickets
from dashboard.bench.browser import NotMeasuredError
from dashboard.bench.figures import table

BENCHMARKS = {
    "push": ("Handing a change to many viewers", push.measure),
    "costs": ("A poll and a tick", costs.measure),
    "glass": ("From the vendor's answer to the glass", glass.measure),
    "desk": ("The supervisor's page with 200 agents, a change every second", desk.measure),
    "saved": ("A board, from the editor to a screen", saved.measure),
    "film": ("The past, played at 60x", film.measure),
    "telling": ("From the reading to the mail server", telling.measure),
    "judging": ("Judging rules by each reading", judging.measure),
    "tickets": ("Tickets against the size of the account: first reading, and the polls after it", tickets.measure),
    "recall": ("Finding spikes: the default rule over simulated months with 40 spikes each", recall.measure),
}


class Command(BaseCommand):
    help = (
        "Measures pushes, polls, ticks and rules, what pages cost a browser, how old a number is on the glass, "
        "how soon a letter leaves, which spikes are found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("which", nargs="*", choices=[*BENCHMARKS, []], help="default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in options["which"] or BENCHMARKS:
            title, measure = BENCHMARKS[name]
            try:
                self.stdout.write(table(title, measure()))
            except NotMeasuredError as lacking:
                self.stdout.write(f"{title}\n  not measured: {lacking}\n")
