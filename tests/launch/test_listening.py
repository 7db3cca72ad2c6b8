"""The socket of the web server."""

from __future__ import annotations

import socket

import pytest

from dashboard.launch.errors import LaunchError
from dashboard.launch.listening import SEND_BUFFER_BYTES, bind, check_free, shown_host


def test_bind_limits_what_the_kernel_keeps_for_a_slow_viewer() -> None:
    with bind("127.0.0.1", 0) as listener:
        listener.listen(1)
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as served:
            # Linux doubles the number for its own bookkeeping.
            assert served.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * SEND_BUFFER_BYTES


def test_check_free_of_port_zero_gives_a_port() -> None:
    assert check_free("127.0.0.1", 0) > 1023


def test_check_free_of_a_port_in_use_names_the_variable() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        for host in ("127.0.0.1", "0.0.0.0"):
            with pytest.raises(LaunchError, match=rf"^PORT {port} on {host} is in use"):
                check_free(host, port)


def test_check_free_of_a_port_just_closed_is_free() -> None:
    with bind("127.0.0.1", 0) as before:
        before.listen(1)
        port = before.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            before.accept()[0].close()  # the server's side closes first and lingers in TIME_WAIT
    assert check_free("127.0.0.1", port) == port


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7", "http://127.0.0.1"])
def test_bind_of_a_host_that_is_not_ours_names_the_variable(host: str) -> None:
    with pytest.raises(LaunchError, match=r"^HOST "):
        bind(host, 0)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_bind_of_ipv6_loopback_is_served() -> None:
    try:
        probe = socket.socket(socket.AF_INET6)
        with probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with bind("::1", 0) as listener:
        assert listener.family == socket.AF_INET6


@pytest.mark.parametrize(
    ("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("::1", "[::1]"), ("wall.example", "wall.example")]
)
def test_shown_host_can_be_opened_in_a_browser(host: str, shown: str) -> None:
    assert shown_host(host) == shown
