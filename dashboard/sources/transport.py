"""httpx's transport with a deadline on everything: names, connecting, handshake, each read and each write.

In:  an httpx request and, for the calling thread, a `Call` (deadline). Out: an httpx response, or httpx's own exceptions.
httpx's timeouts are per read, so a vendor that sends one byte a second would hold a worker for ever; here every wait is
also cut to what is left of the call. Must not know about credentials, JSON or the vendor.
"""

from __future__ import annotations

import contextvars
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore
import httpx

# 16 poll threads share a client; more connections than threads are never needed.
MAX_CONNECTIONS = 20
# Longer than the slowest watched feed's interval, shorter than the idle time-outs of load balancers (60 s and more).
KEEPALIVE_S = 45.0


@dataclass(slots=True)
class Call:
    """One request under way. `deadline` is on time.monotonic(). `answered`: at least one byte of the answer came.

    `reused`: the connection had carried an answer before, so a break without an answer may only mean that it went stale.
    """

    deadline: float
    answered: bool = False
    reused: bool = False

    def left_s(self, timeout_s: float | None) -> float:
        """Seconds that a wait may take; 0 or less: none."""
        left = self.deadline - time.monotonic()
        return left if timeout_s is None else min(left, timeout_s)


_call: contextvars.ContextVar[Call | None] = contextvars.ContextVar("call", default=None)


@contextmanager
def calling(call: Call) -> Iterator[Call]:
    """Everything that this thread sends inside the block is bounded by `call`."""
    token = _call.set(call)
    try:
        yield call
    finally:
        _call.reset(token)


def _left_s(timeout_s: float | None, error: type[Exception]) -> float | None:
    """The shorter of a timeout and the call's deadline; raises `error` when the call's time is over."""
    call = _call.get()
    if call is None:
        return timeout_s
    left = call.left_s(timeout_s)
    if left <= 0:
        raise error("the call's time is over")
    return left


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the call's deadline."""

    def __init__(self, inner: httpcore.NetworkStream, *, used: bool = False) -> None:
        self._inner = inner
        self._used = used

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, _left_s(timeout, httpcore.ReadTimeout))
        call = _call.get()
        if data and call is not None:
            call.answered = True
            self._used = True
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        call = _call.get()
        if call is not None and not call.answered:
            call.reused = self._used
        self._inner.write(buffer, _left_s(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left_s(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Names:
    """Looks host names up in threads of its own, because getaddrinfo takes no timeout; one look-up at a time per name."""

    def __init__(self, look_up: Callable[[str, int], list[str]]) -> None:
        self._look_up = look_up
        self._lock = threading.Lock()
        self._under_way: dict[tuple[str, int], Future[list[str]]] = {}

    def addresses(self, host: str, port: int, timeout_s: float | None) -> list[str]:
        """The host's addresses in the system's order. ConnectTimeout, ConnectError."""
        with self._lock:
            future = self._under_way.get((host, port))
            if future is None:
                future = Future()
                try:
                    threading.Thread(target=self._run, args=(host, port, future), name="look-up", daemon=True).start()
                except RuntimeError as error:  # the machine has no thread left; noted as under way, it would never end
                    raise httpcore.ConnectError("no thread could begin") from error
                self._under_way[(host, port)] = future
        try:
            return future.result(timeout_s)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("looking up the host name took too long") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the host name cannot be found") from error

    def _run(self, host: str, port: int, future: Future[list[str]]) -> None:
        try:
            found = self._look_up(host, port)
        except BaseException as error:  # noqa: BLE001 (handed to whoever waits; lost in a thread it would leave them waiting)
            outcome: list[str] | BaseException = error
        else:
            outcome = found
        with self._lock:
            del self._under_way[(host, port)]
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)


def system_addresses(host: str, port: int) -> list[str]:
    """What the operating system knows of a host name. socket.gaierror when it knows nothing."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Backend(httpcore.SyncBackend):
    """Connects to each address of a host in turn until the call's time is over."""

    def __init__(self, look_up: Callable[[str, int], list[str]]) -> None:
        self._names = _Names(look_up)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._names.addresses(host, port, _left_s(timeout, httpcore.ConnectTimeout))
        last: Exception = httpcore.ConnectError("the host name has no address")
        for address in addresses:
            try:
                allowed = _left_s(timeout, httpcore.ConnectTimeout)
                return _Stream(super().connect_tcp(address, port, allowed, local_address, list(socket_options or ())))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last


_TO_HTTPX: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.TimeoutException, httpx.TimeoutException),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.NetworkError, httpx.NetworkError),
    (httpcore.ProxyError, httpx.ProxyError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.ProtocolError, httpx.ProtocolError),
    (httpcore.ConnectionNotAvailable, httpx.ConnectError),
)


@contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except tuple(known for known, _ in _TO_HTTPX) as error:
        meant = next(to for known, to in _TO_HTTPX if isinstance(error, known))
        # No text: h11 quotes a header that it refuses, and that header is the Authorization.
        raise meant("") from error


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


class DeadlineTransport(httpx.BaseTransport):
    """HTTP/1.1 over kept-alive connections; all but GET over new ones. Thread-safe. `look_up` is the seam for tests without a network."""

    def __init__(self, *, ssl_context: ssl.SSLContext | None = None, look_up: Callable[[str, int], list[str]] = system_addresses) -> None:
        """`ssl_context` is what an https address is verified with; None: for plain http, where there is nothing to verify."""
        backend = _Backend(look_up)

        def pool(kept: int) -> httpcore.ConnectionPool:
            return httpcore.ConnectionPool(
                ssl_context=ssl_context,
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=kept,
                keepalive_expiry=KEEPALIVE_S,
                http1=True,
                http2=False,
                retries=0,
                network_backend=backend,
            )

        self._pool = pool(MAX_CONNECTIONS)
        # What changes something gets a connection of its own: a kept one may have gone stale, and whether a question that was written into
        # it had been read nobody can say.
        self._fresh = pool(0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange; the body is read from the response. httpx.TransportError in all its forms."""
        if not isinstance(request.stream, httpx.SyncByteStream):
            raise TypeError("this transport sends plain requests only")
        url = httpcore.URL(scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path)
        core = httpcore.Request(request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions)
        with _as_httpx():
            answer = (self._pool if request.method == "GET" else self._fresh).handle_request(core)
        if not isinstance(answer.stream, Iterable):
            raise TypeError("httpcore gave an asynchronous body")
        # A vendor's session cookie would outlive, and outvote, the credentials.
        headers = [(name, value) for name, value in answer.headers if name.lower() != b"set-cookie"]
        return httpx.Response(answer.status, headers=headers, stream=_Body(answer.stream), extensions=answer.extensions)

    def close(self) -> None:
        """Closes every connection."""
        self._pool.close()
        self._fresh.close()
