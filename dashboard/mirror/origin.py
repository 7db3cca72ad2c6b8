"""Whose tickets the mirror holds: when the account's address becomes another site's, what is known of the old one goes.

In:  an account, the address of the site that is asked now. Out: a mirror that is of this site, or empty. The same numbers mean other
tickets at another site; an emulator that starts anew is another site, too, for it has another past.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from dashboard.mirror import streams
from dashboard.models import KnownCase, KnownClock, KnownEvent, KnownName, KnownTicket, Stream, Tally

logger = logging.getLogger(__name__)

ORIGIN = "origin"
_KNOWN = (KnownClock, KnownEvent, KnownTicket, KnownCase, KnownName, Tally)


def settle(account: str, site: str, now: datetime) -> None:
    """Forgets all that is known of the account unless it is of `site` (its address), in one transaction with the note of the new one."""
    noted = streams.of(account, ORIGIN)
    if noted is not None and noted.cursor == site:
        return
    with transaction.atomic():
        row = Stream.objects.select_for_update().get(pk=streams.begun(account, ORIGIN, now).pk)
        if row.cursor == site:  # another worker was before us
            return
        others = Stream.objects.filter(account=account).exclude(name=ORIGIN)
        was_known = others.exists()
        streams.hold(account, now)  # a page of the old site that is being written is waited for, and goes with the rest
        if was_known:
            logger.warning("Account %s is another site now: what was known of its tickets is read anew.", account)
        for known in _KNOWN:
            known.objects.filter(account=account).delete()
        others.delete()
        row.cursor, row.begun_at, row.read_at = site, now, now
        row.save()
