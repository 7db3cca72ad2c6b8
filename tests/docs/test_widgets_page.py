from __future__ import annotations

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from dashboard.live.past import STEPS

PAGE = Path(__file__).parents[2] / "docs" / "widgets.md"


def test_widgets_page_lists_every_kind_with_its_options_as_it_is() -> None:
    out = StringIO()
    call_command("print_widgets", stdout=out)
    assert PAGE.read_text(encoding="utf-8").endswith(out.getvalue()), (
        "docs/widgets.md: paste what `manage.py print_widgets` prints at its end"
    )


def test_widgets_page_names_every_span_that_is_drawn() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.endswith((" 15 s |", " minute |", " 10 min |"))]
    assert len(rows) == len(STEPS)
