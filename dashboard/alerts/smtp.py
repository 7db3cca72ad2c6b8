"""Hands one letter to the mail server: connects, greets, signs in, delivers. No retry, nothing logged; every failure is a TransportError.

In:  a server's settings, a sender, a recipient's address, a finished message. Out: it is the server's, or a TransportError says why not.
Must not keep a letter or a password anywhere. Up to the letter itself everything ends within DEADLINE_S, however slowly the server speaks.
A server that has the letter and looks through it before it answers (for spam, say) gets ANSWER_S from there: to hang up on it would mean
not to know whether it has taken the letter, and to send it again (RFC 1047).
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from config.mail_env import MailEnv, Security
from dashboard.alerts.delivery_types import TransportError
from dashboard.sources.redaction import redact

DEADLINE_S = 10.0
ANSWER_S = 25.0
CONNECT_S = 5.0
# RFC 5321: the server closes the connection, whatever it was asked. It is not the recipient's fault.
SHUTTING_DOWN = 421
# What we call ourselves in EHLO. The machine's own name would need a name server, which may be slow, and is nobody's business.
OWN_NAME = "[127.0.0.1]"


def hand_over(
    server: MailEnv, sender: str, address: str, message: bytes, *, deadline_s: float = DEADLINE_S, answer_s: float = ANSWER_S
) -> None:
    """Returns once the server has taken the message over (its answer to DATA). TransportError when it has not.

    Both addresses as they go over the wire: ASCII. `answer_s` counts from the moment that the letter begins to leave.
    """
    with _deadline(deadline_s, answer_s) as watched:
        try:
            connection = _connect(server, watched)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise TransportError(_why(server, error), whole_server=True) from error
        try:
            _deliver(server, connection, sender, address, message)
        finally:
            # The letter is taken or refused by now; how the server says good-bye changes nothing.
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()


def check(server: MailEnv, *, deadline_s: float = DEADLINE_S) -> None:
    """Connects and signs in, and sends nothing. TransportError when that is refused."""
    with _deadline(deadline_s, deadline_s) as watched:
        try:
            connection = _connect(server, watched)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise TransportError(_why(server, error), whole_server=True) from error
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        connection.close()


class _Watched:
    """The sockets of one hand-over, and the timer that shuts them."""

    def __init__(self, after_s: float, answer_s: float) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._answer_s = answer_s
        self._expired = False
        self._timer = self._started(after_s)

    def add(self, new: socket.socket, timeout_s: float = ANSWER_S) -> None:
        """`timeout_s` is no more than a second fence: the timer ends the whole."""
        new.settimeout(timeout_s)
        with self._lock:
            self._sockets.append(new)
        if self._expired:
            self._expire()

    def letter_leaves(self) -> None:
        """From now on the server has `answer_s`; unless it is too late already."""
        self._timer.cancel()
        if not self._expired:
            self._timer = self._started(self._answer_s)

    def end(self) -> None:
        self._timer.cancel()

    def _started(self, after_s: float) -> threading.Timer:
        timer = threading.Timer(after_s, self._expire)
        timer.daemon = True
        timer.start()
        return timer

    def _expire(self) -> None:
        self._expired = True
        with self._lock:
            for each in self._sockets:
                with suppress(OSError):  # closed meanwhile
                    each.shutdown(socket.SHUT_RDWR)


@contextmanager
def _deadline(after_s: float, answer_s: float) -> Iterator[_Watched]:
    """A socket's timeout bounds each wait, not their sum: a server that speaks a byte a second would hold a thread for hours."""
    watched = _Watched(after_s, answer_s)
    try:
        yield watched
    finally:
        watched.end()


def _connect(server: MailEnv, watched: _Watched) -> smtplib.SMTP:
    connection = (_Tls if server.security is Security.TLS else _Clear)(server, watched)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


class _Clear(smtplib.SMTP):
    """Begins in the clear; its socket is watched."""

    def __init__(self, server: MailEnv, watched: _Watched) -> None:
        self._watched = watched
        super().__init__(server.host, server.port, local_hostname=OWN_NAME, timeout=CONNECT_S)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = socket.create_connection((host, port), timeout)
        self._watched.add(found)
        return found

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._watched.letter_leaves()
        return super().data(msg)


class _Tls(smtplib.SMTP_SSL):
    """TLS from the first byte; its socket is watched."""

    def __init__(self, server: MailEnv, watched: _Watched) -> None:
        self._watched = watched
        super().__init__(server.host, server.port, local_hostname=OWN_NAME, timeout=CONNECT_S, context=ssl.create_default_context())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = socket.create_connection((host, port), timeout)
        self._watched.add(found)
        wrapped = self.context.wrap_socket(found, server_hostname=host)
        self._watched.add(wrapped)
        return wrapped

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._watched.letter_leaves()
        return super().data(msg)


def _deliver(server: MailEnv, connection: smtplib.SMTP, sender: str, address: str, message: bytes) -> None:
    try:
        connection.sendmail(sender, [address], message)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _refused(server, "the address", code, said) from error
    except smtplib.SMTPSenderRefused as error:
        raise TransportError(
            f"{_name(server)} does not let us send ({_said(error.smtp_code, error.smtp_error)}).", whole_server=True
        ) from error
    except smtplib.SMTPDataError as error:
        raise _refused(server, "the letter", error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise TransportError(_why(server, error), whole_server=not isinstance(error, UnicodeError)) from error


def _refused(server: MailEnv, what: str, code: int, said: bytes | str) -> TransportError:
    text = f"{_name(server)} refused {what} ({_said(code, said)})."
    return TransportError(text, permanent=500 <= code < 600, whole_server=code == SHUTTING_DOWN)


def _why(server: MailEnv, error: Exception) -> str:
    name = _name(server)
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence(name, error)
    return f"{name} did not keep to the protocol ({type(error).__name__})."


def _name(server: MailEnv) -> str:
    return f"The mail server {server.host}:{server.port}"


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in redact(text)).split())[:120]
    return f"{code} {line}".strip()


# The narrower kinds first: most of them are OSErrors as well.
_SENTENCES: tuple[tuple[type[Exception], Callable[[str, Any], str]], ...] = (
    (smtplib.SMTPAuthenticationError, lambda name, error: f"{name} refused the user name or password ({error.smtp_code})."),
    (smtplib.SMTPNotSupportedError, lambda name, _: f"{name} does not offer what EMAIL_URL asks for (STARTTLS or a login)."),
    (ssl.SSLCertVerificationError, lambda name, error: f"The certificate of {name} is not valid: {error.verify_message}."),
    (ssl.SSLError, lambda name, _: f"{name} offered no secure connection."),
    (smtplib.SMTPResponseException, lambda name, error: f"{name} answered {_said(error.smtp_code, error.smtp_error)}."),
    (smtplib.SMTPServerDisconnected, lambda name, _: f"{name} did not answer in time, or hung up."),
    (TimeoutError, lambda name, _: f"{name} did not answer in time, or hung up."),
    (socket.gaierror, lambda name, _: f"{name} is not known by that name."),
    (OSError, lambda name, error: f"{name} cannot be reached ({error.strerror or type(error).__name__})."),
)
