"""What the editor must know of the kinds, the metrics and the pictures there are: plain JSON in the page.

In:  the registry, the catalogue, pictures in the database. Out: facts. Must not know any single kind.
"""

from __future__ import annotations

from dashboard.domain.catalogue import CATALOGUE, Metric, Plan, Unit
from dashboard.incidents.rules_choices import FEED_NAMES
from dashboard.models import BoardImage
from dashboard.widgets.colour import shown
from dashboard.widgets.kind import COLUMNS, MOST_WIDGETS, PORTRAIT_COLUMNS, PORTRAIT_ROWS, ROWS, Group, Json, Kind, Option
from dashboard.widgets.options import threshold_of
from dashboard.widgets.registry import KINDS

GROUP_NAMES = {Group.QUEUE: "Queue", Group.PEOPLE: "People", Group.TICKETS: "Tickets", Group.TREND: "Trend", Group.BOARD: "Board"}
MOST_IMAGES = 60


def facts() -> dict[str, Json]:
    """`kinds` by name, `metrics` by name, `images` newest first, and the grid's measures."""
    return {
        "grid": {"columns": COLUMNS, "rows": ROWS, "portrait_columns": PORTRAIT_COLUMNS, "portrait_rows": PORTRAIT_ROWS},
        "most_widgets": MOST_WIDGETS,
        "groups": [{"name": group.value, "label": label} for group, label in GROUP_NAMES.items()],
        "feeds": [{"name": endpoint.value, "label": label} for endpoint, label in FEED_NAMES.items()],
        "kinds": {kind.name: _kind(kind) for kind in KINDS.values()},
        "metrics": {metric.name: _metric(metric) for metric in CATALOGUE.values()},
        "images": [image_facts(image) for image in BoardImage.objects.defer("content")[:MOST_IMAGES]],
    }


def image_facts(image: BoardImage) -> dict[str, Json]:
    return {"digest": image.digest, "name": image.name, "width": image.width, "height": image.height}


def _kind(kind: Kind) -> dict[str, Json]:
    return {
        "name": kind.name,
        "label": kind.label,
        "about": kind.about,
        "group": kind.group.value,
        "size": list(kind.size),
        "least": list(kind.least),
        "numbers": kind.numbers,
        "names_people": kind.names_people,
        "options": [_option(option) for option in kind.options],
    }


def _option(option: Option) -> dict[str, Json]:
    """`only` becomes the list of the names it accepts; absent: all."""
    out: dict[str, Json] = {
        "name": option.name,
        "label": option.label,
        "form": option.form.value,
        "default": option.default,
        "choices": [list(choice) for choice in option.choices],
        "least": option.least,
        "most": option.most,
        "required": option.required,
        "note": option.note,
    }
    if option.only is not None:
        out["only"] = [name for name in CATALOGUE if option.only(name)]
    return out


def _metric(metric: Metric) -> dict[str, Json]:
    limits = threshold_of(metric.name, {})
    out: dict[str, Json] = {
        "name": metric.name,
        "label": f"{metric.label} (%)" if metric.unit is Unit.RATIO else metric.label,
        "unit": metric.unit.value,
        "feed": metric.endpoint.value,
        "definition": metric.definition,
        "professional": metric.plan is Plan.PROFESSIONAL,
        "formula": metric.formula or "",
        "higher_is_worse": limits.higher_is_worse if limits else metric.better.value != "higher",
    }
    if limits:
        out["threshold"] = shown(limits) | {"warning_leave": limits.warning_leave, "critical_leave": limits.critical_leave}
    return out
