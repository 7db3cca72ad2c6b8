"""The mirror's rows after a change of ours, so that a page does not show for some seconds what is no longer so.

In:  tickets as the vendor answered, or ids. Out: the mirror's own writing of them. Must not fail an act that was made: the next poll brings
the same.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from dashboard.mirror import tickets as known
from dashboard.sources.errors import SourceError
from dashboard.sources.zendesk_tickets import ZendeskTickets

logger = logging.getLogger(__name__)

_AT_ONCE = 100
# Somebody may wait for the page.
LOOK_S = 5.0

keep = known.keep
lose = known.lose


def look_again(account: str, ids: Sequence[int], tickets: ZendeskTickets, before_request: Callable[[], None], now: datetime) -> None:
    """Reads the first hundred of these from the vendor and keeps what they are like now. A vendor that does not answer is passed over."""
    try:
        found = tickets.show_many(ids[:_AT_ONCE], before_request=before_request, deadline=time.monotonic() + LOOK_S)
    except SourceError as error:
        logger.info("Tickets cannot be read after a change: %s", error.message)
        return
    keep(account, found, now)
