"""Pages of a list, both ways the vendor knows: by number (`page`, `per_page`) and by cursor (`page[size]`, `page[after]`).

In:  the whole list, ordered by a unique integer key, and the decoded query. Out: the page's object. `Refused` with 400.
Must not know what the list holds.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from dashboard.emulator.answers import Refused, invalid_pagination

MAX_PER_PAGE = 100
MAX_PAGE = 100
"""By number the vendor goes no deeper than 100 pages; past that it wants cursors."""
Query = Sequence[tuple[str, str]]
Row = Mapping[str, object]


def page_of(rows: Sequence[Row], *, name: str, key: str, query: Query, url: str) -> dict[str, object]:
    """One page under `name`. `url` is the absolute address of this endpoint, without a query; links repeat the other parameters."""
    given = dict(query)
    if any(parameter in given for parameter in ("page[size]", "page[after]", "page[before]")):
        return _by_cursor(rows, name, key, query, url)
    return _by_number(rows, name, query, url)


def _by_number(rows: Sequence[Row], name: str, query: Query, url: str) -> dict[str, object]:
    given = dict(query)
    page = whole(given.get("page"), "page", 1)
    per_page = min(whole(given.get("per_page"), "per_page", MAX_PER_PAGE), MAX_PER_PAGE)
    if page > MAX_PAGE:
        raise Refused(invalid_pagination(f"page must not be greater than {MAX_PAGE}; use cursor pagination"))
    first = (page - 1) * per_page
    others = [(parameter, value) for parameter, value in query if parameter != "page"]

    def link(number: int) -> str:
        return f"{url}?{urlencode([*others, ('page', str(number))])}"

    return {
        name: list(rows[first : first + per_page]),
        "count": len(rows),
        "next_page": link(page + 1) if first + per_page < len(rows) else None,
        "previous_page": link(page - 1) if page > 1 else None,
    }


def _by_cursor(rows: Sequence[Row], name: str, key: str, query: Query, url: str) -> dict[str, object]:
    given = dict(query)
    size = whole(given.get("page[size]"), "page[size]", MAX_PER_PAGE)
    if size > MAX_PER_PAGE:
        raise Refused(invalid_pagination(f"page[size] must not be greater than {MAX_PER_PAGE}"))
    if "page[after]" in given and "page[before]" in given:
        raise Refused(invalid_pagination("page[after] and page[before] exclude each other"))
    if "page[before]" in given:
        limit = _decoded(given["page[before]"], key, "page[before]")
        matching = [row for row in rows if _key(row, key) < limit]
        shown, has_more = matching[-size:], len(matching) > size
    else:
        limit = _decoded(given["page[after]"], key, "page[after]") if "page[after]" in given else -1
        matching = [row for row in rows if _key(row, key) > limit]
        shown, has_more = matching[:size], len(matching) > size
    after = _encoded(_key(shown[-1], key), key) if shown else None
    before = _encoded(_key(shown[0], key), key) if shown else None
    others = [(parameter, value) for parameter, value in query if parameter not in {"page[size]", "page[after]", "page[before]"}]

    def link(direction: str, cursor: str | None) -> str | None:
        return None if cursor is None else f"{url}?{urlencode([*others, (f'page[{direction}]', cursor), ('page[size]', str(size))])}"

    # The vendor's `next` stays set on the last page that holds anything: only has_more says that the list ends.
    return {
        name: list(shown),
        "meta": {"has_more": has_more, "after_cursor": after, "before_cursor": before},
        "links": {"prev": link("before", before), "next": link("after", after)},
    }


def whole(text: str | None, parameter: str, default: int) -> int:
    """A whole number from 1 on; the default where nothing is given. `Refused` with 400 for anything else."""
    if text is None or not text.strip():
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text.strip(), re.ASCII) or int(text) < 1:
        raise Refused(invalid_pagination(f"{parameter} must be an integer greater than 0"))
    return int(text)


def _key(row: Row, key: str) -> int:
    value = row[key]
    if not isinstance(value, int):
        raise TypeError(f"{key} of a row must be an integer")
    return value


def _encoded(value: int, key: str) -> str:
    return base64.b64encode(json.dumps({"o": key, "v": value}, separators=(",", ":")).encode()).decode()


def _decoded(cursor: str, key: str, parameter: str) -> int:
    try:
        found = json.loads(base64.b64decode(cursor, validate=True))
        value = found["v"] if found["o"] == key else None
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
        value = None
    if not isinstance(value, int):
        raise Refused(invalid_pagination(f"{parameter} is not a cursor of this list"))
    return value
