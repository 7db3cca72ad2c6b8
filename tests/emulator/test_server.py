"""The socket it listens on and the address it tells."""

from __future__ import annotations

import socket
import threading

import httpx
import pytest

from dashboard.emulator.server import bound_socket, url_of
from tests.emulator.running import RunningEmulator

BASE = "/api/v2/channels/voice/stats/"


def test_address_of_loopback_and_of_all_interfaces() -> None:
    for host in ("127.0.0.1", "0.0.0.0"):
        with bound_socket(host, 0) as bound:
            assert url_of(bound) == f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_address_of_ipv6_is_in_brackets() -> None:
    try:
        bound = bound_socket("::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with bound:
        assert url_of(bound) == f"http://[::1]:{bound.getsockname()[1]}"


def test_taken_port_is_an_oserror() -> None:
    with bound_socket("127.0.0.1", 0) as bound:
        bound.listen()
        with pytest.raises(OSError, match="in use"):
            bound_socket("127.0.0.1", bound.getsockname()[1])


def test_many_clients_at_once_are_not_granted_more_than_the_limit(still: RunningEmulator) -> None:
    still.control("limits", {"queue_limit": 100})
    auth = (still.settings.email, still.settings.password)
    granted: list[int] = []

    def ask() -> None:
        with httpx.Client(base_url=still.url, auth=auth, trust_env=False) as http:
            granted.append(sum(http.get(BASE + "current_queue_activity").status_code == 200 for _ in range(20)))

    askers = [threading.Thread(target=ask) for _ in range(10)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(30)
    assert sum(granted) == 100
    assert still.requests()["by_endpoint"]["current_queue_activity"] == {"200": 100, "429": 100}
