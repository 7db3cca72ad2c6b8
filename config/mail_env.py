"""EMAIL_URL in parts: which mail server carries the mail, and how the way there is kept private.

In:  the URL, checked for its scheme. Out: `MailEnv`. Must not connect anywhere. No message of an error holds the URL: it has a password.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from config.env_error import EnvError


class Security(StrEnum):
    """`none`: in the clear. `starttls`: begins in the clear and must change to TLS. `tls`: TLS from the first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


SCHEMES = {"smtp": (Security.NONE, 25), "smtp+tls": (Security.STARTTLS, 587), "smtp+ssl": (Security.TLS, 465), "smtps": (Security.TLS, 465)}


@dataclass(frozen=True, slots=True)
class MailEnv:
    """One mail server. `user` empty: no login."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


def mail_env(url: str, *, is_loopback: bool) -> MailEnv:
    """The server that EMAIL_URL names. EnvError without a host, or with something behind it.

    `smtp://` with a password means STARTTLS unless the server is this machine: a password never goes out in the clear.
    """
    parts = urlsplit(url)
    security, port = SCHEMES[parts.scheme]
    host = parts.hostname or ""
    if not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise EnvError("EMAIL_URL must be like smtp+tls://user:password@mail.example.com:587, with nothing behind the port.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise EnvError("EMAIL_URL needs both a user and a password, or neither.")
    if security is Security.NONE and user and not is_loopback:
        security = Security.STARTTLS
    return MailEnv(host, parts.port or port, security, user, password)
