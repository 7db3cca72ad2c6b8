"""The WebSockets' two addresses, and who may call from where.

In:  a hub. Out: the ASGI application for `websocket` scopes, and one that also starts and stops the hub with the server.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import ParseResult

from channels.routing import URLRouter
from channels.security.websocket import OriginValidator, WebsocketDenier
from django.conf import settings
from django.urls import path, re_path

from dashboard.live.consumers import HELLO_TIMEOUT_S, BoardConsumer, ScreenConsumer
from dashboard.live.hub import Hub

# Where a request finds how many sockets this process holds, for /metrics: pages have no other way to the hub.
SOCKETS = "queuelight.sockets"

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


class _SameSite(OriginValidator):  # type: ignore[misc]  # Channels has no types
    """Browsers always name the page's origin, and it must be ours: another site's page could use our cookies.

    A program that names none is no browser, and nobody's cookies come along unasked; it is known by what it brings itself.
    """

    def valid_origin(self, parsed_origin: ParseResult | None) -> bool:
        return parsed_origin is None or bool(self.validate_origin(parsed_origin))


def websocket_application(hub: Hub, *, hello_timeout_s: float = HELLO_TIMEOUT_S) -> Application:
    """`/ws/boards/<slug>/` and `/ws/screen/`; any other address is refused with HTTP 403."""
    consumer = BoardConsumer.as_asgi(hub=hub, hello_timeout_s=hello_timeout_s)
    screen = ScreenConsumer.as_asgi(hub=hub, hello_timeout_s=hello_timeout_s)
    router = URLRouter(
        [path("ws/boards/<slug:slug>/", consumer), path("ws/screen/", screen), re_path("", WebsocketDenier.as_asgi())],
    )
    application: Application = _SameSite(router, settings.ALLOWED_HOSTS)
    return application


def with_lifespan(application: Application, hub: Hub) -> Application:
    """The hub lives as long as the server. Channels' routers do not know lifespan events, so they are answered here."""

    async def whole(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, SOCKETS: len(hub.seats) + len(hub.screen_seats)}
        if scope["type"] != "lifespan":
            await application(scope, receive, send)
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                hub.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await hub.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    return whole
