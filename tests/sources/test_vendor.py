"""The tests' own vendor: what one test left in its sockets is not the next one's."""

from __future__ import annotations

import contextlib
import socket
import urllib.request

from tests.sources.vendor import Vendor


def test_reset_after_requests_that_were_given_up_leaves_none_of_them(vendor: Vendor) -> None:
    host, port = vendor.url.removeprefix("http://").split(":")
    for number in range(20):
        for _ in range(3):
            with socket.create_connection((host, int(port))) as gives_up:
                gives_up.sendall(f"GET /late?page={number} HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
        vendor.reset()
        with contextlib.closing(urllib.request.urlopen(vendor.url + "/mine")) as answer:
            assert answer.status == 200
        assert [asked.path for asked in vendor.asked] == ["/mine"]
