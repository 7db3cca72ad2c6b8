"""Lists of the vendor's in both forms, from anything that can be taken in order: by cursor, and by page number.

In:  a `Series` of keys, what makes a row of a key, the query. Out: the page's object. `Refused` with 400 for what cannot be asked.
Only the keys of one page are looked at, so that a list of any length costs the same.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from dashboard.emulator.answers import Refused, invalid_pagination

MAX_PER_PAGE = 100
MAX_PAGE = 100
"""By number the vendor goes no deeper than 100 pages; past that it wants cursors."""
CURSOR_PARAMETERS = ("page[size]", "page[after]", "page[before]")
Row = dict[str, object]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Series:
    """An ordered list of integer keys: `take(after, backwards)` gives those beyond `after` (None: from that end) in either direction.

    `order` names the order; a cursor of another order is refused.
    """

    order: str
    take: Callable[[int | None, bool], Iterator[int]]


def of_keys(order: str, keys: Sequence[int], *, descending: bool = False) -> Series:
    """A series of keys that are at hand, ascending; `descending` turns it round."""

    def take(after: int | None, backwards: bool) -> Iterator[int]:
        if backwards is not descending:
            return (key for key in reversed(keys) if after is None or key < after)
        return (key for key in keys if after is None or key > after)

    return Series(order, take)


def wants_cursor(query: Pairs) -> bool:
    """Whether the query asks for the cursor form."""
    return any(name in CURSOR_PARAMETERS for name, _ in query)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the whole body, and the rows in it."""

    body: Row
    rows: list[Row]


def by_cursor(series: Series, row: Callable[[int], Row], *, name: str, query: Pairs, url: str) -> Page:
    """One page of the cursor form."""
    given = dict(query)
    size = whole(given.get("page[size]"), "page[size]", MAX_PER_PAGE)
    if size > MAX_PER_PAGE:
        raise Refused(invalid_pagination(f"page[size] must not be greater than {MAX_PER_PAGE}"))
    if "page[after]" in given and "page[before]" in given:
        raise Refused(invalid_pagination("page[after] and page[before] exclude each other"))
    backwards = "page[before]" in given
    start = given.get("page[before]", given.get("page[after]"))
    after = None if start is None else decoded(start, series.order)
    keys = [*islice(series.take(after, backwards), size + 1)]
    shown, has_more = keys[:size], len(keys) > size
    if backwards:
        shown.reverse()
    first, last = (encoded(shown[0], series.order), encoded(shown[-1], series.order)) if shown else (None, None)
    others = [(parameter, value) for parameter, value in query if parameter not in CURSOR_PARAMETERS]

    def link(direction: str, cursor: str | None) -> str | None:
        return None if cursor is None else f"{url}?{urlencode([*others, (f'page[{direction}]', cursor), ('page[size]', str(size))])}"

    # `next` stays set on the last page that holds anything: only has_more says that the list ends.
    rows = [row(key) for key in shown]
    body: Row = {
        name: rows,
        "meta": {"has_more": has_more, "after_cursor": last, "before_cursor": first},
        "links": {"prev": link("before", first), "next": link("after", last)},
    }
    return Page(body, rows)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list by page number: its keys in order, taken from the first on, and how many there are."""

    keys: Iterator[int]
    count: int


def by_number(numbered: Numbered, row: Callable[[int], Row], *, name: str, query: Pairs, url: str, deepest: int = MAX_PAGE) -> Page:
    """One page of the numbered form; no deeper than 100 pages, where the list does not go deeper."""
    given = dict(query)
    page = whole(given.get("page"), "page", 1)
    per_page = min(whole(given.get("per_page"), "per_page", MAX_PER_PAGE), MAX_PER_PAGE)
    if page > deepest:
        raise Refused(invalid_pagination(f"page must not be greater than {deepest}; use cursor pagination"))
    first = (page - 1) * per_page
    others = [(parameter, value) for parameter, value in query if parameter != "page"]

    def link(number: int) -> str:
        return f"{url}?{urlencode([*others, ('page', str(number))])}"

    rows = [row(key) for key in islice(numbered.keys, first, first + per_page)]
    body: Row = {
        name: rows,
        "count": numbered.count,
        "next_page": link(page + 1) if first + per_page < numbered.count else None,
        "previous_page": link(page - 1) if page > 1 else None,
    }
    return Page(body, rows)


def page_of(rows: Sequence[Row], *, name: str, key: str, query: Pairs, url: str) -> Row:
    """The body of one page, in the form that the query asks for, of rows that are at hand, ascending by their unique integer `key`."""
    by_key = {_integer(row, key): row for row in rows}
    if wants_cursor(query):
        return by_cursor(of_keys(key, [*by_key]), by_key.__getitem__, name=name, query=query, url=url).body
    return by_number(Numbered(iter(by_key), len(by_key)), by_key.__getitem__, name=name, query=query, url=url).body


def whole(text: str | None, parameter: str, default: int) -> int:
    """A whole number from 1 on; the default where nothing is given. `Refused` with 400 for anything else."""
    if text is None or not text.strip():
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text.strip(), re.ASCII) or int(text) < 1:
        raise Refused(invalid_pagination(f"{parameter} must be an integer greater than 0"))
    return int(text)


def encoded(key: int, order: str) -> str:
    """A cursor."""
    return base64.b64encode(json.dumps({"o": order, "v": key}, separators=(",", ":")).encode()).decode()


def decoded(cursor: str, order: str) -> int:
    """The key of a cursor. `Refused` with 400 for one that is none of this list."""
    try:
        found = json.loads(base64.b64decode(cursor, validate=True))
        value = found["v"] if found["o"] == order else None
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
        value = None
    if not isinstance(value, int):
        raise Refused(invalid_pagination("the cursor is not one of this list"))
    return value


def _integer(row: Row, key: str) -> int:
    value = row[key]
    if not isinstance(value, int):
        raise TypeError(f"{key} of a row must be an integer")
    return value
