"""Every kind of widget with its options, as docs/widgets.md lists them.

In:  the kinds. Out: Markdown. A test holds the page to it.
"""

from __future__ import annotations

from dashboard.widgets.kind import Form, Group, Kind, Option
from dashboard.widgets.registry import KINDS

GROUPS = {Group.QUEUE: "The queue", Group.PEOPLE: "People", Group.TICKETS: "Tickets", Group.TREND: "Over time", Group.BOARD: "Around them"}
FORMS = {
    Form.METRIC: "a metric",
    Form.METRICS: "metrics, at most 12",
    Form.THRESHOLD: "limits: target, warning and critical, each with a value to enter and one to leave",
    Form.TEXT: "text",
    Form.LINES: "text of several lines",
    Form.CHOICE: "one of",
    Form.FLAG: "yes or no",
    Form.WHOLE: "a whole number",
    Form.IMAGE: "an uploaded picture",
}


def listing() -> str:
    """One section a group, one table a kind, in the order of the editor's palette."""
    parts = []
    for group in Group:
        parts += [f"## {GROUPS[group]}", *(_kind(kind) for kind in KINDS.values() if kind.group is group)]
    return "\n\n".join(parts) + "\n"


def _kind(kind: Kind) -> str:
    facts = [
        f"New: {_cells(kind.size)}, at least {_cells(kind.least)} cells.",
        *([f"Counts as {kind.numbers} number{'s' if kind.numbers > 1 else ''} before a viewer's eyes."] if kind.numbers else []),
        *(["Names people: not on an executive's board."] if kind.names_people else []),
    ]
    head = f"### {kind.label} (`{kind.name}`)\n\n{kind.about} {' '.join(facts)}"
    if not kind.options:
        return head
    rows = [f"| `{option.name}` | {option.label} | {_form(option)} | {_default(option)} |" for option in kind.options]
    return "\n".join((head, "", "| option | in the editor | what it is | without it |", "|---|---|---|---|", *rows))


def _cells(size: tuple[int, int]) -> str:
    return f"{size[0]} by {size[1]}"


def _form(option: Option) -> str:
    text = FORMS[option.form]
    if option.form is Form.CHOICE:
        text = " / ".join(f"`{value}` {label}" for value, label in option.choices)
    elif option.form is Form.WHOLE:
        text += f", {option.least:,} to {option.most:,}"
    elif option.form in (Form.TEXT, Form.LINES):
        text += f", at most {option.most:,} characters"
    return f"{text}. {option.note}" if option.note else text


def _default(option: Option) -> str:
    default = option.default
    if option.required:
        return "must be there"
    if default is None:
        return "the catalogue's" if option.form is Form.THRESHOLD else "none"
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, list):
        return ", ".join(f"`{each}`" for each in default)
    return f"`{default}`" if default != "" else "empty"
