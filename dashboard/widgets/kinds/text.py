"""Text that people write: an announcement, a reminder, a name over a part of the board. It can come and go by itself."""

from __future__ import annotations

from datetime import datetime

from dashboard.widgets.kind import Form, Group, Kind, Option, Options

SIZES = (("small", "Small"), ("normal", "Normal"), ("large", "Large"))


def _problems(options: Options) -> tuple[str, ...]:
    out = []
    for name, label in (("since", "Shown from"), ("until", "Shown until")):
        given = options.get(name)
        if isinstance(given, str) and given and not _is_local_minute(given):
            out.append(f"{label}: write it as 2026-11-21T09:00, in the board's time zone.")
    since, until = options.get("since"), options.get("until")
    if not out and isinstance(since, str) and isinstance(until, str) and since and until and until <= since:
        out.append("The text would end before it begins.")
    return tuple(out)


def _is_local_minute(text: str) -> bool:
    try:
        return len(text) == 16 and datetime.strptime(text, "%Y-%m-%dT%H:%M") is not None  # noqa: DTZ007 (local by meaning)
    except ValueError:
        return False


KIND = Kind(
    name="text",
    label="Text",
    about="An announcement or a headline. It can come and go at set times.",
    group=Group.BOARD,
    size=(12, 3),
    least=(3, 2),
    options=(
        Option("text", "Text", Form.LINES, default="", most=500),
        Option("size", "Size", Form.CHOICE, default="normal", choices=SIZES),
        Option("since", "Shown from", Form.TEXT, most=16),
        Option("until", "Shown until", Form.TEXT, most=16),
    ),
    problems=_problems,
)
