"""The floor that pushing is held against: a bare `websockets` server that broadcasts what one Redis subscription brings.

Run as a child, `python -m dashboard.bench.push_floor REDIS_URL_VARIABLE CHANNEL`; prints `LISTENING port`. No authentication, no rooms,
no routing:
nothing in Python with the same library does less.
"""

from __future__ import annotations

import asyncio
import os
import sys

import redis.asyncio
from websockets.asyncio.server import ServerConnection, broadcast, serve


async def run(redis_url: str, channel: str) -> None:
    """Serves until it is ended."""
    viewers: set[ServerConnection] = set()

    async def view(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send("{}")
        viewers.add(socket)
        try:
            await socket.wait_closed()
        finally:
            viewers.discard(socket)

    client = redis.asyncio.Redis.from_url(redis_url, socket_timeout=None)
    async with serve(view, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(f"LISTENING {server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201 (the parent waits for this line)
        async with client.pubsub() as subscription:
            await subscription.subscribe(channel)
            async for message in subscription.listen():
                if message["type"] == "message":
                    broadcast(viewers, message["data"].decode().partition("\n")[2])


def main() -> None:
    asyncio.run(run(os.environ[sys.argv[1]], sys.argv[2]))


if __name__ == "__main__":
    main()
