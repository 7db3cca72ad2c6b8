"""What every page that shows a board carries beside the frame: the kinds' files, the metrics, the words.

In:  a board's language and, if known, its widgets and its first picture. Out: the context of templates/boards/wall_data.html.
Must not read the database or Redis: a wall opens without either.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping, Sequence
from typing import cast

from django.contrib.staticfiles.storage import staticfiles_storage

from dashboard.domain.catalogue import CATALOGUE
from dashboard.widgets.kind import Widget
from dashboard.widgets.registry import KINDS
from dashboard.words import tables

logger = logging.getLogger(__name__)

LIBRARY = "vendor/plotly-basic.min.js"
# What no first picture needs comes after it (js/stage.js, js/elements/chart.js).
LATER = {"alarm": "js/tv/alarm.js", "tv": "js/tv/tv.js", "dress": "js/elements/dress.js"}


def carried(language: str, widgets: Sequence[Widget] | None = None, opening: Mapping[str, object] | None = None) -> dict[str, object]:
    """`widgets`: those of the first picture; their styles and scripts load with the page instead of after its script. Of the metrics only
    theirs and those of the incidents in `opening` come with the page, the others after that picture (js/wall/languages.js, catalogue.js).
    `widgets` None: nobody knows what will be shown, and everything comes."""
    files = kind_files()
    first = [files[name] for name in dict.fromkeys(each.kind for each in widgets or ()) if name in files]
    return {
        "kinds": {
            **files,
            "plotly": {"script": staticfiles_storage.url(LIBRARY)},
            **{name: {"script": staticfiles_storage.url(file)} for name, file in LATER.items()},
        },
        "catalogue": catalogue() if widgets is None else _first_catalogue(_named(widgets, opening)),
        "words": _words(language) if widgets is None else _first_words(language, _named(widgets, opening)),
        "words_in_part": widgets is not None,
        "first_kinds": first,
    }


@functools.cache
def _words(language: str) -> Mapping[str, tables.Entry]:
    """The words of a wall: without those of the pairing page, and without short names that are the long ones. A first paint is light."""
    whole = tables.table(language)
    return {
        key: entry
        for key, entry in whole.items()
        if not key.startswith("pair.")
        and not (key.startswith("metric.") and entry == whole.get(key.removesuffix(".short")) and key.endswith(".short"))
    }


def _first_words(language: str, metrics: frozenset[str]) -> Mapping[str, tables.Entry]:
    left_out = {f"metric.{name}" for name in CATALOGUE if name not in metrics}
    return {key: entry for key, entry in _words(language).items() if key.removesuffix(".short") not in left_out}


def _first_catalogue(metrics: frozenset[str]) -> Mapping[str, Mapping[str, str]]:
    return {name: entry for name, entry in catalogue().items() if name in metrics}


def _named(widgets: Sequence[Widget], opening: Mapping[str, object] | None) -> frozenset[str]:
    """The metrics that the first picture calls by their names."""
    names = {name for each in widgets if each.kind in KINDS for name in KINDS[each.kind].metrics(each.options)}
    frame = cast("Mapping[str, object]", opening["frame"]) if opening is not None else {}
    incidents = cast("Sequence[Mapping[str, object]]", frame.get("incidents", ()))
    return frozenset(names | {str(each["metric"]) for each in incidents if "metric" in each})


def kind_files() -> Mapping[str, Mapping[str, str]]:
    """Where each kind's element and style are served: `{"number": {"script": …, "style": …}, …}`. A kind without its files is left out:
    its tiles say so, and the other tiles go on."""
    url = staticfiles_storage.url
    found = {}
    for name in KINDS:
        try:
            found[name] = {"script": url(f"js/widgets/{name}.js"), "style": url(f"css/widgets/{name}.css")}
        except ValueError as error:  # the storage of hashed names knows no such file
            logger.error("The kind of widget %s has no element or style to be served: %s", name, error)
    return found


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """What a tile must know of a metric that no frame and no table of words says."""
    return {
        metric.name: {
            "unit": metric.unit.value,
            "endpoint": metric.endpoint.value,
            **({"formula": metric.formula} if metric.formula else {}),
            **({"daily": "yes"} if metric.daily_total else {}),
            **({"signed": "yes"} if metric.signed else {}),
        }
        for metric in CATALOGUE.values()
    }
