"""How we prove to Kayako who we are: an agent's address and password, and then the session that Kayako answers them with.

In:  the secrets of the settings; the session's id, which the client found in an answer. Out: the header of the next request.
The session lives in this process alone, in no store: another process opens one of its own. An OAuth token is auth.py's `StaticBearer`.
"""

from __future__ import annotations

import threading
from base64 import b64encode

from dashboard.sources.auth import Asker, Named, fits_a_header
from dashboard.sources.redaction import Secret

SESSION_HEADER = "x-session-id"


class KayakoLogin:
    """HTTP Basic of address and password until a session is there, then the session, until Kayako knows it no more. Thread-safe."""

    def __init__(self, email: str, password: Secret) -> None:
        pair = f"{email}:{password.reveal()}".encode()
        encoded = b64encode(pair).decode("ascii")
        Secret(encoded)  # alone it is as good as the password
        self._basic = Secret(f"Basic {encoded}")
        self._session: Named | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def header(self, ask: Asker, deadline: float) -> Secret:
        with self._lock:
            return self._session or self._basic

    def renewed(self, refused: Secret, ask: Asker, deadline: float) -> bool:
        """True after a session was refused, which ends of itself: the password comes next. A refused password is final."""
        if not isinstance(refused, Named):
            return False
        with self._lock:
            if self._session == refused:
                self._session = None
        return True

    def learn(self, session_id: str) -> None:
        """Use this session from now on. One that no header can carry is passed over."""
        if fits_a_header(session_id):
            with self._lock:
                self._session = Named(SESSION_HEADER, session_id)
