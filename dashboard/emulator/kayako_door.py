"""Who may ask the emulated Kayako: an address with its password, the session that follows, or an OAuth token; and how often.

In:  headers, the steady clock. Out: what was admitted, or `Refused` with Kayako's own words. Sessions live in memory only.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field

from dashboard.emulator.answers import Refused
from dashboard.emulator.kayako_errors import kayako_error
from dashboard.emulator.limits import MINUTE_S, Window
from dashboard.emulator.options import EmulatorSettings

PER_MINUTE = 300
SESSION_TTL_S = 3600.0
FAILURES_TO_LOCK = 5
LOCKED_FOR_S = 120.0
# Known, and good for nothing here: it was made without the scope `conversations`.
NARROW_TOKEN = "emulator-token-without-conversations"  # noqa: S105 (there is nothing behind it)


@dataclass(frozen=True, slots=True)
class Asking:
    """The headers of a request that matter here."""

    authorization: str | None = field(default=None, repr=False)
    session_id: str | None = field(default=None, repr=False)
    if_none_match: str | None = None


class KayakoDoor:
    """The site's credentials, its living sessions, its limit, and what was switched for a test.

    `otp`: a password alone is not enough. `inside_200`: refusals come under HTTP 200, as they do behind some proxies.
    """

    def __init__(self, settings: EmulatorSettings) -> None:
        self._settings = settings
        self.calm()

    def calm(self) -> None:
        """Nothing is switched, nobody is locked out, no session lives."""
        self.otp = self.inside_200 = False
        self.session_ttl_s = SESSION_TTL_S
        self.window = Window(PER_MINUTE, MINUTE_S)
        self._sessions: dict[str, float] = {}
        self._failures = 0
        self._locked_until_s = 0.0

    @property
    def sessions_count(self) -> int:
        """Sessions that have been opened and not ended."""
        return len(self._sessions)

    def end_sessions(self) -> None:
        """No session is known any more."""
        self._sessions.clear()

    def admit(self, asking: Asking, now_s: float) -> str | None:
        """The id of the session that was opened for a password; None for whoever has one, or a token. `Refused` otherwise."""
        opened = self._known(asking, now_s)
        if wait_s := self.window.take(now_s):
            raise Refused(kayako_error("RATE_LIMIT_REACHED", wait_s=wait_s))
        return opened

    def _known(self, asking: Asking, now_s: float) -> str | None:
        if asking.session_id is not None:
            if self._sessions.get(asking.session_id, 0.0) <= now_s:
                self._sessions.pop(asking.session_id, None)
                raise Refused(kayako_error("SESSION_NOT_FOUND"))
            self._sessions[asking.session_id] = now_s + self.session_ttl_s
            return None
        scheme, _, value = (asking.authorization or "").strip().partition(" ")
        if scheme.lower() == "bearer":
            if secrets.compare_digest(value.strip().encode(), NARROW_TOKEN.encode()):
                raise Refused(kayako_error("PERMISSIONS_DENIED"))
            if not secrets.compare_digest(value.strip().encode(), self._settings.bearer_token.encode()):
                raise Refused(kayako_error("AUTHENTICATION_FAILED"))
            return None
        return self._opened(value if scheme.lower() == "basic" else "", now_s)

    def _opened(self, value: str, now_s: float) -> str:
        if now_s < self._locked_until_s:
            raise Refused(kayako_error("AUTHENTICATION_LOCKED", wait_s=self._locked_until_s - now_s))
        given, known = _decoded(value), f"{self._settings.email}:{self._settings.password}"
        if not secrets.compare_digest(given.encode(), known.encode()):
            self._failures += bool(given)
            if self._failures >= FAILURES_TO_LOCK:
                self._failures, self._locked_until_s = 0, now_s + LOCKED_FOR_S
            raise Refused(kayako_error("AUTHENTICATION_FAILED"))
        self._failures = 0
        if self.otp:
            raise Refused(kayako_error("OTP_EXPECTED", more={"auth_token": secrets.token_urlsafe(24)}))
        session_id = secrets.token_urlsafe(32)
        self._sessions[session_id] = now_s + self.session_ttl_s
        return session_id


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
