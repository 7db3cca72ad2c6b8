"""Every kind of widget, found by its file: a module of `kinds` with a `KIND` is a kind. A new one is a new file and nothing else.

In:  nothing. Out: `KINDS` by name, in the order of the palette.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

import dashboard.widgets.kinds
from dashboard.widgets.kind import Group, Kind


def _found() -> dict[str, Kind]:
    names = (found.name for found in pkgutil.iter_modules(dashboard.widgets.kinds.__path__))
    kinds: list[Kind] = [importlib.import_module(f"dashboard.widgets.kinds.{name}").KIND for name in names]
    kinds.sort(key=lambda kind: (list(Group).index(kind.group), kind.name))
    return {kind.name: kind for kind in kinds}


KINDS: Mapping[str, Kind] = MappingProxyType(_found())
