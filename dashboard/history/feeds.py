"""How a feed is named in the database.

In:  a feed. Out: a text of at most 400 characters, one for each feed. Reads and writes nothing.
"""

from __future__ import annotations

import hashlib

from dashboard.domain.feeds import Feed

LONGEST = 400  # HistoryFeed.feed
_KEPT = 300


def stored_name(feed: Feed) -> str:
    """The feed's id; of one with very many lines or groups, its beginning and a digest of all of it."""
    if len(feed.id) <= LONGEST:
        return feed.id
    return f"{feed.id[:_KEPT]}~{hashlib.sha256(feed.id.encode()).hexdigest()}"
