"""Has the account's tickets, metrics and clocks read again soon after a change, so that what pages show of them follows it.

In:  an account, when the change was made. Out: due times in Redis. Asks the vendor nothing, and must not fail an act that was made: without
Redis the feeds come at their usual time.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import redis as redis_py

from dashboard.domain.feeds import TICKET_ENDPOINTS, Feed
from dashboard.polling import planner
from dashboard.store import connection

logger = logging.getLogger(__name__)

# A reading that was under way while the change was made may have been answered before it. One that came so much later was not.
SETTLED_AFTER = timedelta(seconds=2)
_EARLY = timedelta(seconds=planner.EARLY_S)


def read_soon(account: str, changed_at: datetime) -> None:
    """They are due 2 s after the change (aware)."""
    try:
        planner.due_now(connection.client(), [Feed(account, each) for each in sorted(TICKET_ENDPOINTS)], changed_at + SETTLED_AFTER)
    except redis_py.RedisError as error:
        logger.warning("Tickets cannot be made due after a change: %s", type(error).__name__)


def is_in(changed_at: datetime, known_to: datetime) -> bool:
    """Whether what is known as of `known_to` holds a change of `changed_at`."""
    return known_to > changed_at + SETTLED_AFTER - _EARLY
