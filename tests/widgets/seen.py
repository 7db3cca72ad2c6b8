"""What a kind may look at, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dashboard.widgets.kind import Kind, Place, Seen, Widget
from dashboard.widgets.options import checked
from dashboard.widgets.registry import KINDS

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
AT = "2026-11-22T09:00:00.000Z"
LIMITS = {"target": 3, "warning_enter": 5, "warning_leave": 4, "critical_enter": 10, "critical_leave": 8}


def widget(kind: str, **options: Any) -> Widget:
    """A widget of a kind with checked options; AssertionError where they are wrong."""
    found, problems = checked(KINDS[kind], options)
    assert problems == []
    return Widget("w", kind, Place(0, 0, 8, 8), Place(0, 0, 8, 8), found)


def seen(before: dict[str, Any] | None = None, **metrics: Any) -> Seen:
    """Numbers by metric, live as of now; or whole entries."""
    entries = {name: entry if isinstance(entry, dict) else {"value": entry, "state": "live", "at": AT} for name, entry in metrics.items()}
    return Seen(NOW, entries, {}, {}, {}, before=before or {})


def part(kind: str, found: Seen, **options: Any) -> dict[str, Any]:
    """What a widget of a kind adds to the frame."""
    made = widget(kind, **options)
    return dict(KINDS[kind].part(made, found))


def least(kind: Kind) -> dict[str, Any]:
    """Options with which a widget of the kind can be made."""
    return {option.name: "calls_waiting" for option in kind.options if option.required}
