"""The version of this checkout, as pyproject.toml says it: the program is run from its folder, not installed as a package."""

from __future__ import annotations

import functools
import tomllib

from config.env import BASE_DIR


@functools.cache
def version() -> str:
    """Such as `0.1.0`."""
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])
