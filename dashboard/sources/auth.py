"""How we prove to the vendor who we are: an API token, a static OAuth token, or OAuth client credentials that expire.

In:  an account's secrets, a store that all workers share, a way to ask the vendor for tokens. Out: the Authorization header.
Must not know Redis or HTTP libraries. No repr shows a secret.

Renewing a pair kills the old one at the vendor, so one worker renews at a time, under the store's lock; the others wait and use
what it got. The lock lives for one request and a margin and is made longer before each, so that a worker that dies while renewing
holds the others up for 13 s at most.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.redaction import Secret

TOKEN_PATH = "/oauth/tokens"  # noqa: S105 (a path)
LOCK_LIFE_S = 13.0
# A pair is renewed before it ends: a fifth of its life early, but no more than five minutes.
_MARGIN_RATIO = 0.2
_LONGEST_MARGIN_S = 300.0
_LONGEST_LIFE_S = 366 * 86400.0
_WAIT_STEP_S = 0.05


class Asker(Protocol):
    """Sends one unauthenticated POST to the account and gives the JSON of the answer. SourceError as ever."""

    def __call__(self, path: str, body: Mapping[str, str], /, *, deadline: float) -> object: ...


class Named(Secret):
    """A proof that goes into the header `name` instead of Authorization."""

    __slots__ = ("name",)

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text, passing=True)
        self.name = name


class Credentials(Protocol):
    """One way to sign in. `deadline` is on time.monotonic()."""

    def header(self, ask: Asker, deadline: float) -> Secret:
        """The Authorization header's value for the next request, or a `Named` proof. SourceError when none can be had."""
        ...

    def renewed(self, refused: Secret, ask: Asker, deadline: float) -> bool:
        """After a 401 to `refused`: True when `header` now gives another value, so that one more attempt makes sense."""
        ...


class _Fixed:
    """A header that never changes; a 401 to it is final until somebody changes the settings."""

    def __init__(self, value: Secret) -> None:
        self._value = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def header(self, ask: Asker, deadline: float) -> Secret:
        return self._value

    def renewed(self, refused: Secret, ask: Asker, deadline: float) -> bool:
        return False


class BasicToken(_Fixed):
    """E-mail address and API token: HTTP Basic of `address/token:TOKEN`."""

    def __init__(self, email: str, api_token: Secret) -> None:
        pair = f"{email}/token:{api_token.reveal()}".encode()
        super().__init__(Secret("Basic " + b64encode(pair).decode("ascii")))
        Secret(b64encode(pair).decode("ascii"))


class StaticBearer(_Fixed):
    """An OAuth access token that does not end."""

    def __init__(self, token: Secret) -> None:
        """SourceError (refused_config) for a token that no header can carry."""
        if not fits_a_header(token.reveal()):
            raise SourceError(
                ErrorKind.REFUSED_CONFIG, "The OAuth token holds a character that HTTP forbids, such as a space or a line break."
            )
        super().__init__(_bearer(token))


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What the vendor granted. Times are aware UTC by our clock; None: it does not end. Past `renew_at` it should be renewed."""

    access: Secret
    refresh: Secret | None = None
    renew_at: datetime | None = None
    expires_at: datetime | None = None

    def due(self, now: datetime) -> bool:
        return self.renew_at is not None and now >= self.renew_at


class TokenStore(Protocol):
    """Where all workers of an account find the one living pair. SourceError when it does not answer."""

    def load(self) -> TokenPair | None:
        """The pair; None: there is none, or it cannot be read."""
        ...

    def save(self, pair: TokenPair, lock: str, now: datetime) -> bool:
        """Keeps the pair if `lock` is still held; False: it is not, and nothing was kept."""
        ...

    def lock(self) -> str | None:
        """The right to renew, for LOCK_LIFE_S at most; None: another has it."""
        ...

    def keep(self, lock: str) -> bool:
        """Makes the right last for LOCK_LIFE_S from now; False: it was lost."""
        ...

    def unlock(self, lock: str) -> None:
        """Gives the right back; nothing happens if it was lost."""
        ...


class ClientCredentials:
    """OAuth client credentials: a pair that ends, shared by all workers, renewed by one."""

    def __init__(
        self,
        client_id: str,
        client_secret: Secret,
        store: TokenStore,
        *,
        clock: Callable[[], datetime],
        pause: Callable[[float], None] = time.sleep,
        scope: str = "read",
    ) -> None:
        """`clock` gives aware UTC; `pause` waits that many seconds; `scope` is what the pair is asked for."""
        self._client_id = client_id
        self._client_secret = client_secret
        self._store = store
        self._clock = clock
        self._pause = pause
        self._scope = scope

    def __repr__(self) -> str:
        return f"ClientCredentials(client_id={self._client_id!r})"

    def header(self, ask: Asker, deadline: float) -> Secret:
        """The living pair's header, renewed first if it is about to end. SourceError: auth (refused), timeout, or the vendor's trouble."""
        return _bearer(self._usable(None, ask, deadline).access)

    def renewed(self, refused: Secret, ask: Asker, deadline: float) -> bool:
        """True, with a pair other than the refused one in the store: another worker's, or a new one."""
        self._usable(refused, ask, deadline)
        return True

    def _usable(self, refused: Secret | None, ask: Asker, deadline: float) -> TokenPair:
        def usable(pair: TokenPair | None) -> bool:
            return pair is not None and _bearer(pair.access) != refused and not pair.due(self._clock())

        while True:
            pair = self._store.load()
            if pair is not None and usable(pair):
                return pair
            lock = self._store.lock()
            if lock is not None:
                try:
                    pair = self._store.load()  # the one before us may just have finished
                    if pair is not None and usable(pair):
                        return pair
                    new = self._ask(pair, lock, ask, deadline)
                    if new is not None and self._store.save(new, lock, self._clock()):
                        return new
                finally:
                    self._store.unlock(lock)
            if time.monotonic() >= deadline:
                raise SourceError(ErrorKind.TIMEOUT, "Another worker did not finish renewing the OAuth token in time.")
            self._pause(_WAIT_STEP_S)

    def _ask(self, pair: TokenPair | None, lock: str, ask: Asker, deadline: float) -> TokenPair | None:
        """A new pair: by the refresh token if there is one and it is still good, else by the client's own credentials.

        None: the lock was lost between the two, so that another renews by now.
        """
        if pair is not None and pair.refresh is not None:
            try:
                return self._granted(ask(TOKEN_PATH, self._body("refresh_token", refresh_token=pair.refresh.reveal()), deadline=deadline))
            except SourceError as error:
                if error.status not in _REFUSALS:
                    raise
            if not self._store.keep(lock):
                return None
        try:
            return self._granted(ask(TOKEN_PATH, self._body("client_credentials"), deadline=deadline))
        except SourceError as error:
            status = error.status
            if status not in _REFUSALS:
                raise
        raise SourceError(ErrorKind.AUTH, f"The vendor refused the OAuth client's identifier or secret ({status}).", status=status)

    def _body(self, grant_type: str, **more: str) -> _Body:
        return _Body(
            grant_type=grant_type, client_id=self._client_id, client_secret=self._client_secret.reveal(), scope=self._scope, **more
        )

    def _granted(self, answer: object) -> TokenPair:
        found = answer if isinstance(answer, dict) else {}
        access, kind, refresh = found.get("access_token"), found.get("token_type", "bearer"), found.get("refresh_token")
        if not isinstance(access, str) or not fits_a_header(access):
            raise SourceError(ErrorKind.INVALID, "The vendor's answer to the OAuth request holds no usable access token.")
        if not isinstance(kind, str) or kind.lower() != "bearer":
            raise SourceError(ErrorKind.INVALID, "The vendor granted an OAuth token of a kind that is not known here.")
        now, life_s = self._clock(), _life_s(found.get("expires_in"))
        return TokenPair(
            Secret(access, passing=True),
            Secret(refresh, passing=True) if isinstance(refresh, str) and refresh else None,
            None if life_s is None else now + timedelta(seconds=life_s - min(_LONGEST_MARGIN_S, _MARGIN_RATIO * life_s)),
            None if life_s is None else now + timedelta(seconds=life_s),
        )


_REFUSALS = frozenset({400, 401, 403})


class _Body(dict[str, str]):
    """A request's body that a traceback with local variables cannot show."""

    def __repr__(self) -> str:
        return f"_Body({', '.join(self)})"


def _bearer(token: Secret) -> Secret:
    return Secret(f"Bearer {token.reveal()}", passing=True)


def fits_a_header(token: str) -> bool:
    """Whether a token has nothing in it that HTTP forbids, is not empty, and is of a length that servers take."""
    return 0 < len(token) <= 8192 and all("!" <= character <= "~" for character in token)


def _life_s(given: object) -> float | None:
    """`expires_in` in seconds; None: the token does not end, or the vendor does not say when."""
    if isinstance(given, str) and given.isascii() and given.isdigit():
        given = float(given[:12])
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 < given <= _LONGEST_LIFE_S:
        return None
    return float(given)
