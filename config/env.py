"""The environment, read once: every variable an administrator can set, checked, with one clear sentence for a wrong one.

In:  os.environ, `.env` in the project's root, `*_FILE` secrets, and what `manage.py up` runs right now (config/runtime.py),
     so that a command in another terminal finds the embedded Redis and the emulator.
Out: one frozen `Env`. EnvError names the variable. A secret is never printed: the fields that hold one have no repr.
"""

from __future__ import annotations

import os
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from config import runtime
from config.env_error import EnvError
from config.mail_env import SCHEMES, MailEnv, mail_env
from config.secret_key import kept_secret_key
from config.vendor_env import HOST_NAME, KayakoEnv, ZendeskEnv, is_loopback, kayako_env, zendesk_env

BASE_DIR = Path(__file__).resolve().parent.parent
# What Django compares a request's Host with: a name, `.example.com` with all below it, an address, or `*`; never a port.
ALLOWED_HOST = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
# float() would also take ١, 1_0 and 1e3, which no administrator means.
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?|\.[0-9]{1,9}")
LONGEST_SECRET = 65_536

__all__ = ["BASE_DIR", "Env", "EnvError", "KayakoEnv", "MailEnv", "ZendeskEnv", "is_loopback", "load"]


@dataclass(frozen=True, slots=True)
class Env:
    """Everything that differs between one installation and another. Times are seconds."""

    host: str
    port: int
    data_dir: Path
    redis_url: str = field(repr=False)  # empty: none given and none running
    redis_embedded: bool
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    allowed_hosts: tuple[str, ...]
    admin_email: str
    admin_password: str = field(repr=False)
    mail: MailEnv | None  # None: letters go into the box, files in DATA_DIR/mail
    email_from: str
    site_url: str  # where people reach the pages, without a slash at its end
    time_zone: str
    time_zone_given: bool  # False: the zone of the machine that `manage.py up` runs on, or UTC
    zendesk: ZendeskEnv | None
    kayako: KayakoEnv | None  # None: there is none
    emulated: bool
    queue_interval_s: float
    agents_interval_s: float
    account_interval_s: float
    agents_overview_interval_s: float
    tickets: bool  # False: nothing is asked about tickets
    tickets_interval_s: float
    ticket_metrics_interval_s: float
    metric_events_interval_s: float
    kayako_interval_s: float
    budget_share: float
    debug: bool

    @property
    def has_phone(self) -> bool:
        """Whether there is a Zendesk account, or the emulator's (also before it runs): not where Kayako alone is set."""
        return self.zendesk is not None or self.kayako is None

    @property
    def has_kayako(self) -> bool:
        """Whether there is a Kayako site, or the emulator's (also before it runs): not where Zendesk alone is set."""
        return self.kayako is not None or self.zendesk is None


def load(environ: Mapping[str, str] | None = None) -> Env:
    """The environment as it is now. EnvError at the first wrong variable."""
    given = dict(os.environ if environ is None else environ)
    if environ is None:
        dotenv = {} if given.get("QUEUELIGHT_NO_DOTENV") else _dotenv(BASE_DIR / ".env")
        given = {**dotenv, **given}
    reader = _Reader(given)

    data_dir = _data_dir(reader.text("DATA_DIR"))
    running = runtime.read(data_dir)
    redis_url = reader.url("REDIS_URL", {"redis", "rediss", "unix"})
    zendesk, kayako = zendesk_env(reader), kayako_env(reader)
    emulated = False
    if zendesk is None and kayako is None and isinstance(emulator := running.get("emulator"), dict):
        zendesk, emulated = ZendeskEnv(emulator["url"], email=emulator["email"], api_token=emulator["token"]), True
        kayako = KayakoEnv(emulator["url"], email=emulator["email"], password=emulator["token"])
    host = reader.text("HOST") or "127.0.0.1"
    port = reader.whole("PORT", 8000, low=0, high=65535)
    site_url = _site_url(reader) or f"http://{_reached_at(host)}:{port}"
    time_zone = reader.text("TIME_ZONE")
    return Env(
        host=host,
        port=port,
        data_dir=data_dir,
        redis_url=redis_url or str(running.get("redis_url") or ""),
        redis_embedded=not redis_url,
        database_url=reader.url("DATABASE_URL", {"sqlite", "postgres", "postgresql"}) or f"sqlite:///{data_dir / 'queuelight.sqlite3'}",
        secret_key=reader.text("SECRET_KEY") or kept_secret_key(data_dir),
        allowed_hosts=_hosts(reader.text("ALLOWED_HOSTS"), host, site_url),
        admin_email=reader.email("ADMIN_EMAIL"),
        admin_password=reader.text("ADMIN_PASSWORD"),
        mail=_mail(reader),
        email_from=reader.email("EMAIL_FROM") or reader.email("ADMIN_EMAIL") or f"queuelight@{urlsplit(site_url).hostname}",
        site_url=site_url,
        time_zone=_time_zone(time_zone or str(running.get("time_zone") or "UTC")),
        time_zone_given=bool(time_zone),
        zendesk=zendesk,
        kayako=kayako,
        emulated=emulated,
        queue_interval_s=reader.seconds("QUEUE_INTERVAL_S", 1.0),
        agents_interval_s=reader.seconds("AGENTS_INTERVAL_S", 5.0),
        account_interval_s=reader.seconds("ACCOUNT_INTERVAL_S", 15.0),
        agents_overview_interval_s=reader.seconds("AGENTS_OVERVIEW_INTERVAL_S", 30.0),
        tickets=reader.flag("TICKETS", default=True),
        tickets_interval_s=reader.seconds("TICKETS_INTERVAL_S", 15.0),
        ticket_metrics_interval_s=reader.seconds("TICKET_METRICS_INTERVAL_S", 60.0),
        metric_events_interval_s=reader.seconds("METRIC_EVENTS_INTERVAL_S", 30.0),
        kayako_interval_s=reader.seconds("KAYAKO_INTERVAL_S", 60.0),
        budget_share=reader.ratio("BUDGET_SHARE", 0.8),
        debug=reader.flag("DEBUG"),
    )


class _Reader:
    """Reads one variable at a time and complains in one sentence."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def text(self, name: str) -> str:
        value = self._given.get(name, "").strip()
        path = self._given.get(f"{name}_FILE", "").strip()
        if value and path:
            raise EnvError(f"Set {name} or {name}_FILE, not both.")
        if not path:
            return value
        try:
            with Path(path).open(encoding="utf-8") as file:
                found = file.read(LONGEST_SECRET + 1)  # not all of it: somebody may have named a device, which never ends
        except (OSError, UnicodeDecodeError) as error:
            raise EnvError(f"{name}_FILE: the file {path} cannot be read ({type(error).__name__}).") from error
        if len(found) > LONGEST_SECRET:
            raise EnvError(f"{name}_FILE: the file {path} is too long to be a secret.")
        return found.strip()

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        text = self.text(name)
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 9 or not low <= int(text) <= high:
            raise EnvError(f"{name} must be a whole number from {low} to {high}, not {text[:40]!r}.")
        return int(text)

    def _number(self, name: str, default: float, low: float, high: float, what: str) -> float:
        text = self.text(name)
        if not text:
            return default
        value = float(text) if NUMBER.fullmatch(text) else float("nan")
        if not low <= value <= high:
            raise EnvError(f"{name} must be {what} from {low:g} to {high:g}, not {text[:40]!r}.")
        return value

    def seconds(self, name: str, default: float) -> float:
        return self._number(name, default, 1, 3600, "a number of seconds")

    def ratio(self, name: str, default: float) -> float:
        return self._number(name, default, 0.05, 1, "a share")

    def flag(self, name: str, *, default: bool = False) -> bool:
        text = self.text(name).lower() or ("1" if default else "0")
        if text not in {"0", "1", "false", "true", "no", "yes"}:
            raise EnvError(f"{name} must be 1 or 0, not {text!r}.")
        return text in {"1", "true", "yes"}

    def email(self, name: str) -> str:
        text = self.text(name)
        if text and (text.count("@") != 1 or text.startswith("@") or text.endswith("@") or " " in text):
            raise EnvError(f"{name} must be an e-mail address, not {text!r}.")
        return text

    def url(self, name: str, schemes: set[str]) -> str:
        """A URL that may hold a password, so no message shows it."""
        text = self.text(name)
        if not text:
            return text
        if text.partition("://")[0] not in schemes:
            raise EnvError(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in sorted(schemes))}.")
        try:
            parts = urlsplit(text)
            _ = parts.hostname, parts.port
        except ValueError:
            raise EnvError(f"{name} is not an address; signs such as / # ? @ in a password must be percent-encoded.") from None
        return text


def _data_dir(text: str) -> Path:
    try:
        return Path(text or BASE_DIR / "var").expanduser().resolve()
    except (RuntimeError, OSError, ValueError):  # no such user's home, a loop of links, a NUL
        raise EnvError(f"DATA_DIR must be a folder, not {text!r}.") from None


def _mail(reader: _Reader) -> MailEnv | None:
    url = reader.url("EMAIL_URL", set(SCHEMES))
    return mail_env(url, is_loopback=is_loopback(urlsplit(url).hostname or "")) if url else None


def _site_url(reader: _Reader) -> str:
    url = reader.url("SITE_URL", {"http", "https"}).rstrip("/")
    parts = urlsplit(url)
    if url and (not HOST_NAME.fullmatch(parts.hostname or "") or parts.path or parts.query or parts.fragment or parts.username):
        raise EnvError("SITE_URL must be an address such as https://wall.example.com, with nothing behind the host and port.")
    return url


def _reached_at(host: str) -> str:
    """How a browser on this machine writes the address that we listen on."""
    if host in {"0.0.0.0", "::"}:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _hosts(text: str, bind_host: str, site_url: str) -> tuple[str, ...]:
    """What browsers may ask for. The host of SITE_URL is always allowed: the links in mails lead there."""
    site = urlsplit(site_url).hostname or "localhost"
    local = ("localhost", "127.0.0.1", "[::1]", f"[{site}]" if ":" in site else site)
    if not text:
        return tuple(dict.fromkeys(local if bind_host in {"0.0.0.0", "::"} else (*local, bind_host)))
    names = [part.strip() for part in text.split(",") if part.strip()]
    for name in names:
        if not ALLOWED_HOST.fullmatch(name):
            raise EnvError(f"ALLOWED_HOSTS must be names or addresses separated by commas, without scheme or port, not {name[:80]!r}.")
    return tuple(dict.fromkeys((*names, *local)))


def _time_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise EnvError(f"TIME_ZONE must be a name such as Europe/Berlin, not {name!r}.") from None
    return name


def _dotenv(path: Path) -> dict[str, str]:
    """`.env`: NAME=value lines, # comments, optional quotes. EnvError for a line that is neither."""
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EnvError(f".env: the file {path} cannot be read ({type(error).__name__}).") from error
    found: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip().removeprefix("export ").strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().isidentifier():
            raise EnvError(f".env, line {number}: not of the form NAME=value.")
        value = value.strip()
        quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
        found[name.strip()] = value[1:-1] if quoted else value.partition(" #")[0].strip()
    return found
