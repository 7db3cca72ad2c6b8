"""No error, traceback or log line shows a secret, whatever the vendor does with it, not even when it sends it back."""

from __future__ import annotations

import io
import json
import logging
import socket
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator

import httpx
import pytest
import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.sources.auth import BasicToken, ClientCredentials, Credentials, StaticBearer
from dashboard.sources.errors import SourceError
from dashboard.sources.http import VendorClient
from dashboard.sources.redaction import RedactSecrets, Secret
from dashboard.sources.zendesk_talk import ZendeskTalk
from dashboard.store.tokens import RedisTokenStore
from tests.sources.conftest import SENTINEL, SOON, Clock, MakeClient
from tests.sources.vendor import Asked, Reply, Vendor, raw_server, read_request

GRANTED = "gr4nted-Access-Token"
REFRESH = "gr4nted-Refresh-Token"
BASIC = b64encode(f"amara@example.com/token:{SENTINEL}".encode()).decode()
FORBIDDEN = (SENTINEL, GRANTED, REFRESH, BASIC, b64encode(SENTINEL.encode()).decode())


def shown_by(error: BaseException) -> str:
    """All that a log, a crash reporter or a debug page could print of an error: with chain, and with every frame's local variables."""
    plain = "".join(traceback.format_exception(error))
    locals_too = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    beneath = []
    step = error.__cause__ or error.__context__
    while step is not None:
        beneath.append(repr(step))
        step = step.__cause__ or step.__context__
    return "\n".join([plain, locals_too, *beneath, repr(error), str(error), repr(vars(error))])


def failure_of(talk: ZendeskTalk) -> str:
    """In a function of its own, so that no local variable of a test is among the frames."""
    try:
        talk.read(Feed("main", Endpoint.QUEUE))
    except SourceError as error:
        return shown_by(error)
    raise AssertionError("it succeeded")


@pytest.fixture(params=["basic", "bearer", "client"])
def credentials(request: pytest.FixtureRequest, redis: redis_py.Redis) -> Credentials:
    store = RedisTokenStore(redis, "main", secret_key="k" * 50, credentials_digest="d")
    ways: dict[str, Callable[[], Credentials]] = {
        "basic": lambda: BasicToken("amara@example.com", Secret(SENTINEL)),
        "bearer": lambda: StaticBearer(Secret(SENTINEL)),
        "client": lambda: ClientCredentials("queuelight", Secret(SENTINEL), store, clock=Clock()),
    }
    return ways[request.param]()


def granting(then: Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
    grant = {"access_token": GRANTED, "refresh_token": REFRESH, "token_type": "bearer", "expires_in": 600}
    return lambda asked: Reply.json(grant) if asked.path == "/oauth/tokens" else then(asked)


def echo(asked: Asked) -> bytes:
    return json.dumps({"you_sent": dict(asked.headers), "body": asked.body.decode(), "all": FORBIDDEN}).encode()


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 429, 500, 503])
def test_errors_from_answers_that_echo_the_credentials_show_none(
    vendor: Vendor, make_client: MakeClient, credentials: Credentials, status: int
) -> None:
    for answer in (
        lambda asked: Reply(status, echo(asked), {"location": f"/?token={SENTINEL}", "x-echo": asked.headers.get("authorization", "-")}),
        lambda asked: Reply(status, b"{" + echo(asked), {"retry-after": SENTINEL}),
        lambda asked: Reply(status, echo(asked), {"content-type": "text/html"}),
        lambda asked: Reply(status, echo(asked), {"content-encoding": "gzip"}),
    ):
        vendor.answer = granting(answer)
        shown = failure_of(ZendeskTalk(make_client(vendor.url, credentials)))
        assert [secret for secret in FORBIDDEN if secret in shown] == []
        vendor.answer = answer  # the token endpoint too
        shown = failure_of(ZendeskTalk(make_client(vendor.url, credentials)))
        assert [secret for secret in FORBIDDEN if secret in shown] == []


@pytest.mark.parametrize(
    "reply",
    [b"HTTP/1.1 500 %s\r\n\r\n", b"%s\r\n\r\n", b"HTTP/1.1 200 OK\r\n%s\r\n\r\n", b"HTTP/1.1 200 OK\r\nx: \x00%s\r\n\r\n", b""],
)
def test_errors_from_broken_answers_that_echo_the_credentials_show_none(
    make_client: MakeClient, credentials: Credentials, reply: bytes
) -> None:
    def talk(connection: socket.socket, number: int) -> None:
        head = read_request(connection).replace(b"\r\n", b" ")
        connection.sendall(reply.replace(b"%s", head + SENTINEL.encode()))

    with raw_server(talk) as url:
        shown = failure_of(ZendeskTalk(make_client(url, credentials)))
    assert [secret for secret in FORBIDDEN if secret in shown] == []


@pytest.mark.parametrize(
    "kind", [httpx.ConnectError, httpx.ReadTimeout, httpx.LocalProtocolError, httpx.RemoteProtocolError, httpx.DecodingError]
)
def test_errors_from_exceptions_that_quote_the_credentials_show_none(kind: type[httpx.RequestError], credentials: Credentials) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise kind(f"Illegal header value {request.headers.get('authorization')} {SENTINEL}", request=request)

    client = VendorClient("http://127.0.0.1:1", credentials, transport=httpx.MockTransport(broken), limits=SOON)
    shown = failure_of(ZendeskTalk(client))
    client.close()
    assert [secret for secret in FORBIDDEN if secret in shown] == []


@pytest.fixture
def debug_log() -> Iterator[io.StringIO]:
    """Everything that httpx and httpcore log at DEBUG, through the filter."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(RedactSecrets())
    loggers = [logging.getLogger(name) for name in ("httpx", "httpcore")]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
    yield lines
    for logger, (level, propagate) in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


def test_debug_log_of_the_http_library_shows_no_secret(
    vendor: Vendor, make_client: MakeClient, credentials: Credentials, debug_log: io.StringIO
) -> None:
    vendor.answer = granting(
        lambda asked: Reply.json(
            {"current_queue_activity": {}}, Set_Cookie="_session=c00kie-Value; Path=/", X_Echo=asked.headers["authorization"]
        )
    )
    ZendeskTalk(make_client(vendor.url, credentials)).read(Feed("main", Endpoint.QUEUE))
    said = debug_log.getvalue()
    assert "receive_response_headers.complete" in said
    assert [secret for secret in (*FORBIDDEN, "c00kie-Value") if secret in said] == []


def test_reprs_of_everything_that_holds_a_secret_show_none(make_client: MakeClient, credentials: Credentials) -> None:
    client = make_client("http://127.0.0.1:1", credentials)
    shown = repr([credentials, client, ZendeskTalk(client), vars(client)])
    assert [secret for secret in FORBIDDEN if secret in shown] == []
