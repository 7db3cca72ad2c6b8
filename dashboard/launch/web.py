"""The web server: uvicorn on a socket of ours.

In:  HOST and PORT. Out: an exit code when it was asked to end. Must not run behind a process manager that forks: one process, one hub.
"""

from __future__ import annotations

import signal

import uvicorn

from dashboard.launch.listening import bind
from dashboard.store.database_patience import be_brief

PING_S = 20
GRACEFUL_S = 3
MESSAGE_MAX_BYTES = 65_536


def config() -> uvicorn.Config:
    """How we are served. The access log is off: a wall's first address holds its key."""
    return uvicorn.Config(
        "config.asgi:application",
        lifespan="on",
        # Measured with 3,000 viewers: the sans-I/O protocol, nothing compressed per connection (that costs four times the CPU).
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        ws_max_size=MESSAGE_MAX_BYTES,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=GRACEFUL_S,
    )


def serve(host: str, port: int) -> int:
    """Serves until SIGTERM or SIGINT. The exit code. LaunchError when the address cannot be had."""
    sock = bind(host, port)
    be_brief()
    # uvicorn raises the signal again when it has ended; without these a clean end would look like a death by signal.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    server = uvicorn.Server(config())
    server.run(sockets=[sock])
    return 0 if server.started else 1
