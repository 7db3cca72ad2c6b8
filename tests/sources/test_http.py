from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.http import Limits
from dashboard.sources.transport import DeadlineTransport
from tests.sources.conftest import NOW, SENTINEL, Clock, MakeClient
from tests.sources.vendor import Reply, Vendor, raw_server, read_request

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def refused(call: Callable[[], object]) -> SourceError:
    with pytest.raises(SourceError) as caught:
        call()
    return caught.value


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
    vendor.replies(Reply(200, gzip.compress(b'{"a":1}'), {"content-encoding": "gzip"}))
    assert make_client(vendor.url).get_json("/x").json == {"a": 1}
    assert vendor.asked[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"not gzip", "gzip"),
        (gzip.compress(b"{}")[:-4], "gzip"),
        (gzip.compress(b"{}") + b"more", "gzip"),
        (b"{}", "br"),
        (gzip.compress(gzip.compress(b"{}")), "gzip, gzip"),
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
    vendor.replies(Reply(200, gzip.compress(b"0" * 60_000_000, compresslevel=1), {"content-encoding": "gzip"}))
    started = time.monotonic()
    assert refused(lambda: make_client(vendor.url, limits=Limits()).get_json("/x")).kind is ErrorKind.TOO_LARGE
    assert time.monotonic() - started < 5


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
    with raw_server(talk) as url:
        started = time.monotonic()
        error = refused(lambda: make_client(url).get_json("/x"))
        assert error.kind is kind
        assert time.monotonic() - started < 1.5


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
        client = make_client(url)
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
        assert refused(lambda: make_client(url).get_json("/x")).kind is ErrorKind.NETWORK
    assert numbers == [0]


def test_get_json_with_a_name_that_nobody_knows_raises_network(make_client: MakeClient) -> None:
    def look_up(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    client = make_client("https://nowhere.example", transport=DeadlineTransport(look_up=look_up))
    error = refused(lambda: client.get_json("/x"))
    assert error.kind is ErrorKind.NETWORK
    assert "host name" in error.message


def test_get_json_with_a_hanging_name_server_raises_timeout(make_client: MakeClient) -> None:
    release = threading.Event()
    looked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        looked.append(host)
        release.wait(10)
        return ["127.0.0.1"]

    client = make_client("https://slow.example", transport=DeadlineTransport(look_up=look_up))
    started = time.monotonic()
    for _ in range(2):
        assert refused(lambda: client.get_json("/x")).kind is ErrorKind.TIMEOUT
    assert time.monotonic() - started < 3
    assert looked == ["slow.example"]  # the second call waits for the look-up that is still under way
    release.set()


def test_get_json_tries_every_address_of_a_name(vendor: Vendor, make_client: MakeClient) -> None:
    port = int(vendor.url.rsplit(":", 1)[1])
    with socket.create_server(("127.0.0.3", 0)) as closed:
        assert closed
    transport = DeadlineTransport(look_up=lambda host, _: ["127.0.0.3", "127.0.0.1"])
    assert make_client(f"http://localhost:{port}", transport=transport).get_json("/x").json == {}


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api",
        "//evil.example/api",
        "http://127.0.0.1:1/api",
        "https://127.0.0.1/api",
        "http://127.0.0.2/api",
        "http://user:pass@{own}/api",
        "ftp://{own}/api",
        "http://[broken",
        "javascript:alert(1)",
    ],
)
def test_get_json_with_a_foreign_link_sends_nothing(vendor: Vendor, make_client: MakeClient, link: str) -> None:
    own = vendor.url.removeprefix("http://")
    error = refused(lambda: make_client(vendor.url).get_json(link.format(own=own)))
    assert error.kind is ErrorKind.INVALID
    assert vendor.asked == []


def test_get_json_with_its_own_absolute_link_follows_it(vendor: Vendor, make_client: MakeClient) -> None:
    make_client(vendor.url).get_json(f"{vendor.url.upper().replace('HTTP', 'http')}/api/v2/x?page=2#end")
    assert (vendor.asked[0].path, vendor.asked[0].query) == ("/api/v2/x", {"page": "2"})


@pytest.mark.parametrize(
    "url", ["http://example.zendesk.com", "ftp://localhost", "https://", "", "https://user:pass@x.example", "http://127.evil.example"]
)
def test_client_with_an_unsafe_address_refuses_to_be_made(make_client: MakeClient, url: str) -> None:
    error = refused(lambda: make_client(url))
    assert error.kind is ErrorKind.REFUSED_CONFIG
    assert error.permanent


def test_before_request_that_raises_prevents_the_request(vendor: Vendor, make_client: MakeClient) -> None:
    class NoBudgetError(Exception):
        pass

    def refuse() -> None:
        raise NoBudgetError

    with pytest.raises(NoBudgetError):
        make_client(vendor.url).get_json("/x", before_request=refuse)
    assert vendor.asked == []


def test_before_request_that_waits_leaves_the_request_its_full_time(vendor: Vendor, make_client: MakeClient) -> None:
    limits = Limits(connect_s=0.2, read_s=0.2, total_s=0.2)
    waited = threading.Event()
    assert make_client(vendor.url, limits=limits).get_json("/x", before_request=lambda: waited.wait(0.3) and None).status == 200


def test_get_json_past_its_deadline_asks_nothing(vendor: Vendor, make_client: MakeClient) -> None:
    before: list[None] = []
    client = make_client(vendor.url)
    error = refused(lambda: client.get_json("/x", before_request=lambda: before.append(None), deadline=time.monotonic()))
    assert (error.kind, before, vendor.asked) == (ErrorKind.TIMEOUT, [], [])


def test_get_json_after_close_raises_network(vendor: Vendor, make_client: MakeClient) -> None:
    client = make_client(vendor.url)
    client.close()
    assert refused(lambda: client.get_json("/x")).kind is ErrorKind.NETWORK


def test_get_json_ignores_proxies_and_netrc_of_the_environment(
    vendor: Vendor, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    make_client(vendor.url).get_json("/x")
    assert SENTINEL.encode() in b64decode(vendor.asked[0].headers["authorization"].removeprefix("Basic "))


def test_get_json_with_a_certificate_of_nobody_raises_tls(make_client: MakeClient, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(certificate.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)

    def talk(connection: socket.socket, number: int) -> None:
        with server.wrap_socket(connection, server_side=True) as secure:
            while read_request(secure):
                secure.sendall(OK + b"content-length: 7\r\n\r\n" + b'{"a":1}')

    with raw_server(talk) as url:
        port = url.rsplit(":", 1)[1]
        error = refused(lambda: make_client(f"https://localhost:{port}", limits=Limits()).get_json("/x"))
        assert (error.kind, error.permanent) == (ErrorKind.TLS, False)
        trusting = DeadlineTransport(ssl_context=ssl.create_default_context(cafile=pem), look_up=lambda host, _: ["127.0.0.1"])
        good = make_client(f"https://localhost:{port}", transport=trusting, limits=Limits())
        assert [good.get_json("/x").json for _ in range(2)] == [{"a": 1}] * 2
        good.close()
    with raw_server(lambda connection, _: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as url:
        plain = f"https://localhost:{url.rsplit(':', 1)[1]}"
        assert refused(lambda: make_client(plain, limits=Limits()).get_json("/x")).kind is ErrorKind.TLS
