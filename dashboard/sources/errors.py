"""What can go wrong between us and the vendor: one family of errors, each a plain sentence for a page.

In:  httpx exceptions, HTTP status codes. Out: SourceError. Its message must not carry a secret, a body or an address's query, and
it must not chain to the exception it was made from: those hold the request, and a protocol error can quote a refused header.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import httpx

from dashboard.sources.rates import account_rates, endpoint_rates

LONGEST_RETRY_AFTER_S = 3600.0


class ErrorKind(StrEnum):
    """Why there is no reading."""

    AUTH = "auth"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    RATE_LIMIT = "rate_limit"
    SERVER = "server"
    TIMEOUT = "timeout"
    NETWORK = "network"
    TLS = "tls"
    REDIRECT = "redirect"
    TOO_LARGE = "too_large"
    INVALID = "invalid"
    CONFLICT = "conflict"  # a change of something that somebody else has changed since
    REFUSED = "refused"  # a change that the vendor understood and will not make
    REFUSED_CONFIG = "refused_config"
    DATABASE = "database"  # our own, not the vendor's fault: what came could not be kept, or was not asked for because of that
    DATABASE_REFUSES = "database_refuses"  # the same: it answers, and takes nothing


# Asking again with the same settings gets the same answer. A 404 is not among them: a vendor in trouble says 404 as well.
_PERMANENT = frozenset({ErrorKind.AUTH, ErrorKind.FORBIDDEN, ErrorKind.REFUSED_CONFIG})


class SourceError(Exception):
    """There is no reading.

    `retry_after_s`: the vendor asked for that pause (0 to 3600 s); None: it did not.
    `status`: the HTTP status that the error was made from; None: there was none, or it was 200.
    `detail`: the vendor's own sentence in the vendor's own language, without addresses, numbers of phones and secrets, at most 300
    characters; empty: it gave none, or it was not asked for. For the person who asked, not for logs.
    `is_endpoint_limit`: of a rate limit, that it is the endpoint's own; the account's other requests need not wait.
    `is_unsure`: the vendor may have done what was asked all the same: ask it before asking again.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        retry_after_s: float | None = None,
        status: int | None = None,
        detail: str = "",
        is_unsure: bool = False,
        is_endpoint_limit: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after_s = retry_after_s
        self.status = status
        self.detail = detail
        self.is_unsure = is_unsure
        self.is_endpoint_limit = is_endpoint_limit

    @property
    def message(self) -> str:
        """One sentence for a page."""
        return str(self)

    @property
    def permanent(self) -> bool:
        """True: no attempt can succeed before the settings change."""
        return self.kind in _PERMANENT

    def __repr__(self) -> str:
        return f"SourceError({self.kind.value}: {self})"


# Nothing of the question had left us: no connection was made, or the question itself was malformed.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)

# The first entry that the exception is an instance of decides, so the specific ones come first.
_BY_TYPE: tuple[tuple[type[Exception], ErrorKind, str], ...] = (
    (httpx.ConnectTimeout, ErrorKind.TIMEOUT, "The vendor could not be reached in time."),
    (httpx.PoolTimeout, ErrorKind.TIMEOUT, "All connections to the vendor are busy with requests that it has not answered yet."),
    (httpx.TimeoutException, ErrorKind.TIMEOUT, "The vendor did not answer in time."),
    (httpx.ConnectError, ErrorKind.NETWORK, "The vendor could not be reached."),
    (httpx.ProxyError, ErrorKind.NETWORK, "The proxy on the way to the vendor refused the connection."),
    (httpx.NetworkError, ErrorKind.NETWORK, "The connection to the vendor broke."),
    (httpx.RemoteProtocolError, ErrorKind.NETWORK, "The vendor closed the connection before its answer was complete."),
    (
        httpx.LocalProtocolError,
        ErrorKind.REFUSED_CONFIG,
        "The request could not be sent: the credentials hold a character that HTTP forbids.",
    ),
    (httpx.ProtocolError, ErrorKind.NETWORK, "The vendor's answer was not proper HTTP."),
    (httpx.UnsupportedProtocol, ErrorKind.REFUSED_CONFIG, "The vendor's address must start with https://."),
    (httpx.InvalidURL, ErrorKind.REFUSED_CONFIG, "The vendor's address is not an address."),
    (httpx.TooManyRedirects, ErrorKind.REDIRECT, "The vendor sent us from one address to another."),
    (httpx.DecodingError, ErrorKind.INVALID, "The vendor's answer could not be unpacked."),
    (httpx.CookieConflict, ErrorKind.INVALID, "The vendor's answer held contradictory cookies."),
    (httpx.StreamError, ErrorKind.NETWORK, "The vendor's answer was not there to be read."),
    (httpx.HTTPError, ErrorKind.NETWORK, "The exchange with the vendor failed."),
)


def from_httpx(error: Exception, *, changes: bool = False) -> SourceError:
    """The SourceError for any exception of httpx. Raise it outside the `except` block, so that nothing is chained to it.

    `changes`: the request was one that changes something, so that it matters whether it may have arrived.
    """
    found = _of_httpx(error)
    found.is_unsure = changes and not isinstance(error, _NEVER_SENT)
    return found


def _of_httpx(error: Exception) -> SourceError:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return SourceError(ErrorKind.TLS, "The vendor's certificate could not be verified, so nothing was sent.")
        if isinstance(cause, ssl.SSLError):
            return SourceError(ErrorKind.TLS, "No encrypted connection to the vendor could be made.")
        if isinstance(cause, socket.gaierror):
            return SourceError(ErrorKind.NETWORK, "The vendor's host name cannot be found; check the address and the network.")
        if isinstance(cause, ConnectionRefusedError):
            return SourceError(ErrorKind.NETWORK, "Nothing listens at the vendor's address.")
    for known, kind, message in _BY_TYPE:
        if isinstance(error, known):
            return SourceError(kind, message)
    raise TypeError(f"not an exception of httpx: {type(error).__name__}")


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in found:
        found.append(step)
        step = step.__cause__ or step.__context__
    return found


_BY_STATUS: Mapping[int, tuple[ErrorKind, str]] = {
    401: (ErrorKind.AUTH, "The vendor refused the credentials (401)."),
    403: (ErrorKind.FORBIDDEN, "The credentials are good, but may not read these numbers (403)."),
    404: (ErrorKind.NOT_FOUND, "The vendor does not know this address (404); check the account's address and that Talk is switched on."),
    408: (ErrorKind.TIMEOUT, "The vendor gave up waiting for our request (408)."),
    410: (ErrorKind.NOT_FOUND, "The vendor no longer serves this address (410)."),
    429: (ErrorKind.RATE_LIMIT, "The vendor's request limit is used up (429)."),
    503: (ErrorKind.SERVER, "The vendor is in maintenance or overloaded (503)."),
}
_OF_A_CHANGE: Mapping[int, tuple[ErrorKind, str]] = {
    400: (ErrorKind.REFUSED, "The vendor refused this change (400)."),
    403: (ErrorKind.FORBIDDEN, "The credentials are good, but may not make this change (403)."),
    404: (ErrorKind.NOT_FOUND, "The vendor does not know what was to be changed (404); it may have been deleted."),
    409: (ErrorKind.CONFLICT, "Somebody changed this at the vendor in the meantime (409); nothing was changed."),
    422: (ErrorKind.REFUSED, "The vendor refused this change (422)."),
}


def from_status(
    status: int,
    headers: Mapping[str, str],
    now: datetime,
    *,
    sentences: Mapping[int, str] | None = None,
    detail: str = "",
    changes: bool = False,
    has_own_limit: bool = False,
) -> SourceError | None:
    """The SourceError for an HTTP status; None for 200. `now`: aware, for a Retry-After that is a date and has no Date beside it.

    `sentences`: the asker's own words for some statuses. `detail`: what the vendor said, made harmless. `changes`: as for `from_httpx`.
    `has_own_limit`: what was asked has, by the vendor's documents, a limit beside the account's.
    """
    if status == 200:
        return None
    if changes and status in _OF_A_CHANGE:
        kind, message = _OF_A_CHANGE[status]
    elif 300 <= status < 400:
        kind, message = ErrorKind.REDIRECT, f"The vendor redirected us to another address ({status}); check the account's address."
    elif status in _BY_STATUS:
        kind, message = _BY_STATUS[status]
    elif status >= 500:
        kind, message = ErrorKind.SERVER, f"The vendor had an internal error ({status})."
    elif status >= 400:
        kind, message = ErrorKind.INVALID, f"The vendor refused the question ({status})."
    else:
        kind, message = ErrorKind.INVALID, f"The vendor answered without numbers ({status})."
    pause_s = retry_after_s(headers, now)
    # A 503 that says when to come back is the vendor's maintenance, which turned the change away; any other 5xx may be a gateway that gave
    # up waiting for work that goes on behind it. A 2xx that we did not expect was done.
    unsure = changes and (200 < status < 300 or (status >= 500 and not (status == 503 and pause_s is not None)))
    message = (sentences or {}).get(status, message)
    own = kind is ErrorKind.RATE_LIMIT and _is_of_endpoint(headers, has_own_limit=has_own_limit)
    if own and status not in (sentences or {}):
        message = "The vendor's limit for this kind of question is used up (429); other questions go on."
    return SourceError(kind, message, retry_after_s=pause_s, status=status, detail=detail, is_unsure=unsure, is_endpoint_limit=own)


def _is_of_endpoint(headers: Mapping[str, str], *, has_own_limit: bool) -> bool:
    """Whether a 429 is of the endpoint's own limit. When the account's is used up as well, it is the account's; when nothing is told, it is
    the endpoint's where the documents give it one: that is the lower of the two."""
    told = {name.lower(): value for name, value in headers.items()}
    if account_rates(told).remaining == 0:
        return False
    own = endpoint_rates(told)
    return has_own_limit if own is None or own.remaining is None else own.remaining == 0


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """The pause that `Retry-After` asks for: seconds or an HTTP date, clamped to 0-3600 s; None: absent or not readable."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.replace(".", "", 1).isdigit():
        # The slice keeps a number of thousands of digits from becoming a float at all: it is over the clamp anyway.
        return min(float(text[:20]), LONGEST_RETRY_AFTER_S)
    until = http_date(text)
    if until is None:
        return None
    # The vendor's own clock, if it tells it: the difference is then right even where ours is wrong.
    since = http_date(headers.get("date", "")) or now
    return min(max((until - since).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)


def http_date(text: str) -> datetime | None:
    """An HTTP date as aware UTC; None for anything else."""
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
