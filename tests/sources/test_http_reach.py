"""Where a question may go: names, addresses, links, proxies, certificates. Credentials go to the account's own host alone."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from dashboard.sources.errors import ErrorKind
from dashboard.sources.http import Limits
from dashboard.sources.transport import DeadlineTransport
from tests.sources.conftest import SENTINEL, SOON, MakeClient
from tests.sources.vendor import OK, Vendor, raw_server, read_request, refused


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
        release.wait(60)
        return ["127.0.0.1"]

    client = make_client("https://slow.example", transport=DeadlineTransport(look_up=look_up), limits=SOON)
    started = time.monotonic()
    for _ in range(2):
        assert refused(lambda: client.get_json("/x")).kind is ErrorKind.TIMEOUT
    assert time.monotonic() - started < 30
    assert looked == ["slow.example"]  # the second call waits for the look-up that is still under way
    release.set()


def test_get_json_on_a_machine_without_threads_fails_once_and_looks_the_name_up_when_there_are_some(
    vendor: Vendor, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(vendor.url.rsplit(":", 1)[1])
    begin, looked = threading.Thread.start, []

    def start(thread: threading.Thread) -> None:
        if thread.name == "look-up" and not looked:
            looked.append(thread.name)
            raise RuntimeError("can't start new thread")
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    client = make_client(f"http://localhost:{port}", transport=DeadlineTransport(look_up=lambda host, _: ["127.0.0.1"]))
    assert refused(lambda: client.get_json("/x")).kind is ErrorKind.NETWORK
    assert client.get_json("/x").json == {}


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
