"""One HTTP client per account: asks for JSON and gives JSON or one SourceError, whatever the other side does.

In:  a path or a link of the account, credentials. Out: `Answer`. Refuses redirects, other hosts, bodies over 5 MB
(counted unpacked), anything that is not JSON, and more than ten seconds, unless the asker brings other limits. What changes something is
sent once: never again after a byte of it may have left. Must not know what the JSON means.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import httpx

from config.env import is_loopback
from dashboard.sources.auth import Credentials, Named
from dashboard.sources.bodies import REFUSAL_BYTES, parsed, refusal, unpacked
from dashboard.sources.errors import ErrorKind, SourceError, from_httpx, from_status
from dashboard.sources.questions import CHANGED, Limits, Manner, Question
from dashboard.sources.redaction import Secret
from dashboard.sources.transport import Call, DeadlineTransport, calling


@dataclass(frozen=True, slots=True)
class Answer:
    """A 200 with JSON, or what a change was answered with: `json` is None where the vendor sent no body.

    Header names are lower case; `at` (aware UTC) is when the last byte arrived.
    `requests`: how many were sent for it (2 after a renewed token or a stale connection).
    """

    json: object = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    at: datetime
    requests: int = 1


_PLAIN, _TELLING = Manner(), Manner(reads_detail=True)


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
            event_hooks={"response": [self._check_redirect]},
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
        manner: Manner = _PLAIN,
    ) -> Answer:
        """GET with the account's credentials; after a 401 once more if they could be renewed.

        `before_request` is called before each request that is sent; it may wait, or raise to prevent it. `deadline` (time.monotonic()) ends
        everything, renewing included; None: only the time per request counts. SourceError for all that can go wrong.
        """
        return self._signed(Question("GET", self._own(path_or_url), params, manner), before_request, deadline)

    def send_json(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        before_request: Callable[[], None] = _nothing,
        deadline: float | None = None,
        manner: Manner = _TELLING,
        asks_only: bool = False,
    ) -> Answer:
        """POST, PUT or DELETE with the account's credentials; 200, 201 and 204 are good.

        Sent once, on a connection of its own, since a kept one may end while the question is under way and nobody could say whether it was
        read. Again only after a 401 with credentials renewed: the vendor turned the first away. `body` None: none is sent. `asks_only`:
        the vendor takes this question by POST, and it changes nothing.
        SourceError for all that can go wrong: conflict (409), refused (400, 422), and `is_unsure` where the change may have been made.
        """
        url = self._own(path)
        # In no variable of its own: a traceback with local variables would show it.
        question = Question(
            method, url, params, manner, None if body is None else json.dumps(dict(body), allow_nan=False), headers, asks_only
        )
        return self._signed(question, before_request, deadline)

    def _signed(self, question: Question, before_request: Callable[[], None], deadline: float | None) -> Answer:
        last = time.monotonic() + 3 * (question.manner.limits or self._limits).total_s if deadline is None else deadline
        sent = 0

        def before() -> None:
            nonlocal sent
            before_request()
            sent += 1

        failure: SourceError
        try:
            header = self._credentials.header(self._ask, last)
            try:
                answer = self._exchange(question, before, last, header)
            except SourceError as error:
                if error.kind is not ErrorKind.AUTH or not self._credentials.renewed(header, self._ask, last):
                    raise
                answer = None
            if answer is None:
                answer = self._exchange(question, before, last, self._credentials.header(self._ask, last))
            return replace(answer, requests=sent)
        except SourceError as error:
            failure = error
        # Without the inner frames: their local variables hold bodies and tokens, which crash reporters print.
        failure.__context__ = None
        raise failure.with_traceback(None)

    def _ask(self, path: str, body: Mapping[str, str], /, *, deadline: float) -> object:
        """POST without credentials: how auth.py gets its tokens."""
        question = Question("POST", self._own(path), None, _PLAIN, json.dumps(dict(body)), asks_only=True)
        return self._exchange(question, _nothing, deadline, None).json

    def _own(self, path_or_url: str) -> httpx.URL:
        """The address, if it is the account's own: credentials go nowhere else."""
        try:
            url = self._base.join(path_or_url)
        except (httpx.InvalidURL, ValueError, TypeError):
            url = None
        if url is None or (url.scheme, url.host, _port(url), url.userinfo) != (self._base.scheme, self._base.host, _port(self._base), b""):
            raise SourceError(ErrorKind.INVALID, "The vendor's answer links to an address outside the account; it was not followed.")
        return url.copy_with(fragment=None)

    def _exchange(self, question: Question, before: Callable[[], None], deadline: float, header: Secret | None) -> Answer:
        """One question and its answer, within `total_s` (from when `before` lets it go) and `deadline`."""
        limits = question.manner.limits or self._limits
        failure: Exception
        for last in (False, True):
            if self._client.is_closed:
                raise SourceError(ErrorKind.NETWORK, "The connection to the vendor was closed on our side.")
            if time.monotonic() >= deadline:
                raise SourceError(ErrorKind.TIMEOUT, "The vendor did not answer in time.")
            before()
            call = Call(min(time.monotonic() + limits.total_s, deadline))
            left_s = max(0.0, call.left_s(limits.connect_s))
            try:
                with calling(call):
                    return self._send(question, header, limits, left_s)
            except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict) as error:
                failure = error
            # A kept connection that ends before a single byte came back was closed while idle: nobody read the question, so it
            # may be asked again. Once: the next one is new, or the vendor is in real trouble. That nobody read it is likely, not certain:
            # a change is never sent again.
            stale = (
                isinstance(failure, (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)) and call.reused and not call.answered
            )
            if last or not stale or question.changes:
                break
        raise from_httpx(failure, changes=question.changes)

    def _send(self, question: Question, header: Secret | None, limits: Limits, left_s: float) -> Answer:
        headers = dict(question.headers or {})
        if header is not None:
            headers[header.name if isinstance(header, Named) else "authorization"] = header.reveal()
        if question.body is not None:
            headers["content-type"] = "application/json"
        request = self._client.build_request(
            question.method,
            question.url if not question.params else question.url.copy_merge_params(dict(question.params)),
            headers=headers,
            content=None if question.body is None else question.body.encode("ascii"),
            timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s, pool=left_s),
        )
        response = self._client.send(request, stream=True)
        try:
            self._check_status(response, question)
            try:
                raw = unpacked(response, limits.body_bytes)
                at = self._clock()
                told = {name.lower(): value for name, value in response.headers.items()}
                if question.changes and not raw.strip():
                    return Answer(None, response.status_code, told, at)
                found = parsed(raw, told.get("content-type", ""))
            except SourceError as error:
                error.is_unsure = question.changes  # it was a good status: what we cannot read was done
                raise
            envelope = question.manner.envelope
            if envelope is not None and (refused := envelope(response.status_code, found, told, at)) is not None:
                raise refused
            return Answer(found, response.status_code, told, at)
        finally:
            response.close()

    def _check_status(self, response: httpx.Response, question: Question) -> None:
        if question.changes and response.status_code in CHANGED:
            return
        detail, manner = "", question.manner
        if (manner.reads_detail or manner.envelope is not None) and response.status_code >= 400:
            try:
                raw, media = unpacked(response, REFUSAL_BYTES), response.headers.get("content-type", "")
                detail = refusal(raw, media) if manner.reads_detail else ""
                told = {name.lower(): value for name, value in response.headers.items()}
                said = None if manner.envelope is None else manner.envelope(response.status_code, parsed(raw, media), told, self._clock())
            except (SourceError, httpx.HTTPError, httpx.StreamError):
                said = None  # the status alone says enough; a body that cannot be read is not a second failure
            if said is not None:
                raise said
        error = from_status(
            response.status_code,
            response.headers,
            self._clock(),
            sentences=question.manner.sentences,
            detail=detail,
            changes=question.changes,
            has_own_limit=question.manner.has_own_limit,
        )
        if error is not None:
            raise error

    def _check_redirect(self, response: httpx.Response) -> None:
        if 300 <= response.status_code < 400:
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
