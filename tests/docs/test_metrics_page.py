from __future__ import annotations

from io import StringIO
from pathlib import Path

from django.core.management import call_command

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_metrics_page_lists_the_catalogue_as_it_is() -> None:
    out = StringIO()
    call_command("print_catalogue", stdout=out)
    assert PAGE.read_text(encoding="utf-8").endswith(out.getvalue()), (
        "docs/metrics.md: paste what `manage.py print_catalogue` prints at its end"
    )
