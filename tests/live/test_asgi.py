"""The application as it is served: pages and sockets from one port, and the hub lives and ends with the server."""

from __future__ import annotations

import threading

import httpx
import uvicorn

from config import asgi
from dashboard.launch.web import config as served_config
from dashboard.live.version import served_version
from tests.live.conftest import Floor
from tests.live.serving import DEADLINE_S, Served, StartedServer, listening_socket


def test_the_application_serves_pages_and_sockets_and_ends_with_the_server(floor: Floor, key: str) -> None:
    floor.polls(3)
    server = StartedServer(uvicorn.Config(asgi.application, lifespan="on", ws="websockets-sansio", log_config=None))
    sock = listening_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        assert server.listening.wait(DEADLINE_S)
        served = Served(asgi.hub, sock.getsockname()[1])
        assert httpx.get(f"http://127.0.0.1:{served.port}/healthz").status_code == 200
        with served.viewer(key) as viewer:
            viewer.hello(version=served_version())
            assert viewer.next()["frame"]["metrics"]["calls_waiting"]["value"] == 3
            assert len(asgi.hub.seats) == 1
    finally:
        server.should_exit = True
        thread.join(DEADLINE_S)
        sock.close()
    assert not thread.is_alive()
    assert len(asgi.hub.seats) == 0


def test_the_web_command_serves_this_application_with_its_lifespan() -> None:
    config = served_config()
    assert (config.app, config.lifespan, config.ws) == ("config.asgi:application", "on", "websockets-sansio")


def test_the_version_is_one_short_word_that_stays() -> None:
    assert served_version() == served_version()
    assert len(served_version()) == 16
