"""What each screen shows in turn, read from the database for those whose sockets are here.

In:  ids of screens. Out: the ready `screen` message of each; who is not in it may show nothing any more (removed, or its key taken away).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping

from channels.db import database_sync_to_async

from dashboard.accounts.assignment import assignments_of
from dashboard.live.messages import screen_message

Assignments = Callable[[Collection[int]], Awaitable[Mapping[int, str]]]


async def load_assignments(screen_ids: Collection[int]) -> Mapping[int, str]:
    """Few queries, however many screens. django.db.Error when the database does not answer."""
    found: Mapping[int, str] = await _load(frozenset(screen_ids))
    return found


@database_sync_to_async  # type: ignore[untyped-decorator]  # it also lets go of a connection that the database has ended meanwhile
def _load(screen_ids: frozenset[int]) -> Mapping[int, str]:
    return {
        screen_id: screen_message(name, ((item.slug, item.seconds) for item in given.items), preempts=given.preempts)
        for screen_id, (name, given) in assignments_of(screen_ids).items()
    }
