"""One viewer's way out: a message is written at once where the socket takes it; a slow viewer is never queued for.

In:  ASGI's send of one socket, texts. Out: nothing to await: a slow socket delays nobody else.
The send coroutine is stepped by hand: it ends at once while the transport has room, and only when it would wait does a task take it
over (measured: a task per viewer and message costs 1.6 times the CPU). Memory per slow viewer is bounded: the transport's buffer (64 KiB
and the message that filled it), one flag for "missed something", one control message. What it missed is replaced by the newest frame.
"""

from __future__ import annotations

import asyncio
import logging
import time
import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any

logger = logging.getLogger(__name__)

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
# What a server's send raises once the viewer is gone: ASGI says OSError, uvicorn after a close frame RuntimeError.
GONE = (OSError, RuntimeError)


class Outlet:
    """`newest` gives the newest complete frame message, or None while there is none."""

    __slots__ = ("_behind", "_control", "_ending", "_newest", "_send", "_stalled_since", "_task", "gone")

    def __init__(self, send: Send, newest: Callable[[], str | None]) -> None:
        self._send = send
        self._newest = newest
        self._task: asyncio.Task[None] | None = None
        self._stalled_since = 0.0
        self._behind = False
        self._control: str | None = None
        self._ending: tuple[str | None, int, str] | None = None
        self.gone = False

    @property
    def stalled_s(self) -> float:
        """For how long the socket has taken nothing, in seconds; 0.0 when it is not waited for."""
        return time.monotonic() - self._stalled_since if self._task is not None else 0.0

    def push(self, text: str) -> None:
        """A frame or a patch. A viewer who cannot take it now gets the newest frame later instead."""
        if self._task is not None:
            self._behind = True
        else:
            self._start({"type": "websocket.send", "text": text})

    def beat(self, text: str) -> None:
        """A sign of life; one that cannot be taken now is worth nothing later."""
        if self._task is None:
            self._start({"type": "websocket.send", "text": text})

    def control(self, text: str) -> None:
        """A message that must arrive, however late; a newer one replaces it."""
        if self._task is not None:
            self._control = text
        else:
            self._start({"type": "websocket.send", "text": text})

    def end(self, code: int, reason: str, *, last_text: str | None = None) -> None:
        """Closes the socket after `last_text`, as soon as it takes both; nothing is sent after this."""
        self._ending = (last_text, code, reason)
        if self._task is None and not self.gone:
            self._take_over(self._finish())

    def abandon(self) -> None:
        """Forgets the viewer: whatever waits for the socket ends here."""
        self.gone = True
        if self._task is not None:
            self._task.cancel()

    def _start(self, message: dict[str, Any]) -> None:
        if self.gone or self._ending is not None:
            return
        sending = self._send(message)
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except GONE:
            self.gone = True
        except Exception:  # a server's fault with one viewer must not reach the next viewer in the same loop
            logger.exception("A message could not be sent to a viewer.")
            self.gone = True
        else:
            self._take_over(self._drain(sending, waits_for))

    def _take_over(self, work: Coroutine[Any, Any, None]) -> None:
        self._stalled_since = time.monotonic()
        self._task = asyncio.get_running_loop().create_task(work)

    async def _drain(self, sending: Coroutine[Any, Any, None], waits_for: Any) -> None:
        try:
            await _resume(sending, waits_for)
            while self._ending is None and not self.gone and (text := self._missed()) is not None:
                await self._send({"type": "websocket.send", "text": text})
            if self._ending is not None:
                await self._finish()
        except GONE:
            self.gone = True
        except Exception:
            logger.exception("A message could not be sent to a slow viewer.")
            self.gone = True
        finally:
            self._task = None

    def _missed(self) -> str | None:
        if self._control is not None:
            text, self._control = self._control, None
            return text
        if self._behind:
            self._behind = False
            return self._newest()
        return None

    async def _finish(self) -> None:
        if self._ending is None:
            return
        last_text, code, reason = self._ending
        try:
            if last_text is not None:
                await self._send({"type": "websocket.send", "text": last_text})
            await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except GONE:
            pass
        finally:
            self.gone = True
            self._task = None


@types.coroutine
def _resume(sending: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """Goes on with a coroutine that was stepped once and yielded `waits_for`, inside a task."""
    try:
        yield waits_for
    except BaseException:  # the task was cancelled: the half-run coroutine must be told, or it would complain of never ending
        sending.close()
        raise
    yield from sending.__await__()
