"""How the web server is set up; that it serves and ends is tested in tests/faults/test_up.py."""

from __future__ import annotations

import inspect

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from dashboard.launch.web import config


def test_config_is_the_measured_one() -> None:
    made = config()
    assert made.ws == "websockets-sansio"
    assert not made.ws_per_message_deflate
    assert not made.access_log
    assert not made.server_header
    assert made.log_config is None
    assert made.forwarded_allow_ips == "127.0.0.1,::1"
    assert made.timeout_graceful_shutdown == 3
    made.load()
    assert made.ws_protocol_class is WebSocketsSansIOProtocol


def test_server_still_takes_sockets_of_ours() -> None:
    assert "sockets" in inspect.signature(uvicorn.Server.run).parameters
