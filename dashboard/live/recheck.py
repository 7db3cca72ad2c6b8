"""Asks again who may sit at the sockets: a key that was revoked in silence, a login that ended, a board that was deleted.

In:  the seats, the question of the handshake. Out: byes to those who may no longer watch; who supervises, as it is by now.
"""

from __future__ import annotations

import logging

from django.db import Error as DatabaseError

from dashboard.live.door import NO_BOARD, Admit, Refusal, credentials_digest
from dashboard.live.messages import bye_message
from dashboard.live.seats import Seat, Seats

logger = logging.getLogger(__name__)


async def recheck(seats: Seats, admit: Admit) -> None:
    """One round. Sockets that brought the same credentials for the same board cost one question together.

    When the database does not answer, everybody stays until the next round: a wall must not go dark for that.
    """
    groups: dict[tuple[bytes, str], list[Seat]] = {}
    for seat in seats:
        groups.setdefault((credentials_digest(seat.scope), seat.board), []).append(seat)
    for (_, board), alike in groups.items():
        try:
            verdict = await admit(alike[0].scope, board)
        except DatabaseError as error:
            logger.warning("Viewers could not be checked again (%s); they stay.", type(error).__name__)
            return
        for seat in alike:
            if isinstance(verdict, Refusal):
                seat.outlet.end(verdict.code, verdict.reason, last_text=bye_message("gone" if verdict.code == NO_BOARD else "revoked"))
            else:
                seat.supervises = verdict.may_supervise
