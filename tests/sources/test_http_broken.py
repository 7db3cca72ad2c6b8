"""A vendor that speaks no proper HTTP, or none in time: one error within the deadline, whatever it does."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest

from dashboard.sources.errors import ErrorKind
from tests.sources.conftest import PATIENT, SOON, MakeClient
from tests.sources.vendor import OK, raw_server, read_request, refused


def endless(connection: socket.socket, number: int) -> None:
    read_request(connection)
    connection.sendall(OK + b"transfer-encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"1" * 0x10000 + b"\r\n")


def silent(connection: socket.socket, number: int) -> None:
    read_request(connection)
    connection.recv(1)


def dripping_head(connection: socket.socket, number: int) -> None:
    drip(connection, OK + b"x-padding: " + b"a" * 10_000)


def dripping_body(connection: socket.socket, number: int) -> None:
    read_request(connection)
    connection.sendall(OK + b"content-length: 10000\r\n\r\n")
    drip(connection, b"1" * 10_000)


def drip(connection: socket.socket, data: bytes) -> None:
    connection.settimeout(0.05)
    for position in range(len(data)):
        connection.sendall(data[position : position + 1])
        try:
            if position and not connection.recv(65536):
                return
        except TimeoutError:
            continue


def hanging_up(connection: socket.socket, number: int) -> None:
    read_request(connection)


def cut_off(connection: socket.socket, number: int) -> None:
    read_request(connection)
    connection.sendall(OK + b'content-length: 100\r\n\r\n{"half')


def gibberish(connection: socket.socket, number: int) -> None:
    read_request(connection)
    connection.sendall(b"\x00\x01\x02 not http\r\n\r\n")


def huge_head(connection: socket.socket, number: int) -> None:
    read_request(connection)
    connection.sendall(OK + b"x-a: " + b"a" * 1_000_000 + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("talk", "kind"),
    [
        (silent, ErrorKind.TIMEOUT),
        (dripping_head, ErrorKind.TIMEOUT),
        (dripping_body, ErrorKind.TIMEOUT),
        (endless, ErrorKind.TOO_LARGE),
        (hanging_up, ErrorKind.NETWORK),
        (cut_off, ErrorKind.NETWORK),
        (gibberish, ErrorKind.NETWORK),
        (huge_head, ErrorKind.NETWORK),
    ],
)
def test_get_json_with_a_broken_server_raises_within_the_deadline(
    make_client: MakeClient, talk: Callable[[socket.socket, int], None], kind: ErrorKind
) -> None:
    limits = SOON if kind is ErrorKind.TIMEOUT else PATIENT
    with raw_server(talk) as url:
        started = time.monotonic()
        assert refused(lambda: make_client(url, limits=limits).get_json("/x")).kind is kind
        assert time.monotonic() - started < 2 * PATIENT.total_s  # a drip lasts for minutes, and the silent one for ever


def test_get_json_with_nobody_listening_raises_network(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    error = refused(lambda: make_client(f"http://127.0.0.1:{port}").get_json("/x"))
    assert error.kind is ErrorKind.NETWORK
    assert "Nothing listens" in error.message


def test_get_json_with_a_stale_connection_asks_once_more(make_client: MakeClient) -> None:
    asked: list[int] = []

    def talk(connection: socket.socket, number: int) -> None:
        read_request(connection)
        asked.append(number)
        connection.sendall(OK + b"content-length: 2\r\n\r\n{}")
        if number == 0:
            read_request(connection)  # the second question arrives, and the connection is gone without a word
            asked.append(number)

    before: list[None] = []
    with raw_server(talk) as url:
        client = make_client(url, limits=PATIENT)
        client.get_json("/x")
        answer = client.get_json("/x", before_request=lambda: before.append(None))
        assert asked == [0, 0, 1]
        assert (answer.requests, len(before)) == (2, 2)


def test_get_json_with_a_break_on_a_new_connection_does_not_ask_again(make_client: MakeClient) -> None:
    numbers: list[int] = []

    def talk(connection: socket.socket, number: int) -> None:
        read_request(connection)
        numbers.append(number)

    with raw_server(talk) as url:
        assert refused(lambda: make_client(url, limits=PATIENT).get_json("/x")).kind is ErrorKind.NETWORK
    assert numbers == [0]
