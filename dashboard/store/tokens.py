"""The OAuth pair that all workers of an account share: encrypted in Redis, renewed by whoever holds the lock.

In:  a Redis client, the account, SECRET_KEY, the digest of the credentials that the pair belongs to. Out: sources.auth.TokenStore.
Must not put a token into Redis in the clear, nor into an error. A pair that cannot be decrypted (another SECRET_KEY, other
credentials, an older version, garbage) is no pair: the next worker gets a new one.
"""

from __future__ import annotations

import json
import logging
import secrets
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import redis
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dashboard.sources.auth import LOCK_LIFE_S, TokenPair
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.redaction import Secret
from dashboard.store import keys

log = logging.getLogger(__name__)

# A pair without an end of its own: long enough to be of use, short enough that an account nobody polls leaves nothing behind.
_ENDLESS_LIFE_S = 30 * 86400.0

_SAVE_IF_LOCKED = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""
_KEEP_IF_MINE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
_UNLOCK_IF_MINE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class RedisTokenStore:
    """Implements sources.auth.TokenStore. `lock_life_s` is a seam for tests: how long a dead renewer holds the others up."""

    def __init__(
        self, client: redis.Redis, account: str, *, secret_key: str, credentials_digest: str, lock_life_s: float = LOCK_LIFE_S
    ) -> None:
        self._redis = client
        self._pair_key = keys.oauth(account)
        self._lock_key = keys.oauth_lock(account)
        self._lock_life_ms = int(lock_life_s * 1000)
        derived = HKDF(SHA256(), length=32, salt=credentials_digest.encode(), info=b"queuelight oauth pair").derive(secret_key.encode())
        self._fernet = Fernet(urlsafe_b64encode(derived))

    def __repr__(self) -> str:
        return f"RedisTokenStore({self._pair_key})"

    def load(self) -> TokenPair | None:
        """The pair; None: there is none, or it cannot be read. SourceError (network) when Redis does not answer."""
        try:
            kept = self._redis.get(self._pair_key)
        except redis.RedisError as error:
            raise _no_redis(error) from None
        if not isinstance(kept, bytes):
            return None
        try:
            return _pair(json.loads(self._fernet.decrypt(kept)))
        except (InvalidToken, ValueError, TypeError, KeyError, OverflowError):
            log.info("The OAuth tokens in Redis cannot be read with these settings; new ones will be asked for.")
            return None

    def save(self, pair: TokenPair, lock: str, now: datetime) -> bool:
        """Keeps the pair if `lock` is still held; it leaves Redis when it ends. SourceError (network) when Redis does not answer."""
        life_s = _ENDLESS_LIFE_S if pair.expires_at is None else max((pair.expires_at - now).total_seconds(), 0.001)
        sealed = self._fernet.encrypt(json.dumps(_plain(pair)).encode())
        try:
            return bool(self._redis.eval(_SAVE_IF_LOCKED, 2, self._pair_key, self._lock_key, lock, sealed, int(life_s * 1000) or 1))
        except redis.RedisError as error:
            raise _no_redis(error) from None

    def lock(self) -> str | None:
        """The right to renew, or None: another has it. SourceError (network) when Redis does not answer."""
        mine = secrets.token_hex(16)
        try:
            return mine if self._redis.set(self._lock_key, mine, nx=True, px=self._lock_life_ms) else None
        except redis.RedisError as error:
            raise _no_redis(error) from None

    def keep(self, lock: str) -> bool:
        """Makes the right last for its whole life again; False: it was lost. SourceError (network) when Redis does not answer."""
        try:
            return bool(self._redis.eval(_KEEP_IF_MINE, 1, self._lock_key, lock, self._lock_life_ms))
        except redis.RedisError as error:
            raise _no_redis(error) from None

    def unlock(self, lock: str) -> None:
        """Gives the right back; nothing happens if it was lost. Redis gone: the lock ends by itself, so that is only logged."""
        try:
            self._redis.eval(_UNLOCK_IF_MINE, 1, self._lock_key, lock)
        except redis.RedisError as error:
            log.warning("The lock for renewing OAuth tokens could not be given back (%s); it ends by itself.", type(error).__name__)


def _no_redis(error: redis.RedisError) -> SourceError:
    return SourceError(ErrorKind.NETWORK, f"Redis, which keeps the OAuth tokens, does not answer ({type(error).__name__}).")


def _plain(pair: TokenPair) -> dict[str, object]:
    return {
        "access": pair.access.reveal(),
        "refresh": pair.refresh.reveal() if pair.refresh else None,
        "renew_at": pair.renew_at.timestamp() if pair.renew_at else None,
        "expires_at": pair.expires_at.timestamp() if pair.expires_at else None,
    }


def _pair(kept: dict[str, object]) -> TokenPair:
    access, refresh = kept["access"], kept["refresh"]
    if not isinstance(access, str) or not isinstance(refresh, str | None):
        raise TypeError("not a pair")
    return TokenPair(
        Secret(access, passing=True), Secret(refresh, passing=True) if refresh else None, _time(kept["renew_at"]), _time(kept["expires_at"])
    )


def _time(kept: object) -> datetime | None:
    if kept is None:
        return None
    if not isinstance(kept, (int, float)):
        raise TypeError("not a time")
    return datetime.fromtimestamp(kept, UTC)
