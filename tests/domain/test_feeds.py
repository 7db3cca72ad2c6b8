from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.feeds import Endpoint, Feed


@given(endpoint=st.sampled_from(list(Endpoint)), ids=st.lists(st.integers(0, 2**53), max_size=5))
def test_feed_id_parsed_gives_the_feed_back(endpoint: Endpoint, ids: list[int]) -> None:
    feed = Feed("main", endpoint, tuple(ids))
    assert Feed.parse(feed.id) == feed


@pytest.mark.parametrize("text", ["", "main", "main:", ":current_queue_activity", "main:nonsense", "main:agents_activity:x"])
def test_feed_parse_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Feed.parse(text)
