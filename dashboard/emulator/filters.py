"""The id lists of a request: `phone_number_ids` and `group_ids`.

In:  the decoded query. Out: a set of ids, or None for no filter. `Refused` with the vendor's 400 for garbage or too many.
Must not know which ids exist: unknown ones are the floor's matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dashboard.emulator.answers import Refused, invalid_attribute, too_many_values

MAX_IDS = 100
MAX_ID = 2**63 - 1
_ID = re.compile(r"[0-9]{1,19}", re.ASCII)


def ids(query: Sequence[tuple[str, str]], parameter: str) -> frozenset[int] | None:
    """The ids asked for, or None when the parameter is absent or empty.

    Accepted: `1,2`, `[1,2]`, spaces around any part, a comma at the end, and the form `parameter[]=1&parameter[]=2`.
    Of a parameter given twice the last counts. The limit of 100 is on what was written, doubles included.
    """
    listed = [value for name, value in query if name == f"{parameter}[]"]
    plain = [value for name, value in query if name == parameter]
    text = ",".join(listed) if listed else plain[-1] if plain else ""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    parts = [part.strip().strip("\"'").strip() for part in text.split(",")]
    parts = [part for part in parts if part]
    if any(not _ID.fullmatch(part) or int(part) > MAX_ID for part in parts):
        raise Refused(invalid_attribute(parameter))
    if len(parts) > MAX_IDS:
        raise Refused(too_many_values())
    return frozenset(map(int, parts)) or None
