"""A letter on the wire: what a mail server or the box really gets of it, for every kind of text and address."""

from __future__ import annotations

import logging
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from config.mail_env import MailEnv, Security
from dashboard.alerts.channels import ChannelTransport
from dashboard.alerts.delivery_types import Letter, TransportError
from dashboard.alerts.transports import BoxTransport, SmtpTransport, box, transport_for
from dashboard.models import Recipient, Via
from tests.alerts.mail_server import mail_server

ID = f"<{7:032x}@wall.example.com>"
LINK = "https://wall.example.com/i/" + "a" * 220 + "/"
HEADERS = {"In-Reply-To": f"<{6:032x}@wall.example.com>", "List-Unsubscribe": f"<{LINK}>", "Auto-Submitted": "auto-generated"}
LETTER = Letter("Longest wait 7:42 on Süd, above 3:00", f"≥ 3:00\n{LINK}\n.\n{'x' * 1500}\n", f"<p>≥ 3:00 {'y' * 1500}</p>", ID, HEADERS)


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def dana(email: str = "dana@example.com") -> Recipient:
    return Recipient(name="Dana", via=Via.EMAIL, email=email)


def sent(letter: Letter = LETTER, to: str = "dana@example.com") -> tuple[str, bytes]:
    """The address and the message as a mail server gets them."""
    with mail_server() as server:
        SmtpTransport(MailEnv("localhost", server.port, Security.NONE)).hand_over(dana(to), letter)
        return server.wait_for(1)[0]


def parsed(message: bytes) -> EmailMessage:
    found = message_from_bytes(message.replace(b"\r\n..", b"\r\n."), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def body(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_letter_arrives_with_its_twin_and_headers_as_they_were() -> None:
    address, message = sent()
    found = parsed(message)
    assert address == "dana@example.com"
    assert (found["Subject"], found["To"], found["Message-ID"]) == (LETTER.subject, "dana@example.com", ID)
    assert str(found["From"]).startswith("Queuelight <")
    assert found["Date"] is not None
    assert {name: found[name] for name in HEADERS} == HEADERS
    assert body(found, "plain").rstrip("\n") == LETTER.text.rstrip("\n")
    assert body(found, "html").rstrip("\n") == LETTER.html
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


def test_letter_on_the_wire_is_ascii_in_short_lines() -> None:
    lines = sent()[1].split(b"\r\n")
    assert all(line.isascii() and len(line) <= 998 and b"\n" not in line for line in lines)
    assert b"List-Unsubscribe: <" + LINK.encode() + b">" in lines


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_subject_with_line_breaks_makes_no_header(sign: str) -> None:
    found = parsed(sent(Letter(f"Wait{sign}Bcc: eve@example.com", "text", "", ID))[1])
    assert found["Bcc"] is None
    assert found["Subject"] == "Wait Bcc: eve@example.com"


def test_header_with_a_line_break_is_refused_for_good() -> None:
    with pytest.raises(TransportError) as caught:
        sent(Letter("s", "t", "", ID, {"References": "<a@b>\r\nBcc: eve@example.com"}))
    assert caught.value.permanent


def test_domain_with_umlauts_goes_as_the_name_servers_know_it() -> None:
    address, message = sent(to="dana@süd.example")
    assert address == "dana@xn--sd-xka.example"
    assert parsed(message)["To"] == address


@pytest.mark.parametrize("address", ["dänä@example.com", "a@b\r\nBcc: c@d", "dana", "", "a@b,c@d", "<a@b>", "a@" + "b" * 80])
def test_address_that_no_server_takes_is_refused_for_good(address: str) -> None:
    with mail_server() as server, pytest.raises(TransportError) as caught:
        SmtpTransport(MailEnv("localhost", server.port, Security.NONE)).hand_over(dana(address), LETTER)
    assert (caught.value.permanent, caught.value.whole_server) == (True, False)
    assert server.letters == []


def test_without_a_mail_server_the_box_has_the_letter_once(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    transport = transport_for(dana())
    assert isinstance(transport, BoxTransport)
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            transport.hand_over(dana(), LETTER)
    kept = box().latest(5)
    assert [(each.to, each.subject, each.text.rstrip("\n")) for each in kept] == [
        ("dana@example.com", LETTER.subject, LETTER.text.rstrip("\n"))
    ]
    said = [record.getMessage() for record in caplog.records if record.name == "dashboard.alerts.transports"]
    assert len(said) == 1
    assert LETTER.subject in said[0]
    assert "dana" not in said[0]


def test_channel_has_a_transport_of_its_own() -> None:
    assert isinstance(transport_for(Recipient(via=Via.CHANNEL)), ChannelTransport)
