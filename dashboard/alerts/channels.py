"""Channels other than mail (Slack, Teams, webhooks and some hundred more): one address a recipient, spoken to by the Apprise library.

In:  a recipient's channel address, a letter. Out: the channel has it, or a TransportError. An address may hold a token: it is kept
encrypted with a key of its own derived from SECRET_KEY, shown as service and host alone, and never stands in a log or an error.
Administrators alone type addresses; plain http and addresses of the own network are therefore theirs to choose (docs/notifications.md).
"""

from __future__ import annotations

import logging
import re
import threading
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from dashboard.alerts.delivery_types import Letter, TransportError
from dashboard.models import Recipient
from dashboard.sources.redaction import remember
from dashboard.words.phrases import words as words_of

DEADLINE_S = 9.0
CONNECT_S, READ_S = 3.0, 5.0
LONGEST_ADDRESS = 2000
LONGEST_BODY = 1500
# Of these the server's own desktop, log or command line would be the recipient; and mail has a way of its own, with an outbox.
NOT_CHANNELS = frozenset({"dbus", "qt", "glib", "kde", "gnome", "macosx", "windows", "syslog", "file", "mailto", "mailtos"})
_STATUS = re.compile(r"\berror[ =:]+(\d{3})\b")


def problem(address: str) -> str | None:
    """What is wrong with an address that somebody typed, in one sentence; None: it can be spoken to."""
    scheme = address.strip().partition("://")[0].lower()
    if "://" not in address or len(address) > LONGEST_ADDRESS:
        return "This is not a channel's address, such as slack://… or json://example.com/hook."
    if scheme in NOT_CHANNELS:
        return f"{scheme}:// is no channel that other people see; for mail, make a recipient with an e-mail address."
    if _plugin(address) is None:
        return f"No service is known by {scheme}://, or something is missing behind it."
    return None


def keep(recipient: Recipient, address: str) -> None:
    """Sets the recipient's address, encrypted, and what of it may be shown; the caller saves. ValueError for one with a `problem`."""
    address = address.strip()
    if (wrong := problem(address)) is not None:
        raise ValueError(wrong)
    recipient.url_encrypted = _fernet().encrypt(address.encode()).decode("ascii")
    recipient.url_shown = shown(address)


def shown(address: str) -> str:
    """Service and host alone. Of services whose address begins with a token, not even that."""
    scheme = address.partition("://")[0].lower()
    host = urlsplit(address).hostname or ""
    plain = scheme in {"json", "jsons", "xml", "xmls", "form", "forms", "http", "https"} and "." in host
    return f"{scheme}://{host}/…"[:120] if plain else f"{scheme}://…"


class ChannelTransport:
    """Hands letters to a recipient's channel: the subject, and the letter's few lines."""

    def hand_over(self, recipient: Recipient, letter: Letter) -> None:
        """As `Transport.hand_over`."""
        _notify(recipient, letter.subject, (letter.brief or letter.text)[:LONGEST_BODY])


def send_test(recipient: Recipient) -> str | None:
    """Sends a short test at once, in the recipient's language. None: the channel took it, else one sentence."""
    words = words_of(recipient.language)
    try:
        _notify(recipient, words.say("trial.subject"), words.say("trial.brief", when=f"{datetime.now(UTC):%Y-%m-%d %H:%M}"))
    except TransportError as error:
        return str(error)
    return None


def _notify(recipient: Recipient, title: str, body: str) -> None:
    plugin = _plugin(_address(recipient))
    if plugin is None:
        raise TransportError("The channel's address is not understood (any more): type it again.", permanent=True)
    name = str(plugin.service_name)
    plugin.socket_connect_timeout, plugin.socket_read_timeout = CONNECT_S, READ_S
    errand = _Errand(recipient.pk, plugin, title, body)
    if not errand.run():
        raise TransportError(f"{name} did not answer within {DEADLINE_S:.0f} s.")
    if not errand.taken:
        raise TransportError(f"{name} did not take the message{errand.why}.")


class _Errand:
    """One call of the library, in a thread of its own: it has no deadline for a whole call, and a service that drips would have it wait
    for hours. A recipient whose last call still hangs is not called again, so that no more than one thread a recipient can ever hang."""

    _hanging: ClassVar[set[int]] = set()
    _lock: ClassVar = threading.Lock()

    def __init__(self, recipient_id: int, plugin: Any, title: str, body: str) -> None:
        self._id, self._plugin, self._title, self._body = recipient_id, plugin, title, body
        self.taken = False
        self.why = ""

    def run(self) -> bool:
        """Whether it ended in time."""
        with self._lock:
            if self._id in self._hanging:
                return False
            self._hanging.add(self._id)
        thread = threading.Thread(target=self._call, name=f"channel-{self._id}", daemon=True)
        thread.start()
        thread.join(DEADLINE_S)
        return not thread.is_alive()

    def _call(self) -> None:
        heard = _Listener(threading.get_ident())
        logger = logging.getLogger("apprise")
        logger.addHandler(heard)
        try:
            self.taken = bool(self._plugin.notify(body=self._body, title=self._title))
            self.why = "" if heard.status is None else f" (it answered {heard.status})"
        except Exception as error:  # noqa: BLE001 (a hundred services' code; its text may hold the address)
            self.why = f" ({type(error).__name__})"
        finally:
            logger.removeHandler(heard)
            with self._lock:
                self._hanging.discard(self._id)


class _Listener(logging.Handler):
    """Picks the status out of what the library logs in this thread; everything else it says may hold the address, and is dropped."""

    def __init__(self, thread: int) -> None:
        super().__init__(logging.WARNING)
        self._thread = thread
        self.status: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread and (found := _STATUS.search(record.getMessage())):
            self.status = found[1]


def _plugin(address: str) -> Any:
    # The library takes a third of a second to import; a process that tells nobody must not pay for it.
    import apprise

    scheme = address.strip().partition("://")[0].lower()
    return None if scheme in NOT_CHANNELS else apprise.Apprise.instantiate(address.strip(), suppress_exceptions=True)


def _address(recipient: Recipient) -> str:
    try:
        address = _fernet().decrypt(recipient.url_encrypted.encode("ascii", "replace")).decode()
    except InvalidToken as error:
        raise TransportError("The channel's address cannot be decrypted: SECRET_KEY has changed. Type it again.", permanent=True) from error
    remember(address, passing=True)
    return address


def _fernet() -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"queuelight channel address").derive(settings.SECRET_KEY.encode())
    return Fernet(urlsafe_b64encode(derived))
