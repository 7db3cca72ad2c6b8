"""Masks secrets in any text on its way out: by their shape, and by their value where we know it.

In:  text; secrets that the process was given. Out: the same text with `[masked]`; a logging filter for every handler.
Must not decide what is logged, and must not keep a secret readable in its own repr.
"""

from __future__ import annotations

import hmac
import io
import logging
import re
import threading
import traceback
from base64 import b64encode
from collections import deque

MASK = "[masked]"
# Shorter "secrets" would blot ordinary words out of the log.
_SHORTEST_SECRET = 6
# Ten OAuth pairs with their headers: the older ones are dead at the vendor.
_MOST_PASSING = 64

_KEYS = (
    r"(?:proxy[-_])?authorization|set[-_]cookie|cookie|x[-_]api[-_]key|(?:access|refresh|api|oauth|bearer|auth|id|csrf)[-_]?token"
    r"|client[-_]secret|secret[-_]key|secret|password|passwd|passphrase|private[-_]key|api[-_]?key|session[-_]?id|ql_session|ql_screen|token"
)
# A value may begin with a mask: a known secret that is only the beginning of it has been masked before.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # scheme://user:password@host and scheme://:password@host (Redis, databases, mail)
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}://[^\s/:@'\"]{0,200}):[^\s/@'\"]{1,500}@"), rf"\1:{MASK}@"),
    # the vendor's Basic user name: name@example.com/token:SECRET
    (re.compile(r"(?i)(/token:)(?:\[masked\]|[^\s'\",)\]}])+"), rf"\1{MASK}"),
    # Authorization: Basic …, (b'Authorization', b'Bearer …'), "authorization": "…", Set-Cookie: …: all up to the quote or line's end
    (
        re.compile(r"(?i)((?:proxy-)?authorization|set-cookie|cookie)(['\"]?\s*[:=,]\s*b?['\"])(?:[^'\"\\\r\n]|\\.)*"),
        rf"\1\2{MASK}",
    ),
    (re.compile(r"(?i)\b((?:proxy-)?authorization|set-cookie|cookie)(\s*[:=]\s*)(?!b?['\"])[^\r\n]+"), rf"\1\2{MASK}"),
    # key=value, "key": "value", key: value, ?token=…&
    (
        re.compile(rf"(?i)(?<![a-z0-9])((?:[a-z0-9]+[-_]){{0,3}}(?:{_KEYS}))(['\"]?\s*[:=]\s*b?)(['\"])(?:(?!\3)[^\\\r\n]|\\.)*"),
        rf"\1\2\3{MASK}",
    ),
    (
        re.compile(rf"(?i)(?<![a-z0-9])((?:[a-z0-9]+[-_]){{0,3}}(?:{_KEYS}))(\s*[:=]\s*)(?!b?['\"])(?:\[masked\]|[^\s'\"&,;)\]}}])+"),
        rf"\1\2{MASK}",
    ),
    # ?key=… is a screen's key in an address
    (re.compile(r"(?i)([?&]key=)(?:\[masked\]|[^\s'\"&,;)\]}])+"), rf"\1{MASK}"),
    # Basic and Bearer without a name before them; prose such as "Basic authentication" stays
    (
        re.compile(
            r"(?i)\b(basic|bearer)(\s+)"
            r"(?:[a-z0-9+/=_~.-]*\[masked\](?:\[masked\]|[a-z0-9+/=_~.-])*|(?=[^\s'\"]*[\d=+/_~.-]|[^\s'\"]{20})[a-z0-9+/=_~.-]{8,})"
        ),
        rf"\1\2{MASK}",
    ),
)


class _Known:
    """The secrets of this process, by value: those of its settings for ever, those that the vendor grants while they are recent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lasting: set[str] = set()
        self._passing: deque[str] = deque(maxlen=_MOST_PASSING)
        self._longest_first: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"_Known({len(self._longest_first)} secrets)"

    def add(self, secret: str, *, passing: bool) -> None:
        with self._lock:
            if len(secret) < _SHORTEST_SECRET or secret in self._lasting or (passing and secret in self._passing):
                return
            if passing:
                self._passing.append(secret)
            else:
                self._lasting.add(secret)
            # The longest first: one secret may be a part of another.
            self._longest_first = tuple(sorted({*self._lasting, *self._passing}, key=len, reverse=True))

    def mask(self, text: str) -> str:
        for secret in self._longest_first:
            text = text.replace(secret, MASK)
        return text


_known = _Known()


def remember(secret: str, *, passing: bool = False) -> None:
    """From now on `redact` masks this very text, and its base64, wherever they stand. Texts under 6 characters are ignored.

    `passing`: one of many that come and go, such as a granted token; the last 60 or so are remembered.
    """
    _known.add(secret, passing=passing)
    if len(secret) >= _SHORTEST_SECRET:
        _known.add(b64encode(secret.encode("utf-8", "surrogatepass")).decode("ascii").rstrip("="), passing=passing)


def redact(text: str) -> str:
    """The text without secrets; everything else is unchanged. Masking twice is masking once."""
    text = _known.mask(text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class Secret:
    """A text that no repr, str or format shows; whoever must send it says `reveal()`. Making one remembers it for `redact`."""

    __slots__ = ("_text",)

    def __init__(self, text: str, *, passing: bool = False) -> None:
        """`passing` as for `remember`."""
        self._text = text
        remember(text, passing=passing)

    def reveal(self) -> str:
        """The text itself: for the wire and for the encrypted store only."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode("utf-8"), other._text.encode("utf-8"))

    def __hash__(self) -> int:
        return hash(self._text)


class RedactSecrets(logging.Filter):
    """Masks secrets in a record: message, traceback and stack. Put it on handlers: a logger's filter misses its children's records."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: it changes the record and drops none."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError, IndexError, AttributeError):
            # logging would print the raw arguments to stderr; the template alone is enough to find the call.
            message = f"{record.msg} (its arguments do not fit)"
        record.msg, record.args = redact(message), None
        if record.exc_info and record.exc_info[1] is not None and not record.exc_text:
            lines = io.StringIO()
            traceback.print_exception(*record.exc_info, file=lines)
            record.exc_text = lines.getvalue().rstrip("\n")
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True
