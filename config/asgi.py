"""The web process: pages and API by Django, sockets by Channels, and one hub that lives as long as the server."""

from __future__ import annotations

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()

# Only after Django is set up may anything be imported that has models.
from dashboard.live.door import admit  # noqa: E402
from dashboard.live.hub import Hub  # noqa: E402
from dashboard.live.routing import websocket_application, with_lifespan  # noqa: E402
from dashboard.live.version import served_version  # noqa: E402
from dashboard.store import connection  # noqa: E402

hub = Hub(subscriber=connection.subscriber, client=connection.async_client, admit=admit, version=served_version())
application = with_lifespan(ProtocolTypeRouter({"http": pages, "websocket": websocket_application(hub)}), hub)
