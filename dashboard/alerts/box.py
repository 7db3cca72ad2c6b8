"""The box: where letters go while no mail server is set. One file a letter in DATA_DIR/mail, which any mail program opens.

In:  letters, or how many of them to show. Out: `.eml` files; letters read back for the page. Must not decide who gets what.
A letter's file is named after its Message-ID and made whole in one step, so that the same letter is never there twice.
At most KEPT letters are kept; readable by their owner alone.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from dashboard.alerts.delivery_types import TransportError

logger = logging.getLogger(__name__)

KEPT = 200
# Half-made files older than this belong to a process that died.
DEAD_PART_S = 3600.0
# What an own Message-ID begins with (alerts/outbox.py); another is named by its digest.
OWN_ID = re.compile(r"<([0-9a-f]{32})@[^<>@\s]+>")


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter in the box. `name` tells it from the others; `html` is empty when it has none."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str


class Box:
    """The letters in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, message_id: str, letter: bytes) -> bool:
        """Keeps a letter. False: it is there already. TransportError when the folder cannot be written."""
        part = self._folder / f".{secrets.token_hex(8)}.part"
        path = self._folder / f"{_name(message_id)}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(letter)
                file.flush()
                os.fsync(file.fileno())
            return _place(part, path)
        except OSError as error:
            raise TransportError(f"The mail folder {self._folder} cannot be written ({error.strerror}).", whole_server=True) from error
        finally:
            _remove(part)
            self._forget_old()

    def latest(self, many: int) -> list[Kept]:
        """The newest letters, newest first; what cannot be read is left out."""
        found = (read for path in self._newest_first() if (read := _read(path)) is not None)
        return [letter for letter, _ in zip(found, range(many), strict=False)]

    def get(self, name: str) -> Kept | None:
        """One letter by its name; None: there is none (any more)."""
        if not re.fullmatch(r"[0-9a-f]{32}", name):
            return None
        path = self._folder / f"{name}.eml"
        return _read(path) if path.is_file() else None

    def _newest_first(self) -> list[Path]:
        # Time alone is not enough: two letters of one moment must not change places between two looks.
        times = [(_mtime(path), path.name, path) for path in self._folder.glob("*.eml")]
        return [path for _, _, path in sorted(times, reverse=True)]

    def _forget_old(self) -> None:
        for path in self._newest_first()[KEPT:]:
            _remove(path)
        for part in self._folder.glob(".*.part"):
            if datetime.now(UTC).timestamp() - _mtime(part) > DEAD_PART_S:
                _remove(part)


def _name(message_id: str) -> str:
    own = OWN_ID.fullmatch(message_id)
    return own[1] if own else hashlib.sha256(message_id.encode()).hexdigest()[:32]


def _place(part: Path, path: Path) -> bool:
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return False
    except OSError:
        if path.exists():
            return False
        part.replace(path)  # a file system without hard links
    return True


def _read(path: Path) -> Kept | None:
    try:
        found = message_from_bytes(path.read_bytes(), policy=default)
        at = parsedate_to_datetime(str(found["Date"])) if found["Date"] else datetime.fromtimestamp(_mtime(path), UTC)
        return Kept(path.stem, str(found["To"] or ""), str(found["Subject"] or ""), at, _body(found, "plain"), _body(found, "html"))
    except (OSError, ValueError, LookupError) as error:  # removed meanwhile, or not of our making
        logger.warning("The letter %s in the box cannot be read (%s).", path.name, type(error).__name__)
        return None


def _body(message: Message, kind: str) -> str:
    body = message.get_body((kind,)) if isinstance(message, EmailMessage) else None
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


def _mtime(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _remove(path: Path) -> None:
    # What cannot be removed does no harm: it is tried again with the next letter.
    with suppress(OSError):
        path.unlink(missing_ok=True)
