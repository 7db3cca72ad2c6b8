"""Changes over real connections: each on its own, sent once, and an error says whether it may have been made."""

from __future__ import annotations

import socket

import pytest

from dashboard.sources.errors import ErrorKind
from dashboard.sources.http import Limits
from tests.sources.conftest import MakeClient
from tests.sources.vendor import OK, Reply, Vendor, raw_server, read_request, refused

FORM = b"content-length: 2\r\n\r\n{}"


def test_send_json_sends_json_with_credentials_and_takes_every_good_status(vendor: Vendor, make_client: MakeClient) -> None:
    client = make_client(vendor.url)
    vendor.replies(Reply.json({"a": 1}, 201), Reply(204, b"", {"content-type": ""}), Reply(200, b"", {"content-type": "text/html"}))
    answer = client.send_json("POST", "/x", {"ä": [1]}, params={"ids": "1,2"}, headers={"idempotency-key": "k"})
    assert (answer.json, answer.status, answer.requests) == ({"a": 1}, 201, 1)
    asked = vendor.asked[0]
    assert (asked.method, asked.path, asked.query, asked.body) == ("POST", "/x", {"ids": "1,2"}, rb'{"\u00e4": [1]}')
    assert (asked.headers["content-type"], asked.headers["idempotency-key"]) == ("application/json", "k")
    assert asked.headers["authorization"].startswith("Basic ")
    assert [client.send_json(method, "/x", None).json for method in ("DELETE", "PUT")] == [None, None]
    assert "content-type" not in vendor.asked[1].headers
    vendor.replies(Reply(307, b"", {"location": "https://evil.example/"}))
    assert refused(lambda: client.send_json("POST", "/x", {})).kind is ErrorKind.REDIRECT
    assert refused(lambda: client.send_json("POST", "https://evil.example/x", {})).kind is ErrorKind.INVALID
    with pytest.raises(ValueError, match="JSON"):
        client.send_json("POST", "/x", {"a": float("nan")})
    assert len(vendor.asked) == 4


def test_change_over_a_connection_of_its_own_is_sent_once_though_a_question_would_be_repeated(make_client: MakeClient) -> None:
    asked: list[tuple[int, str]] = []

    def talk(connection: socket.socket, number: int) -> None:
        while head := read_request(connection):
            asked.append((number, head.split(b" ", 1)[0].decode()))
            if asked[-1][1] == "DELETE":
                return  # read, and broken off without a byte
            connection.sendall(OK + FORM)

    with raw_server(talk) as url:
        client = make_client(url)
        client.get_json("/x")
        client.send_json("PUT", "/x", None)
        error = refused(lambda: client.send_json("DELETE", "/x", None))
        client.get_json("/x")
    assert asked == [(0, "GET"), (1, "PUT"), (2, "DELETE"), (0, "GET")]
    assert (error.kind, error.is_unsure) == (ErrorKind.NETWORK, True)


def test_change_that_never_left_is_sure_not_to_have_been_made(make_client: MakeClient) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    error = refused(lambda: make_client(url).send_json("POST", "/x", {}))
    assert (error.kind, error.is_unsure) == (ErrorKind.NETWORK, False)


def test_change_that_is_not_answered_in_time_may_have_been_made(make_client: MakeClient) -> None:
    def talk(connection: socket.socket, number: int) -> None:
        while connection.recv(4096):
            pass  # until the client hangs up

    with raw_server(talk) as url:
        client = make_client(url, limits=Limits(connect_s=5, read_s=0.1, total_s=5))
        error = refused(lambda: client.send_json("POST", "/x", {}))
        assert (error.kind, error.is_unsure) == (ErrorKind.TIMEOUT, True)
        assert refused(lambda: client.get_json("/x")).is_unsure is False
