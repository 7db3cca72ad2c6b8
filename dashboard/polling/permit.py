"""One request of a person, or of a rule, beside the polls: may it be sent now? The same budget and the same pauses as for every poll.

In:  an account, how long somebody may be kept waiting; what the vendor answered. Out: a callable for `before_request`; a pause for all.
Asks the vendor nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import redis as redis_py

from dashboard.polling import account as accounts
from dashboard.polling import buckets
from dashboard.polling.budget import BudgetError
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.store import connection, snapshots
from dashboard.store.snapshots import Pause

logger = logging.getLogger(__name__)

# Somebody looks at a page meanwhile.
PATIENCE_S = 4.0
ASKED_TO_WAIT = "The vendor asked us to wait before asking it anything more."
LEFT_ALONE = "The vendor failed a moment ago, so it is left alone for a while."


def permit(
    account: str,
    *,
    patience_s: float = PATIENCE_S,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> Callable[[], None]:
    """Called before each request: returns when it may be sent, at most `patience_s` later in all.

    It raises SourceError (rate_limit; nothing has been sent) when our share of the vendor's limit is used up for longer, the vendor asked
    for a pause, or Redis, which counts the requests, does not answer.
    """
    waited = [0.0]

    def before_request() -> None:
        try:
            redis = connection.client()
            pause = snapshots.paused(redis, account, clock())
            if pause is not None:
                left_s = (pause.until - clock()).total_seconds()
                raise _not_now(ASKED_TO_WAIT if pause.kind == ErrorKind.RATE_LIMIT else LEFT_ALONE, left_s)
            budget = buckets.budget_for(redis, account, buckets.buckets(redis, account)[buckets.OTHER])
            while (wait_s := accounts.slowed_s(redis, account) or budget.take()) > 0.0:
                if waited[0] + wait_s > patience_s:
                    raise _not_now("Our share of the vendor's request limit is used up for the moment.", wait_s)
                waited[0] += wait_s
                sleep(wait_s)
        except (redis_py.RedisError, BudgetError):
            failed = _not_now("Redis, which counts the requests to the vendor, does not answer.", 5.0)
        else:
            return
        raise failed

    return before_request


def _not_now(why: str, wait_s: float) -> SourceError:
    return SourceError(ErrorKind.RATE_LIMIT, f"{why} Nothing was sent.", retry_after_s=max(0.0, wait_s))


def heed(account: str, error: SourceError, now: datetime) -> None:
    """A 429 that a person's request was answered with holds the account's polls back as well."""
    if error.status != 429 or error.is_endpoint_limit or error.retry_after_s is None:
        return
    until = now + timedelta(seconds=error.retry_after_s)
    try:
        redis = connection.client()
        current = snapshots.paused(redis, account, now)
        if current is None or current.until < until:
            snapshots.save_pause(redis, account, Pause(error.kind.value, error.message, now, until))
    except redis_py.RedisError:
        # The polls hear the same from the vendor themselves.
        logger.warning("A pause that the vendor asked for could not be noted.")
