"""The copies of the frames that are watched in one web process: one per board, read from Redis when somebody asks for it first.

In:  boards' slugs, an open Redis client. Out: pictures. Must not know sockets. Without Redis a picture stays empty until Redis is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import redis.asyncio as redis_asyncio
from redis.exceptions import RedisError

from dashboard.live.picture import Picture
from dashboard.live.stored import load_frame_async
from dashboard.store.connection import TIMEOUT_S

logger = logging.getLogger(__name__)

REDIS_FAILURES = (RedisError, OSError, TimeoutError)


class Pictures:
    """`appeared` is called when a board is asked for that was not watched here. `client` None: the hub does not run."""

    def __init__(self, appeared: Callable[[], None]) -> None:
        self.client: redis_asyncio.Redis | None = None
        self._appeared = appeared
        self._by_board: dict[str, Picture] = {}
        self._loading: dict[str, asyncio.Task[bool]] = {}

    def get(self, board: str) -> Picture | None:
        """None: nobody watches it here."""
        return self._by_board.get(board)

    def forget(self, board: str) -> None:
        """Nobody watches it here any more. Forgetting twice is no error."""
        self._by_board.pop(board, None)

    async def of(self, board: str) -> Picture:
        """The board's copy, read now where it is new or still empty."""
        picture = self._by_board.get(board)
        if picture is None:
            picture = self._by_board[board] = Picture(board)
            self._appeared()
        if picture.seq is None:
            # Hundreds say hello at once after a restart: they wait for one reading, not for a connection each.
            loading = self._loading.get(board)
            if loading is None:
                loading = self._loading[board] = asyncio.get_running_loop().create_task(self._load(picture))
                loading.add_done_callback(lambda _: self._loading.pop(board, None))
            await asyncio.shield(loading)
        return picture

    async def read_again(self, board: str) -> Picture | None:
        """The copy as it lies in Redis now, whatever its number. None: nobody watches the board here, or Redis has nothing."""
        picture = self._by_board.get(board)
        return picture if picture is not None and await self._load(picture, force=True) else None

    async def _load(self, picture: Picture, *, force: bool = False) -> bool:
        """Takes what lies in Redis, if it is newer (or whatever it is, with `force`); whether it took something."""
        if self.client is None:
            return False
        try:
            async with asyncio.timeout(TIMEOUT_S):
                stored = await load_frame_async(self.client, picture.board)
        except REDIS_FAILURES as error:
            logger.info("The frame of board %s could not be read (%s).", picture.board, type(error).__name__)
            return False
        if stored is None or not (force or picture.seq is None or stored.seq > picture.seq):
            return False
        picture.replace(stored)
        return True
