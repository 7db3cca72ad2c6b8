"""What every page that shows a board carries beside the frame: the kinds' files, the metrics, the words.

In:  a board's language and, if known, which kinds it has. Out: the context of templates/boards/wall_data.html.
Must not read the database or Redis: a wall opens without either.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Collection, Mapping

from django.contrib.staticfiles.storage import staticfiles_storage

from dashboard.domain.catalogue import CATALOGUE
from dashboard.widgets.registry import KINDS
from dashboard.words import tables

logger = logging.getLogger(__name__)

LIBRARY = "vendor/plotly-basic.min.js"
# What no first picture needs comes after it (js/stage.js).
LATER = {"alarm": "js/tv/alarm.js", "tv": "js/tv/tv.js"}


def carried(language: str, kinds: Collection[str] = ()) -> dict[str, object]:
    """`kinds`: those that the first picture has; their styles and scripts load with the page instead of after its script."""
    files = kind_files()
    first = [files[name] for name in dict.fromkeys(kinds) if name in files]
    return {
        "kinds": {
            **files,
            "plotly": {"script": staticfiles_storage.url(LIBRARY)},
            **{name: {"script": staticfiles_storage.url(file)} for name, file in LATER.items()},
        },
        "catalogue": catalogue(),
        "words": _words(language),
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
        }
        for metric in CATALOGUE.values()
    }
