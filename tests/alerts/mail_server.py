"""A mail server for tests: real SMTP on loopback, whose behaviour a test chooses; what it took over lies in `letters`."""

from __future__ import annotations

import base64
import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Behaviour:
    """`refuse` answers a command with this instead: {"RCPT": "550 no such user"}. `mute_after`: says nothing any more after this command;
    `hang_up_after`: closes then. `login`: what AUTH must give. `starttls`: whether it is offered."""

    greeting: str = "220 test"
    refuse: dict[str, str] = field(default_factory=dict)
    mute_after: str = ""
    hang_up_after: str = ""
    drip_s: float = 0.0
    thinks_s: float = 0.0  # between the end of a letter and its answer
    login: tuple[str, str] | None = None
    starttls: bool = False
    tls: bool = False


class MailServer:
    """Serves one connection after another until the block ends."""

    def __init__(self, behaviour: Behaviour, certificate: Path | None) -> None:
        self.behaviour = behaviour
        self.letters: list[tuple[str, bytes]] = []  # (recipient, message)
        self.taken = threading.Condition()
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._end = threading.Event()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._end.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in list(self._open):
            each.close()

    def wait_for(self, many: int, within_s: float = 5.0) -> list[tuple[str, bytes]]:
        """The letters, once there are so many; AssertionError when there never are."""
        with self.taken:
            assert self.taken.wait_for(lambda: len(self.letters) >= many, within_s), f"{len(self.letters)} letters, not {many}"
            return list(self.letters)

    def _accept(self) -> None:
        while not self._end.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self.behaviour.tls and self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            self._talk(connection)
        except OSError:  # the client went away, which some tests want
            pass
        finally:
            connection.close()

    def _talk(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        self._say(connection, self.behaviour.greeting)
        address = ""
        while line := lines.readline():
            text = line.decode().strip()
            command = text.partition(" ")[0].upper()
            if command == self.behaviour.mute_after:
                self._end.wait(30)
                return
            if command == self.behaviour.hang_up_after:
                return
            if refused := self.behaviour.refuse.get(command):
                self._say(connection, refused)
                continue
            if command == "STARTTLS" and self._context is not None:
                self._say(connection, "220 go ahead")
                connection = self._context.wrap_socket(connection, server_side=True)
                self._open.add(connection)
                lines = connection.makefile("rb")
            elif command == "DATA":
                self._say(connection, "354 go ahead")
                body = b"".join(iter(lines.readline, b".\r\n"))
                self._end.wait(self.behaviour.thinks_s)
                with self.taken:
                    self.letters.append((address, body))
                    self.taken.notify_all()
                self._say(connection, "250 taken")
            elif command == "RCPT":
                address = text.partition("<")[2].partition(">")[0]
                self._say(connection, "250 ok")
            elif command == "AUTH":
                self._say(connection, self._authenticated(text))
            elif command == "EHLO":
                self._say(connection, "\r\n".join(["250-test", *(["250-STARTTLS"] if self.behaviour.starttls else []), "250 AUTH PLAIN"]))
            elif command == "QUIT":
                self._say(connection, "221 bye")
                return
            else:
                self._say(connection, "250 ok")

    def _authenticated(self, text: str) -> str:
        given = tuple(base64.b64decode(text.split()[2]).decode().split("\0")[1:])
        return "235 welcome" if given == self.behaviour.login else "535 wrong"

    def _say(self, connection: socket.socket, text: str) -> None:
        data = f"{text}\r\n".encode()
        if not self.behaviour.drip_s:
            connection.sendall(data)
            return
        for sign in data:
            connection.sendall(bytes([sign]))
            self._end.wait(self.behaviour.drip_s)


@contextmanager
def mail_server(behaviour: Behaviour | None = None, certificate: Path | None = None) -> Iterator[MailServer]:
    server = MailServer(behaviour or Behaviour(), certificate)
    try:
        yield server
    finally:
        server.close()


def make_certificate(folder: Path, name: str = "localhost") -> Path:
    """A certificate for `name`, signed by itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path
