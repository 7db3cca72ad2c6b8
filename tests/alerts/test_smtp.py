"""Handing a letter to a real SMTP server, and to every kind of bad one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from config.mail_env import MailEnv, Security
from dashboard.alerts import smtp
from dashboard.alerts.delivery_types import TransportError
from tests.alerts.mail_server import Behaviour, MailServer, mail_server, make_certificate

PASSWORD = "sentinel-smtp-5521"
MESSAGE = b"Subject: x\r\nTo: dana@example.com\r\n\r\nA line.\r\n.A dot.\r\n"


def env(server: MailServer, security: Security = Security.NONE, user: str = "") -> MailEnv:
    return MailEnv("localhost", server.port, security, user, PASSWORD if user else "")


def send(server: MailEnv, *, deadline_s: float = 5.0, answer_s: float | None = None) -> None:
    answer_s = deadline_s if answer_s is None else answer_s
    smtp.hand_over(server, "queuelight@example.com", "dana@example.com", MESSAGE, deadline_s=deadline_s, answer_s=answer_s)


def test_letter_is_taken_whole() -> None:
    with mail_server() as server:
        send(env(server))
        address, body = server.wait_for(1)[0]
    assert address == "dana@example.com"
    assert body == MESSAGE.replace(b"\r\n.A", b"\r\n..A")  # as the wire has it


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_letter_goes_over_tls_after_a_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: Security) -> None:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    behaviour = Behaviour(starttls=security is Security.STARTTLS, tls=security is Security.TLS, login=("dana", PASSWORD))
    with mail_server(behaviour, certificate) as server:
        send(env(server, security, "dana"))
        assert len(server.wait_for(1)) == 1
        smtp.check(env(server, security, "dana"))


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_certificate_that_nobody_signed_is_refused(tmp_path: Path, security: Security) -> None:
    behaviour = Behaviour(starttls=True, tls=security is Security.TLS, login=("dana", PASSWORD))
    with mail_server(behaviour, make_certificate(tmp_path)) as server, pytest.raises(TransportError, match="certificate") as found:
        send(env(server, security, "dana"))
    assert found.value.whole_server
    assert server.letters == []


def test_password_is_not_sent_where_starttls_is_not_offered() -> None:
    with mail_server(Behaviour(login=("dana", PASSWORD))) as server, pytest.raises(TransportError, match="does not offer") as found:
        send(env(server, Security.STARTTLS, "dana"))
    assert found.value.whole_server


@pytest.mark.parametrize(
    ("refuse", "says", "permanent", "whole_server"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, "refused the address (550 5.1.1 no such user)", True, False),
        ({"RCPT": "451 try later"}, "refused the address (451 try later)", False, False),
        ({"RCPT": "421 going down"}, "refused the address (421", False, True),
        ({"MAIL": "530 log in first"}, "does not let us send (530", False, True),
        ({"DATA": "554 spam"}, "refused the letter (554 spam)", True, False),
        ({"DATA": "452 full"}, "refused the letter (452 full)", False, False),
    ],
)
def test_refusal_says_whose_fault_it_is(refuse: dict[str, str], says: str, permanent: bool, whole_server: bool) -> None:
    with mail_server(Behaviour(refuse=refuse)) as server, pytest.raises(TransportError) as found:
        send(env(server))
    assert says in str(found.value)
    assert (found.value.permanent, found.value.whole_server) == (permanent, whole_server)


def test_wrong_password_is_the_servers_refusal_and_is_not_shown() -> None:
    with mail_server(Behaviour(login=("dana", "another"))) as server, pytest.raises(TransportError, match=r"password \(535\)") as found:
        send(env(server, user="dana"))
    assert found.value.whole_server
    assert PASSWORD not in repr(found.value) + str(found.value.__cause__) + repr(env(server, user="dana"))


@pytest.mark.parametrize("behaviour", [Behaviour(hang_up_after="EHLO"), Behaviour(hang_up_after="MAIL"), Behaviour(hang_up_after="DATA")])
def test_server_that_hangs_up_is_away(behaviour: Behaviour) -> None:
    with mail_server(behaviour) as server, pytest.raises(TransportError) as found:
        send(env(server))
    assert found.value.whole_server


@pytest.mark.parametrize(
    "behaviour", [Behaviour(mute_after="EHLO"), Behaviour(mute_after="DATA"), Behaviour(greeting="220-" + "x" * 600, drip_s=0.1)]
)
def test_server_that_speaks_too_slowly_is_given_up_in_time(behaviour: Behaviour) -> None:
    began = time.monotonic()
    with mail_server(behaviour) as server, pytest.raises(TransportError) as found:
        send(env(server), deadline_s=0.5)
    assert found.value.whole_server
    assert time.monotonic() - began < 20  # the drip lasts for a minute, the second fence is further


def test_server_that_looks_through_the_letter_for_long_is_waited_for() -> None:
    with mail_server(Behaviour(thinks_s=2.2)) as server:
        send(env(server), deadline_s=2, answer_s=30)
        assert len(server.wait_for(1)) == 1


def test_letter_that_was_taken_is_sent_even_when_the_server_does_not_say_good_bye() -> None:
    with mail_server(Behaviour(hang_up_after="QUIT")) as server:
        send(env(server))
        assert len(server.wait_for(1)) == 1


def test_server_that_is_not_there_is_named() -> None:
    with mail_server() as server:
        gone = env(server)
    with pytest.raises(TransportError, match=r"mail server localhost:\d+ cannot be reached") as found:
        send(gone)
    assert found.value.whole_server


def test_refusal_with_control_signs_becomes_one_short_line() -> None:
    with mail_server(Behaviour(refuse={"RCPT": "550 \x1b[31m" + "long " * 100})) as server, pytest.raises(TransportError) as found:
        send(env(server))
    assert "\x1b" not in str(found.value)
    assert len(str(found.value)) < 250
