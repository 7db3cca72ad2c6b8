"""Walking pages, forwards and backwards, meets each row once."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.emulator.answers import Refused
from dashboard.emulator.listing import page_of

URL = "http://emulator.example/list.json"
KEYS = st.lists(st.integers(0, 2**53), unique=True, max_size=60).map(sorted)


def page(rows: list[dict[str, object]], query: list[tuple[str, str]]) -> dict[str, object]:
    return page_of(rows, name="rows", key="id", query=query, url=URL)


def query_of(link: object) -> list[tuple[str, str]]:
    assert isinstance(link, str)
    assert link.startswith(URL + "?")
    return parse_qsl(urlsplit(link).query)


@given(KEYS, st.integers(1, 20))
def test_walk_by_number_meets_each_row_once(keys: list[int], per_page: int) -> None:
    rows: list[dict[str, object]] = [{"id": key} for key in keys]
    met: list[object] = []
    query = [("per_page", str(per_page)), ("group_ids", "1,2")]
    while True:
        found = page(rows, query)
        assert found["count"] == len(rows)
        assert isinstance(found["rows"], list)
        met += found["rows"]
        if found["next_page"] is None:
            break
        query = query_of(found["next_page"])
        assert ("group_ids", "1,2") in query
    assert met == rows


@given(KEYS, st.integers(1, 20), st.booleans())
def test_walk_by_cursor_meets_each_row_once(keys: list[int], size: int, backwards: bool) -> None:
    rows: list[dict[str, object]] = [{"id": key} for key in keys]
    met: list[object] = []
    query = [("page[size]", str(size))]
    if backwards and rows:
        whole = page(rows, [("page[size]", "100")])
        assert isinstance(whole["meta"], dict)
        met = list(rows[-1:])
        query.append(("page[before]", whole["meta"]["after_cursor"]))
    while True:
        found = page(rows, query)
        assert isinstance(found["rows"], list)
        assert isinstance(found["meta"], dict)
        assert isinstance(found["links"], dict)
        met = found["rows"] + met if backwards else met + found["rows"]
        if not found["meta"]["has_more"]:
            break
        query = query_of(found["links"]["prev" if backwards else "next"])
    assert met == rows


def test_empty_list_by_cursor_has_no_cursors() -> None:
    assert page([], [("page[size]", "5")]) == {
        "rows": [],
        "meta": {"has_more": False, "after_cursor": None, "before_cursor": None},
        "links": {"prev": None, "next": None},
    }


def test_last_page_by_cursor_still_links_on_and_that_page_is_empty() -> None:
    rows: list[dict[str, object]] = [{"id": 1}, {"id": 2}]
    last = page(rows, [("page[size]", "2")])
    assert isinstance(last["meta"], dict)
    assert isinstance(last["links"], dict)
    assert last["meta"]["has_more"] is False
    assert page(rows, query_of(last["links"]["next"]))["rows"] == []


def test_page_past_the_end_is_empty_and_ends() -> None:
    found = page([{"id": 1}], [("page", "7")])
    assert (found["rows"], found["count"], found["next_page"]) == ([], 1, None)


def test_per_page_above_the_maximum_is_the_maximum() -> None:
    rows: list[dict[str, object]] = [{"id": key} for key in range(150)]
    found = page(rows, [("per_page", "500")])
    assert isinstance(found["rows"], list)
    assert len(found["rows"]) == 100


@pytest.mark.parametrize(
    "query",
    [
        [("page", "0")],
        [("page", "x")],
        [("page", "101")],
        [("per_page", "-1")],
        [("per_page", "1.5")],
        [("page[size]", "0")],
        [("page[size]", "101")],
        [("page[after]", "nonsense")],
        [("page[after]", "eyJvIjoib3RoZXIiLCJ2IjoxfQ==")],
        [("page[after]", "MQ==")],
        [("page[after]", "é")],
        [("page[size]", "1"), ("page[after]", "a"), ("page[before]", "b")],
    ],
)
def test_page_that_cannot_be_is_refused_with_400(query: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused) as refused:
        page([{"id": 1}], query)
    assert refused.value.answer.status == 400
    assert b"InvalidPaginationParameter" in refused.value.answer.body
