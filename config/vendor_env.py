"""The vendors' accounts in the environment: Zendesk and Kayako, each with exactly one way to sign in.

In:  a reader of variables. Out: `ZendeskEnv`, `KayakoEnv`, or None where no variable of one is set. EnvError names the variable; no
secret is in a repr. Must not connect anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from config.env_error import EnvError

HOST_NAME = re.compile(r"[A-Za-z0-9_.:-]+")
# The vendor's scopes: read, write, and either for one kind of thing, such as tickets:write.
SCOPE = re.compile(r"([a-z_]{1,40}:)?(read|write)")


class Reader(Protocol):
    """Reads one variable, or the file that NAME_FILE names; empty where there is neither."""

    def text(self, name: str) -> str: ...

    def email(self, name: str) -> str:
        """EnvError for what is no e-mail address."""
        ...


@dataclass(frozen=True, slots=True)
class ZendeskEnv:
    """One Zendesk Talk account. Exactly one way to authenticate is set."""

    url: str
    email: str = ""
    api_token: str = field(default="", repr=False)
    oauth_token: str = field(default="", repr=False)
    oauth_client_id: str = ""
    oauth_client_secret: str = field(default="", repr=False)
    oauth_scope: str = "read"  # what the OAuth client asks for


@dataclass(frozen=True, slots=True)
class KayakoEnv:
    """One Kayako site: an agent's address and password, or an OAuth token."""

    url: str
    email: str = ""
    password: str = field(default="", repr=False)
    oauth_token: str = field(default="", repr=False)


def zendesk_env(reader: Reader) -> ZendeskEnv | None:
    """The Zendesk account, or None when no variable of it is set. Half an account is an error, not an emulator."""
    url = reader.text("ZENDESK_URL").rstrip("/")
    email, api_token = reader.email("ZENDESK_EMAIL"), reader.text("ZENDESK_API_TOKEN")
    oauth_token = reader.text("ZENDESK_OAUTH_TOKEN")
    client_id, client_secret = reader.text("ZENDESK_OAUTH_CLIENT_ID"), reader.text("ZENDESK_OAUTH_CLIENT_SECRET")
    if not any((url, email, api_token, oauth_token, client_id, client_secret)):
        return None
    if not url:
        raise EnvError("ZENDESK_URL is missing: it is the address of the account, such as https://example.zendesk.com.")
    _check_url("ZENDESK_URL", url, "https://example.zendesk.com")
    for have, lack, has, needs in (
        (email, api_token, "ZENDESK_EMAIL", "ZENDESK_API_TOKEN"),
        (client_id, client_secret, "ZENDESK_OAUTH_CLIENT_ID", "ZENDESK_OAUTH_CLIENT_SECRET"),
    ):
        if bool(have) != bool(lack):
            raise EnvError(f"{needs if have else has} is missing: {has} and {needs} go together.")
    ways = [bool(api_token), bool(oauth_token), bool(client_id)]
    if sum(ways) != 1:
        found = "none is set" if not any(ways) else "more than one is set"
        raise EnvError(
            "ZENDESK_URL needs exactly one way to sign in (ZENDESK_OAUTH_CLIENT_ID with ZENDESK_OAUTH_CLIENT_SECRET, "
            f"ZENDESK_OAUTH_TOKEN, or ZENDESK_EMAIL with ZENDESK_API_TOKEN), and {found}."
        )
    return ZendeskEnv(url, email, api_token, oauth_token, client_id, client_secret, _scope(reader, bool(client_id)))


def _scope(reader: Reader, has_client: bool) -> str:
    scope = " ".join(reader.text("ZENDESK_OAUTH_SCOPE").split())
    if scope and not has_client:
        raise EnvError("ZENDESK_OAUTH_SCOPE goes with ZENDESK_OAUTH_CLIENT_ID: a token has the scope that it was made with.")
    if not all(SCOPE.fullmatch(part) for part in scope.split()):
        raise EnvError("ZENDESK_OAUTH_SCOPE must be `read`, or `read write` for a desk that may act.")
    return scope or "read"


def kayako_env(reader: Reader) -> KayakoEnv | None:
    """The Kayako site, or None when no variable of it is set. Half of it is an error."""
    url = reader.text("KAYAKO_URL").rstrip("/")
    email, password = reader.email("KAYAKO_EMAIL"), reader.text("KAYAKO_PASSWORD")
    oauth_token = reader.text("KAYAKO_OAUTH_TOKEN")
    if not any((url, email, password, oauth_token)):
        return None
    if not url:
        raise EnvError("KAYAKO_URL is missing: it is the address of the site, such as https://example.kayako.com.")
    _check_url("KAYAKO_URL", url, "https://example.kayako.com")
    if bool(email) != bool(password):
        has, needs = ("KAYAKO_EMAIL", "KAYAKO_PASSWORD") if email else ("KAYAKO_PASSWORD", "KAYAKO_EMAIL")
        raise EnvError(f"{needs} is missing: {has} and {needs} go together.")
    if bool(email) == bool(oauth_token):
        found = "more than one is set" if email else "none is set"
        raise EnvError(
            f"KAYAKO_URL needs exactly one way to sign in (KAYAKO_EMAIL with KAYAKO_PASSWORD, or KAYAKO_OAUTH_TOKEN), and {found}."
        )
    return KayakoEnv(url, email, password, oauth_token)


def _check_url(name: str, url: str, example: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise EnvError(f"{name} is not an address.") from None
    if parts.username or parts.password:
        raise EnvError(f"{name} must not hold a user name or password; they have variables of their own.")
    extra = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in {"https", "http"} or not HOST_NAME.fullmatch(host) or extra:
        raise EnvError(f"{name} must be an address such as {example}, with nothing behind the host.")
    if parts.scheme == "http" and not is_loopback(host):
        raise EnvError(f"{name} must start with https://: plain http would send the credentials in the clear.")


def is_loopback(host: str) -> bool:
    """Whether a host name of a URL is this machine."""
    return host in {"localhost", "::1"} or (host.startswith("127.") and host.replace(".", "").isdigit())
