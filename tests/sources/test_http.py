"""What the vendor answers, good and bad, as JSON or as one error; and what comes before a request."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from base64 import b64decode
from datetime import timedelta
from email.utils import format_datetime

import pytest

from dashboard.sources.errors import ErrorKind
from dashboard.sources.http import Limits
from tests.sources.conftest import NOW, SENTINEL, Clock, MakeClient
from tests.sources.vendor import OK, Reply, Vendor, raw_server, read_request, refused


def test_get_json_with_a_good_answer_gives_json_headers_and_time(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.replies(Reply.json({"a": [1, "ä"]}, X_Rate_Limit="400"))
    answer = make_client(vendor.url, clock=Clock()).get_json("/api/v2/x", {"ids": "1,2"})
    assert (answer.json, answer.status, answer.at, answer.requests) == ({"a": [1, "ä"]}, 200, NOW, 1)
    assert answer.headers["x-rate-limit"] == "400"
    asked = vendor.asked[0]
    assert (asked.method, asked.path, asked.query) == ("GET", "/api/v2/x", {"ids": "1,2"})
    assert b64decode(asked.headers["authorization"].removeprefix("Basic ")) == f"amara@example.com/token:{SENTINEL}".encode()
    assert asked.headers["accept"] == "application/json"


def test_get_json_three_times_uses_one_connection(make_client: MakeClient) -> None:
    numbers: list[int] = []

    def talk(connection: socket.socket, number: int) -> None:
        while read_request(connection):
            numbers.append(number)
            connection.sendall(OK + b"content-length: 2\r\n\r\n{}")

    with raw_server(talk) as url:
        client = make_client(url)
        for _ in range(3):
            client.get_json("/x")
    assert numbers == [0, 0, 0]


def test_get_json_sends_no_cookie_that_the_vendor_set(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.replies(Reply.json({}, Set_Cookie="_session=abc; Path=/"))
    client = make_client(vendor.url)
    answer = client.get_json("/x")
    client.get_json("/x")
    assert "cookie" not in vendor.asked[1].headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("status", "kind", "permanent"),
    [
        (204, ErrorKind.INVALID, False),
        (206, ErrorKind.INVALID, False),
        (301, ErrorKind.REDIRECT, False),
        (302, ErrorKind.REDIRECT, False),
        (304, ErrorKind.REDIRECT, False),
        (400, ErrorKind.INVALID, False),
        (401, ErrorKind.AUTH, True),
        (403, ErrorKind.FORBIDDEN, True),
        (404, ErrorKind.NOT_FOUND, False),
        (408, ErrorKind.TIMEOUT, False),
        (410, ErrorKind.NOT_FOUND, False),
        (422, ErrorKind.INVALID, False),
        (429, ErrorKind.RATE_LIMIT, False),
        (500, ErrorKind.SERVER, False),
        (502, ErrorKind.SERVER, False),
        (503, ErrorKind.SERVER, False),
        (599, ErrorKind.SERVER, False),
    ],
)
def test_get_json_with_a_bad_status_raises_its_kind(
    vendor: Vendor, make_client: MakeClient, status: int, kind: ErrorKind, permanent: bool
) -> None:
    vendor.replies(Reply(status, b"" if status in {204, 304} else b'{"error":"quoted"}'))
    error = refused(lambda: make_client(vendor.url).get_json("/x"))
    assert (error.kind, error.permanent, error.status, error.retry_after_s) == (kind, permanent, status, None)
    assert "quoted" not in error.message
    assert len(vendor.asked) == 1


def test_get_json_with_a_redirect_does_not_follow_it_even_with_a_broken_location(vendor: Vendor, make_client: MakeClient) -> None:
    for location in (f"{vendor.url}/elsewhere", "https://evil.example/", "http://[broken", "//\x7f:bad"):
        vendor.reset()
        vendor.replies(Reply(302, b"", {"location": location}))
        assert refused(lambda: make_client(vendor.url).get_json("/x")).kind is ErrorKind.REDIRECT
        assert len(vendor.asked) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("37", 37.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("99999", 3600.0),
        ("9" * 400, 3600.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        (format_datetime(NOW + timedelta(days=9), usegmt=True), 3600.0),
        ("-5", None),
        ("soon", None),
        ("nan", None),
        ("1e3", None),
        ("Fri, 99 Foo 2026 99:99:99 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_read_and_clamped(vendor: Vendor, make_client: MakeClient, text: str, seconds: float | None, status: int) -> None:
    vendor.replies(
        Reply(status, b"slow down", {"retry-after": text, "content-type": "text/plain", "date": format_datetime(NOW, usegmt=True)})
    )
    error = refused(lambda: make_client(vendor.url, clock=Clock(NOW + timedelta(hours=5))).get_json("/x"))
    assert error.retry_after_s == seconds


@pytest.mark.parametrize(
    ("body", "content_type", "says"),
    [
        (b"", "application/json", "empty"),
        (b" \n", "application/json", "empty"),
        (b"<html>", "text/html; charset=utf-8", "web page"),
        (b"{}", "text/plain", "does not say"),
        (b"{}", "", "does not say"),
        (b"{", "application/json", "not JSON"),
        (b"{} {}", "application/json", "not JSON"),
        (b'{"a": NaN}', "application/json", "not JSON"),
        (b'{"a": -Infinity}', "application/json", "not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "application/json", "not JSON"),
        (b'{"a": "\xff"}', "application/json", "UTF-8"),
        (b"[" * 100_000, "application/json", "nested"),
    ],
)
def test_get_json_with_no_json_raises_invalid(vendor: Vendor, make_client: MakeClient, body: bytes, content_type: str, says: str) -> None:
    vendor.replies(Reply(200, body, {"content-type": content_type}))
    error = refused(lambda: make_client(vendor.url).get_json("/x"))
    assert error.kind is ErrorKind.INVALID
    assert says in error.message


@pytest.mark.parametrize("content_type", ["application/json", "APPLICATION/JSON ; charset=utf-8", "application/problem+json", "text/json"])
def test_get_json_accepts_every_spelling_of_json(vendor: Vendor, make_client: MakeClient, content_type: str) -> None:
    vendor.replies(Reply(200, b'\xef\xbb\xbf{"a":1}', {"content-type": content_type}))
    assert make_client(vendor.url).get_json("/x").json == {"a": 1}


def test_get_json_with_gzip_is_unpacked(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.replies(Reply(200, gzip.compress(b'{"a":1}', mtime=0), {"content-encoding": "gzip"}))
    assert make_client(vendor.url).get_json("/x").json == {"a": 1}
    assert vendor.asked[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"not gzip", "gzip"),
        (gzip.compress(b"{}", mtime=0)[:-4], "gzip"),
        (gzip.compress(b"{}", mtime=0) + b"more", "gzip"),
        (b"{}", "br"),
        (gzip.compress(gzip.compress(b"{}", mtime=0), mtime=0), "gzip, gzip"),
    ],
)
def test_get_json_with_bad_packing_raises_invalid(vendor: Vendor, make_client: MakeClient, body: bytes, encoding: str) -> None:
    vendor.replies(Reply(200, body, {"content-encoding": encoding}))
    assert refused(lambda: make_client(vendor.url).get_json("/x")).kind is ErrorKind.INVALID


def test_get_json_over_five_megabytes_raises_too_large(vendor: Vendor, make_client: MakeClient) -> None:
    client = make_client(vendor.url, limits=Limits())
    vendor.replies(Reply(200, b'"' + b"a" * 4_999_998 + b'"'), Reply(200, b'"' + b"a" * 4_999_999 + b'"'))
    assert isinstance(client.get_json("/x").json, str)
    assert refused(lambda: client.get_json("/x")).kind is ErrorKind.TOO_LARGE


def test_get_json_with_a_bomb_stops_at_the_cap(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.replies(Reply(200, gzip.compress(b"0" * 60_000_000, compresslevel=1, mtime=0), {"content-encoding": "gzip"}))
    began = time.thread_time()  # what it costs, and not what else the machine does
    assert refused(lambda: make_client(vendor.url, limits=Limits()).get_json("/x")).kind is ErrorKind.TOO_LARGE
    assert time.thread_time() - began < 5


def test_before_request_that_raises_prevents_the_request(vendor: Vendor, make_client: MakeClient) -> None:
    class NoBudgetError(Exception):
        pass

    def refuse() -> None:
        raise NoBudgetError

    with pytest.raises(NoBudgetError):
        make_client(vendor.url).get_json("/x", before_request=refuse)
    assert vendor.asked == []


def test_before_request_that_waits_leaves_the_request_its_full_time(vendor: Vendor, make_client: MakeClient) -> None:
    limits = Limits(connect_s=1.5, read_s=1.5, total_s=1.5)
    waited = threading.Event()
    assert make_client(vendor.url, limits=limits).get_json("/x", before_request=lambda: waited.wait(1.6) and None).status == 200


def test_get_json_past_its_deadline_asks_nothing(vendor: Vendor, make_client: MakeClient) -> None:
    before: list[None] = []
    client = make_client(vendor.url)
    error = refused(lambda: client.get_json("/x", before_request=lambda: before.append(None), deadline=time.monotonic()))
    assert (error.kind, before, vendor.asked) == (ErrorKind.TIMEOUT, [], [])


def test_get_json_after_close_raises_network(vendor: Vendor, make_client: MakeClient) -> None:
    client = make_client(vendor.url)
    client.close()
    assert refused(lambda: client.get_json("/x")).kind is ErrorKind.NETWORK
