"""Who may sit at a board's socket: asked at the handshake, and again while it lasts.

In:  the handshake's scope, the board's slug. Out: the viewer, or why not. Close codes are in docs/wire-protocol.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.db import database_sync_to_async

from dashboard.accounts.access import Viewer, screen_from_scope, viewer_from_scope
from dashboard.models import Board

BAD_MESSAGE, STRANGER, FORBIDDEN, NO_BOARD, NO_HELLO, TOO_MANY_MESSAGES = 4400, 4401, 4403, 4404, 4408, 4429
TRY_AGAIN_LATER = 1013


@dataclass(frozen=True, slots=True)
class Refusal:
    code: int
    reason: str


Admit = Callable[[Mapping[str, Any], str], Awaitable[Viewer | Refusal]]


async def admit(scope: Mapping[str, Any], board: str) -> Viewer | Refusal:
    """A stranger is told nothing about boards. django.db.Error when the database does not answer."""
    viewer = await viewer_from_scope(scope)
    if viewer is None:
        return Refusal(STRANGER, "not logged in")
    if not await _exists(board):
        return Refusal(NO_BOARD, "no such board")
    if not viewer.may_see(board):
        return Refusal(FORBIDDEN, "not this board")
    return viewer


async def admit_screen(scope: Mapping[str, Any]) -> Viewer | Refusal:
    """To the socket of screens: a screen alone. django.db.Error when the database does not answer."""
    return await screen_from_scope(scope) or Refusal(STRANGER, "not a screen")


@database_sync_to_async  # type: ignore[untyped-decorator]  # it also lets go of a connection that the database has ended meanwhile
def _exists(board: str) -> bool:
    return Board.objects.filter(slug=board).exists()


def credentials_digest(scope: Mapping[str, Any]) -> bytes:
    """Equal for handshakes that brought the same cookie and authorization: asking about one of them answers for all."""
    digest = hashlib.sha256()
    for name, value in scope.get("headers", ()):
        if bytes(name).lower() in {b"cookie", b"authorization"}:
            digest.update(bytes(name).lower() + b":" + bytes(value) + b"\n")
    return digest.digest()
