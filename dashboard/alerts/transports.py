"""How a recipient is reached: a mail server, the box while none is set, or a channel. One transport a kind.

In:  a recipient. Out: a `Transport`. Must not decide whether something is sent, nor try again: delivery does.
"""

from __future__ import annotations

import functools
import io
import logging
from email.generator import BytesGenerator
from email.policy import compat32

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError, utf8_charset_qp

from config.mail_env import MailEnv
from dashboard.alerts import smtp
from dashboard.alerts.box import Box
from dashboard.alerts.channels import ChannelTransport
from dashboard.alerts.delivery_types import Letter, Transport, TransportError
from dashboard.models import Recipient, Via
from dashboard.sources.redaction import remember

logger = logging.getLogger(__name__)

SENDER_NAME = "Queuelight"
# The addresses in List-Unsubscribe are long, and some readers do not find one that was folded on to the next line.
ON_THE_WIRE = compat32.clone(linesep="\r\n", max_line_length=990)


def transport_for(recipient: Recipient) -> Transport:
    """The way to this recipient."""
    if recipient.via == Via.CHANNEL:
        return ChannelTransport()
    server: MailEnv | None = settings.ENV.mail
    return BoxTransport(box()) if server is None else SmtpTransport(server)


def box() -> Box:
    """The installation's box."""
    return Box(settings.DATA_DIR / "mail")


class SmtpTransport:
    """Hands letters to the mail server of EMAIL_URL."""

    def __init__(self, server: MailEnv) -> None:
        self._server = server
        _remembered(server.password)

    def hand_over(self, recipient: Recipient, letter: Letter) -> None:
        """As `Transport.hand_over`."""
        message = _message(recipient, letter)
        smtp.hand_over(self._server, _on_the_wire(settings.ENV.email_from), _on_the_wire(recipient.email), message)


class BoxTransport:
    """Keeps letters as files."""

    def __init__(self, kept_in: Box) -> None:
        self._box = kept_in

    def hand_over(self, recipient: Recipient, letter: Letter) -> None:
        """As `Transport.hand_over`; the same letter a second time changes nothing."""
        if self._box.put(letter.message_id, _message(recipient, letter)):
            logger.info("A letter went into the box, since EMAIL_URL is not set: %s", letter.subject)


def _message(recipient: Recipient, letter: Letter) -> bytes:
    """The letter as it goes over the wire: plain text with its HTML twin, in ASCII, which every mail server on the way takes as it is."""
    address = _on_the_wire(recipient.email)
    mail = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=letter.text,
        from_email=f"{SENDER_NAME} <{_on_the_wire(settings.ENV.email_from)}>",
        to=[address],
        headers={**letter.headers, "Message-ID": letter.message_id},
    )
    mail.encoding = utf8_charset_qp
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    try:
        message, wire = mail.message(), io.BytesIO()
        BytesGenerator(wire, mangle_from_=False, policy=ON_THE_WIRE).flatten(message)
        return wire.getvalue()
    except (BadHeaderError, ValueError, UnicodeError) as error:
        raise TransportError(f"The letter cannot be written for this address ({type(error).__name__}).", permanent=True) from error


def _on_the_wire(address: str) -> str:
    """The address in ASCII: its domain as the name servers know it. TransportError for what mail servers commonly refuse."""
    local, _, domain = address.rpartition("@")
    try:
        wire = f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise TransportError("The e-mail address has letters that mail servers do not take.", permanent=True) from error
    if not local or not domain or not wire.isprintable() or any(sign in wire for sign in " <>,;"):
        raise TransportError("This is not an e-mail address that a letter can be sent to.", permanent=True)
    return wire


@functools.cache
def _remembered(password: str) -> None:
    """From now on no log line shows it, whatever a library prints."""
    remember(password)
