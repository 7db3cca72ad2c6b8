"""The machine's own time zone, by its name in the zone database; Python tells only the offset."""

from __future__ import annotations

import os
import zoneinfo
from collections.abc import Mapping
from pathlib import Path


def machine_zone(environ: Mapping[str, str] | None = None, etc: Path = Path("/etc")) -> str:
    """Such as `Europe/Berlin`: from TZ, else /etc/localtime's target, else /etc/timezone, else `UTC`."""
    given = (os.environ if environ is None else environ).get("TZ", "").lstrip(":")
    candidates = [given]
    link = etc / "localtime"
    if link.is_symlink():
        _, found, name = str(link.resolve()).rpartition("/zoneinfo/")
        candidates.append(name if found else "")
    try:
        candidates.append((etc / "timezone").read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError):  # there is none on most systems
        candidates.append("")
    return next((name for name in candidates if name and _known(name)), "UTC")


def _known(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
