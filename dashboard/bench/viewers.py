"""Many viewers in one process: opens sockets, says hello, and stamps what arrives.

Run as a child, `python -m dashboard.bench.viewers URL COUNT SECONDS` with the bearer token in QL_BENCH_TOKEN, so that its own work is
not counted as the server's. Prints `OPEN n` when all sockets have their first message, then one JSON line:
`{"received": n, "latency_ms": [...]}`. A message that carries `"sent_ns":<monotonic ns>` is timed; others are only counted.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

SENT = re.compile(r'"sent_ns": ?(\d+)')
CONNECTING_AT_ONCE = 50
KEPT_LATENCIES = 200_000


class Tally:
    """What all the viewers of this process have seen."""

    def __init__(self) -> None:
        self.received = 0
        self.latency_ms: list[float] = []

    def take(self, text: str | bytes) -> None:
        self.received += 1
        found = SENT.search(text if isinstance(text, str) else text.decode())
        if found and len(self.latency_ms) < KEPT_LATENCIES:
            self.latency_ms.append((time.monotonic_ns() - int(found[1])) / 1e6)


async def _open(url: str, headers: dict[str, str], gate: asyncio.Semaphore) -> ClientConnection:
    async with gate:
        socket = await connect(url, additional_headers=headers, compression=None, ping_interval=None, max_size=None)
        await socket.send('{"type":"hello","v":1,"seq":null}')
        await socket.recv()
        return socket


async def _listen(socket: ClientConnection, tally: Tally) -> None:
    try:
        async for text in socket:
            tally.take(text)
    except ConnectionClosed:
        print("a socket was closed by the server", file=sys.stderr)  # noqa: T201 (the child's report)


async def watch(url: str, count: int, seconds: float) -> Tally:
    """Opens `count` sockets, listens for `seconds`, closes them."""
    headers = {"Authorization": f"Bearer {os.environ['QL_BENCH_TOKEN']}"} if os.environ.get("QL_BENCH_TOKEN") else {}
    gate = asyncio.Semaphore(CONNECTING_AT_ONCE)
    sockets = await asyncio.gather(*(_open(url, headers, gate) for _ in range(count)))
    print(f"OPEN {len(sockets)}", flush=True)  # noqa: T201 (the parent waits for this line)
    tally = Tally()
    listeners = [asyncio.create_task(_listen(socket, tally)) for socket in sockets]
    await asyncio.sleep(seconds)
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)
    return tally


def main() -> None:
    url, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    tally = asyncio.run(watch(url, count, seconds))
    print(json.dumps({"received": tally.received, "latency_ms": tally.latency_ms}), flush=True)  # noqa: T201 (the child's report)


if __name__ == "__main__":
    main()
