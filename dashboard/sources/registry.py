"""One client per account and process, and the sources that share it: made when first asked for, kept while the settings stay the same.

In:  the environment's accounts. Out: `ZendeskTalk`, `ZendeskTickets`, `ZendeskMetrics`, `Kayako`. The only module of this room that knows
settings and the store.
"""

from __future__ import annotations

import hmac
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from config.env import KayakoEnv, ZendeskEnv
from dashboard.sources.auth import BasicToken, ClientCredentials, Credentials, StaticBearer
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.http import VendorClient
from dashboard.sources.kayako import Kayako
from dashboard.sources.kayako_auth import KayakoLogin
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_metrics import ZendeskMetrics
from dashboard.sources.zendesk_talk import ZendeskTalk
from dashboard.sources.zendesk_tickets import ZendeskTickets
from dashboard.store import connection
from dashboard.store.tokens import RedisTokenStore

ACCOUNT = "main"
KAYAKO = "kayako"

_lock = threading.Lock()
# By process as well: a forked child must not write into its parent's connections.
_sources: dict[tuple[int, str], _Sources] = {}
_kayakos: dict[int, tuple[str, VendorClient, Kayako]] = {}


@dataclass(frozen=True, slots=True)
class _Sources:
    """Everything that is asked of one account goes over one client: one set of connections, one OAuth pair. `digest`: of its settings."""

    digest: str
    client: VendorClient
    talk: ZendeskTalk
    tickets: ZendeskTickets
    metrics: ZendeskMetrics


def source(account: str) -> ZendeskTalk:
    """The account's phones. Thread-safe. SourceError (refused_config): no such account, or its settings cannot be used."""
    return _of(account).talk


def tickets(account: str) -> ZendeskTickets:
    """The account's tickets. As `source`."""
    return _of(account).tickets


def metrics(account: str) -> ZendeskMetrics:
    """The metrics of the account's tickets. As `source`."""
    return _of(account).metrics


def kayako() -> Kayako:
    """Kayako's conversations, account KAYAKO. As `source`."""
    env = _kayako_env()
    digest = _kayako_digest(env)
    with _lock:
        before = _kayakos.get(os.getpid())
        if before is not None and before[0] == digest:
            return before[2]
        login = None if env.oauth_token else KayakoLogin(env.email, Secret(env.password))
        client = VendorClient(env.url, login or StaticBearer(Secret(env.oauth_token)))
        made = Kayako(client, login)
        _kayakos[os.getpid()] = (digest, client, made)
    if before is not None:
        before[1].close()
    return made


def _of(account: str) -> _Sources:
    env = _env(account)
    digest = _digest(env)
    key = (os.getpid(), account)
    with _lock:
        known = _sources.get(key)
        if known is not None and known.digest == digest:
            return known
        client = VendorClient(env.url, _credentials(env, account, digest))
        made = _Sources(digest, client, ZendeskTalk(client), ZendeskTickets(client), ZendeskMetrics(client))
        _sources[key] = made
    if known is not None:
        known.client.close()
    return made


def site(account: str) -> str:
    """The address of the account's site; other credentials for it leave it the same. SourceError as for `source`."""
    return _kayako_env().url if account == KAYAKO else _env(account).url


def credentials_digest(account: str) -> str:
    """Changes when the account's address or credentials change, and reveals nothing of them. SourceError as for `source`."""
    return _kayako_digest(_kayako_env()) if account == KAYAKO else _digest(_env(account))


def close_all() -> None:
    """Closes every connection of this process to a vendor; `source` makes new ones when asked."""
    with _lock:
        mine = [key for key in _sources if key[0] == os.getpid()]
        closing = [_sources.pop(key).client for key in mine]
        if (kayakos := _kayakos.pop(os.getpid(), None)) is not None:
            closing.append(kayakos[1])
    for each in closing:
        each.close()


def _env(account: str) -> ZendeskEnv:
    env: ZendeskEnv | None = settings.ENV.zendesk
    if env is None or account != ACCOUNT:
        raise SourceError(ErrorKind.REFUSED_CONFIG, "No such account is set up.")
    return env


def _kayako_env() -> KayakoEnv:
    env: KayakoEnv | None = settings.ENV.kayako
    if env is None:
        raise SourceError(ErrorKind.REFUSED_CONFIG, "Kayako is not set up.")
    return env


def _kayako_digest(env: KayakoEnv) -> str:
    return _keyed(env.url, env.email, env.password, env.oauth_token)


def _digest(env: ZendeskEnv) -> str:
    return _keyed(env.url, env.email, env.api_token, env.oauth_token, env.oauth_client_id, env.oauth_client_secret, env.oauth_scope)


def _keyed(*parts: str) -> str:
    # Keyed, so that nobody who reads Redis can try passwords against it. The lengths keep the parts apart.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), "sha256").hexdigest()[:32]


def _credentials(env: ZendeskEnv, account: str, digest: str) -> Credentials:
    if env.oauth_client_id:
        store = RedisTokenStore(connection.client(), account, secret_key=settings.SECRET_KEY, credentials_digest=digest)
        secret = Secret(env.oauth_client_secret)
        return ClientCredentials(env.oauth_client_id, secret, store, clock=lambda: datetime.now(UTC), scope=env.oauth_scope)
    if env.oauth_token:
        return StaticBearer(Secret(env.oauth_token))
    return BasicToken(env.email, Secret(env.api_token))
