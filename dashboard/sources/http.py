"""One HTTP client per account: asks for JSON and gives JSON or one SourceError, whatever the other side does.

In:  a path or a link of the account, credentials. Out: `Answer`. Refuses redirects, other hosts, bodies over 5 MB
(counted unpacked), anything that is not JSON, and more than ten seconds. Must not know what the JSON means.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import httpx

from config.env import is_loopback
from dashboard.sources.auth import Credentials
from dashboard.sources.errors import ErrorKind, SourceError, from_httpx, from_status
from dashboard.sources.redaction import Secret
from dashboard.sources.transport import Call, DeadlineTransport, calling


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. `total_s` bounds one request from looking up the name to the last byte; `body_bytes` the unpacked body."""

    connect_s: float = 3.0
    read_s: float = 5.0
    total_s: float = 10.0
    body_bytes: int = 5_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A 200 with JSON. Header names are lower case; `at` (aware UTC) is when the last byte arrived.

    `requests`: how many were sent for it (2 after a renewed token or a stale connection).
    """

    json: object = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    at: datetime
    requests: int = 1


def _nothing() -> None:
    return None


def _now() -> datetime:
    return datetime.now(UTC)


class VendorClient:
    """Kept-alive connections to one account. Thread-safe; one per process and account."""

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """`url`: scheme, host and port of the account. SourceError (refused_config) unless it is https, or http to this machine."""
        self._base = _base(url)
        self._credentials = credentials
        self._limits = limits or Limits()
        self._clock = clock
        if transport is None:
            transport = DeadlineTransport(ssl_context=httpx.create_ssl_context() if self._base.scheme == "https" else None)
        self._client = httpx.Client(
            transport=transport,
            # The environment's proxies and ~/.netrc could send the credentials elsewhere, or others in their place.
            trust_env=False,
            follow_redirects=False,
            headers={"accept": "application/json", "accept-encoding": "gzip", "user-agent": "Queuelight/0.1"},
            # httpx reads a redirect's Location even if it does not follow it, and a broken one would hide what happened.
            event_hooks={"response": [self._check_status]},
        )

    def __repr__(self) -> str:
        return f"VendorClient({self._base.scheme}://{self._base.netloc.decode('ascii')}, {self._credentials!r})"

    def close(self) -> None:
        """Closes the connections; later calls raise SourceError (network)."""
        self._client.close()

    def get_json(
        self,
        path_or_url: str,
        params: Mapping[str, str] | None = None,
        *,
        before_request: Callable[[], None] = _nothing,
        deadline: float | None = None,
    ) -> Answer:
        """GET with the account's credentials; after a 401 once more if they could be renewed.

        `before_request` is called before each request that is sent; it may wait, or raise to prevent it. `deadline` (time.monotonic()) ends
        everything, renewing included; None: only the time per request counts. SourceError for all that can go wrong.
        """
        url = self._own(path_or_url)
        if params:
            url = url.copy_merge_params(dict(params))
        last = time.monotonic() + 3 * self._limits.total_s if deadline is None else deadline
        sent = 0

        def before() -> None:
            nonlocal sent
            before_request()
            sent += 1

        failure: SourceError
        try:
            header = self._credentials.header(self._ask, last)
            try:
                answer = self._exchange("GET", url, before, last, header=header)
            except SourceError as error:
                if error.kind is not ErrorKind.AUTH or not self._credentials.renewed(header, self._ask, last):
                    raise
                answer = None
            if answer is None:
                answer = self._exchange("GET", url, before, last, header=self._credentials.header(self._ask, last))
            return replace(answer, requests=sent)
        except SourceError as error:
            failure = error
        # Without the inner frames: their local variables hold bodies and tokens, which crash reporters print.
        failure.__context__ = None
        raise failure.with_traceback(None)

    def _ask(self, path: str, body: Mapping[str, str], /, *, deadline: float) -> object:
        """POST without credentials: how auth.py gets its tokens."""
        return self._exchange("POST", self._own(path), _nothing, deadline, body=body).json

    def _own(self, path_or_url: str) -> httpx.URL:
        """The address, if it is the account's own: credentials go nowhere else."""
        try:
            url = self._base.join(path_or_url)
        except (httpx.InvalidURL, ValueError, TypeError):
            url = None
        if url is None or (url.scheme, url.host, _port(url), url.userinfo) != (self._base.scheme, self._base.host, _port(self._base), b""):
            raise SourceError(ErrorKind.INVALID, "The vendor's answer links to an address outside the account; it was not followed.")
        return url.copy_with(fragment=None)

    def _exchange(
        self,
        method: str,
        url: httpx.URL,
        before: Callable[[], None],
        deadline: float,
        *,
        header: Secret | None = None,
        body: Mapping[str, str] | None = None,
    ) -> Answer:
        """One question and its answer, within `total_s` (from when `before` lets it go) and `deadline`."""
        failure: Exception
        for last in (False, True):
            if self._client.is_closed:
                raise SourceError(ErrorKind.NETWORK, "The connection to the vendor was closed on our side.")
            if time.monotonic() >= deadline:
                raise SourceError(ErrorKind.TIMEOUT, "The vendor did not answer in time.")
            before()
            call = Call(min(time.monotonic() + self._limits.total_s, deadline))
            left_s = max(0.0, call.left_s(self._limits.connect_s))
            try:
                with calling(call):
                    return self._send(method, url, header, body, left_s)
            except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict) as error:
                failure = error
            # A kept connection that ends before a single byte came back was closed while idle: nobody read the question, so it
            # may be asked again. Once: the next one is new, or the vendor is in real trouble.
            stale = (
                isinstance(failure, (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)) and call.reused and not call.answered
            )
            if last or not stale:
                break
        raise from_httpx(failure)

    def _send(self, method: str, url: httpx.URL, header: Secret | None, body: Mapping[str, str] | None, left_s: float) -> Answer:
        limits = self._limits
        request = self._client.build_request(
            method,
            url,
            headers=None if header is None else {"authorization": header.reveal()},
            content=None if body is None else json.dumps(dict(body)).encode("ascii"),
            timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s, pool=left_s),
        )
        if body is not None:
            request.headers["content-type"] = "application/json"
        response = self._client.send(request, stream=True)
        try:
            raw = _unpacked(response, limits.body_bytes)
            at = self._clock()
        finally:
            response.close()
        parsed = _parsed(raw, response.headers.get("content-type", ""))
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(parsed, response.status_code, headers, at)

    def _check_status(self, response: httpx.Response) -> None:
        error = from_status(response.status_code, response.headers, self._clock())
        if error is not None:
            raise error


def _base(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError):
        base = httpx.URL()
    if not base.host or base.userinfo or not (base.scheme == "https" or (base.scheme == "http" and is_loopback(base.host))):
        raise SourceError(ErrorKind.REFUSED_CONFIG, "The account's address must be https://, or http:// to this machine.")
    return base.copy_with(raw_path=b"/", fragment=None)


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _unpacked(response: httpx.Response, cap: int) -> bytes:
    """The body, gunzipped here: httpx would unpack a whole chunk, however large it becomes, before anybody could count it."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise SourceError(ErrorKind.INVALID, "The vendor's answer is packed in a way that was not asked for.")
    unzip = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding.endswith("gzip") else None
    body = bytearray()
    packed_bytes = 0
    for chunk in response.iter_raw():
        packed_bytes += len(chunk)
        if unzip is None:
            body += chunk
        else:
            body += _inflated(unzip, chunk, cap + 1 - len(body))
            if unzip.unused_data:
                raise SourceError(ErrorKind.INVALID, "The vendor's answer goes on after its end.")
        if len(body) > cap or packed_bytes > cap:
            raise SourceError(ErrorKind.TOO_LARGE, f"The vendor's answer is larger than {cap // 1_000_000} MB.")
    if unzip is not None and packed_bytes and not unzip.eof:
        raise SourceError(ErrorKind.INVALID, "The vendor's packed answer is cut off.")
    return bytes(body)


def _inflated(unzip: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    try:
        return unzip.decompress(chunk, most)
    except zlib.error:
        pass
    raise SourceError(ErrorKind.INVALID, "The vendor's answer could not be unpacked.")


def _parsed(raw: bytes, content_type: str) -> object:
    """JSON of any shape. SourceError (invalid) with the reason; the body itself is never quoted: it may hold phone numbers."""
    media = content_type.partition(";")[0].strip().lower()
    if not raw.strip():
        raise SourceError(ErrorKind.INVALID, "The vendor's answer is empty.")
    if media == "text/html":
        raise SourceError(ErrorKind.INVALID, "The vendor answered with a web page instead of numbers.")
    if media not in {"application/json", "text/json"} and not (media.startswith("application/") and media.endswith("+json")):
        raise SourceError(ErrorKind.INVALID, "The vendor's answer does not say that it is JSON.")
    try:
        parsed: object = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        reason = "is not UTF-8 text"
    except RecursionError:
        reason = "is nested too deeply"
    except ValueError:
        reason = "is not JSON"
    else:
        return parsed
    raise SourceError(ErrorKind.INVALID, f"The vendor's answer {reason}.")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
