"""What passes between who delivers, who composes and who carries: a letter, a transport, and how a hand-over fails.

In:  `alerts/letter.py` makes letters, `alerts/transports.py` transports. Out: `alerts/deliver.py` brings them together.
Must not know a mail server, a template or a row beyond the recipient's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from dashboard.models import Recipient


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to hand over. `message_id` stands in angle brackets and never changes for the same notification: who gets it twice can
    tell. `brief` is the same in one or two lines, for channels that show no long text; empty: take the subject."""

    subject: str
    text: str
    html: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    brief: str = ""


class TransportError(Exception):
    """The hand-over failed, and nothing was taken over. The text is one plain sentence without any secret.

    `permanent`: the same letter to the same recipient will never be taken (the address is refused).
    `whole_server`: the mail server itself is away or refuses us, which is not this recipient's fault: all mail waits.
    """

    def __init__(self, message: str, *, permanent: bool = False, whole_server: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.whole_server = whole_server


class Transport(Protocol):
    """Hands letters to one mail server or one channel. Returns or fails within its own total deadline: 10 s, and 25 s more where a mail
    server has the letter and has not said yet whether it takes it."""

    def hand_over(self, recipient: Recipient, letter: Letter) -> None:
        """Returns once the letter is the other side's; TransportError when it is not. The same letter (by `message_id`) may come again
        after a crash."""
        ...
