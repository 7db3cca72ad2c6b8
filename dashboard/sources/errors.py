"""What can go wrong between us and the vendor: one family of errors, each a plain sentence for a page.

In:  httpx exceptions, HTTP status codes. Out: SourceError. Must not carry a secret, a body or an address's query, and must not
chain to the exception it was made from: those hold the request, and a protocol error can quote a refused header.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import httpx

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
    REFUSED_CONFIG = "refused_config"


# Asking again with the same settings gets the same answer. A 404 is not among them: a vendor in trouble says 404 as well.
_PERMANENT = frozenset({ErrorKind.AUTH, ErrorKind.FORBIDDEN, ErrorKind.REFUSED_CONFIG})


class SourceError(Exception):
    """There is no reading.

    `retry_after_s`: the vendor asked for that pause (0 to 3600 s); None: it did not.
    `status`: the HTTP status that the error was made from; None: there was none, or it was 200.
    """

    def __init__(self, kind: ErrorKind, message: str, *, retry_after_s: float | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after_s = retry_after_s
        self.status = status

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


def from_httpx(error: Exception) -> SourceError:
    """The SourceError for any exception of httpx. Raise it outside the `except` block, so that nothing is chained to it."""
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


def from_status(status: int, headers: Mapping[str, str], now: datetime) -> SourceError | None:
    """The SourceError for an HTTP status; None for 200. `now`: aware, for a Retry-After that is a date and has no Date beside it."""
    if status == 200:
        return None
    if 300 <= status < 400:
        kind, message = ErrorKind.REDIRECT, f"The vendor redirected us to another address ({status}); check the account's address."
    elif status in _BY_STATUS:
        kind, message = _BY_STATUS[status]
    elif status >= 500:
        kind, message = ErrorKind.SERVER, f"The vendor had an internal error ({status})."
    elif status >= 400:
        kind, message = ErrorKind.INVALID, f"The vendor refused the question ({status})."
    else:
        kind, message = ErrorKind.INVALID, f"The vendor answered without numbers ({status})."
    return SourceError(kind, message, retry_after_s=retry_after_s(headers, now), status=status)


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
