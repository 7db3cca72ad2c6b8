"""Lists that come in pages, in the vendor's two forms: by a cursor, or by numbers.

In:  an answer, the list's name, how one entry is read. Out: a `Page`. The cursor form ends by `meta.has_more`, never by its link, which is
there even on the last page. Must not follow a link: of one only the cursor is taken, and it is sent to the account's own address alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

from dashboard.sources import values
from dashboard.sources.errors import http_date
from dashboard.sources.http import Answer
from dashboard.sources.rates import EndpointRates, account_rates, endpoint_rates

LARGEST_PAGE = 100
# The mirror keeps a cursor between polls; a column is as long.
LONGEST_CURSOR = 2000
# Of a list that is read at once: a thousand people on one ticket.
MOST_PAGES = 10

T = TypeVar("T")
Entry = Callable[[object, str], T]


@dataclass(frozen=True, slots=True)
class Heard:
    """When an answer came, and what its headers said of the account's requests a minute. None: they did not say.

    `requests`: how many were sent for it. `endpoint`: the limit of this endpoint alone. `dated_at`: when it was sent, by the vendor's own
    clock.
    """

    at: datetime
    limit_per_minute: int | None
    remaining: int | None
    requests: int
    endpoint: EndpointRates | None = None
    dated_at: datetime | None = None

    @property
    def vendor_at(self) -> datetime:
        """By the vendor's clock, or by ours where it does not tell: no change that has happened is later."""
        return self.dated_at or self.at


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list. `after`: where the next page begins; None: this was the last. `count`: of the whole list, told by the numbered form
    alone."""

    items: tuple[T, ...]
    after: str | None
    count: int | None
    heard: Heard


class Listed(tuple[T, ...]):
    """A list that was read to its end, or as far as MOST_PAGES pages go: then `has_more`."""

    has_more: bool

    def __new__(cls, items: Iterable[T] = (), *, has_more: bool = False) -> Self:
        made = super().__new__(cls, items)
        made.has_more = has_more
        return made


def heard(answer: Answer) -> Heard:
    """What an answer's headers say. The endpoint's own limit is never taken for the account's: ten lists of the trash a minute would be the
    share of everything else."""
    granted = account_rates(answer.headers)
    return Heard(
        answer.at,
        granted.limit_per_minute,
        granted.remaining,
        answer.requests,
        endpoint_rates(answer.headers),
        http_date(answer.headers.get("date", "")),
    )


def cursor_params(size: int, after: str | None) -> dict[str, str]:
    """The query for one page of the cursor form, 1 to 100 entries. ValueError: another size."""
    if not 1 <= size <= LARGEST_PAGE:
        raise ValueError(f"a page has 1 to {LARGEST_PAGE} entries, not {size}")
    return {"page[size]": str(size)} | ({} if after is None else {"page[after]": after})


def number_params(page: int, per_page: int) -> dict[str, str]:
    """The query for one page of the numbered form, from 1. ValueError: another size, or no such page."""
    if page < 1 or not 1 <= per_page <= LARGEST_PAGE:
        raise ValueError(f"pages are numbered from 1 and have 1 to {LARGEST_PAGE} entries, not {page} and {per_page}")
    return {"page": str(page), "per_page": str(per_page)}


def entries(answer: Answer, name: str, entry: Callable[[object, str], T | None]) -> tuple[T, ...]:
    """The list of that name; entries that `entry` gives None for are left out. SourceError names the entry that is wrong."""
    found = values.listed(values.mapping(answer.json, "the answer").get(name), name)
    return tuple(item for place, each in enumerate(found) if (item := entry(each, f"{name}[{place}]")) is not None)


def cursor_page(answer: Answer, name: str, entry: Callable[[object, str], T | None], asked_after: str | None) -> Page[T]:
    """A page of the cursor form. SourceError (invalid) when it promises more and does not say from where, or from where we just were."""
    body = values.mapping(answer.json, "the answer")
    meta = values.mapping(body.get("meta"), "meta")
    after = None
    if values.flag(meta.get("has_more"), "meta.has_more", absent=False):
        after = _cursor(meta.get("after_cursor")) or _cursor(_in_link(body.get("links")))
        if after is None:
            raise values.invalid("meta.after_cursor", "is missing, though more pages are promised")
        if after == asked_after:
            raise values.invalid("meta.after_cursor", "does not move on")
    return Page(entries(answer, name, entry), after, None, heard(answer))


def numbered_page(answer: Answer, name: str, entry: Callable[[object, str], T | None], page: int) -> Page[T]:
    """A page of the numbered form; `after` is the next number. An empty page ends the list, whatever its link says."""
    body = values.mapping(answer.json, "the answer")
    items = entries(answer, name, entry)
    more = bool(body.get("next_page")) and bool(values.listed(body.get(name), name))
    return Page(items, str(page + 1) if more else None, values.count(body.get("count"), "count"), heard(answer))


def read_all(
    ask: Callable[[Mapping[str, str] | None], Answer], name: str, entry: Callable[[object, str], T | None], same: Callable[[T], object]
) -> Listed[T]:
    """A list to its end, in whichever form the vendor gives it, at most MOST_PAGES pages. `ask` sends one query; None: the first page, as
    the vendor likes. `same`: what tells two entries apart; a page that brings none that is new ends the list. SourceError as for a page."""
    found: dict[object, T] = {}
    params: Mapping[str, str] | None = None
    after: str | None = None
    for number in range(1, MOST_PAGES + 1):
        answer = ask(params)
        by_cursor = isinstance(values.mapping(answer.json, "the answer").get("meta"), dict)
        page = cursor_page(answer, name, entry, after) if by_cursor else numbered_page(answer, name, entry, number)
        known_count, after = len(found), page.after
        for item in page.items:
            found.setdefault(same(item), item)
        if after is None or len(found) == known_count:
            return Listed(found.values())
        params = cursor_params(LARGEST_PAGE, after) if by_cursor else number_params(number + 1, LARGEST_PAGE)
    return Listed(found.values(), has_more=True)


def id_list(ids: Iterable[int]) -> str:
    """Ids for a query, each once, in order. ValueError: none, more than the vendor's 100, or one that is no id."""
    found = list(dict.fromkeys(ids))
    if not 1 <= len(found) <= LARGEST_PAGE:
        raise ValueError(f"the vendor takes 1 to {LARGEST_PAGE} ids at once, not {len(found)}")
    return ",".join(str(path_id(each)) for each in found)


def path_id(given: int) -> int:
    """An id that may stand in an address. ValueError otherwise."""
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given <= values.LARGEST_ID:
        raise ValueError("not an id of the vendor's")
    return given


def _cursor(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > LONGEST_CURSOR or not (value.isascii() and value.isprintable()):
        raise values.invalid("meta.after_cursor", "is not a cursor")
    return value


def _in_link(links: object) -> str | None:
    link = links.get("next") if isinstance(links, Mapping) else None
    if not isinstance(link, str):
        return None
    try:
        found = parse_qs(urlsplit(link[: 2 * LONGEST_CURSOR]).query).get("page[after]")
    except ValueError:
        return None
    return found[0] if found else None
