"""The doctor's look at mail: what is wrong with the server, the sender and the links, and a test that is really sent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.env import Env, load
from dashboard.launch.doctor.finding import Level
from dashboard.launch.doctor.mail import mail, sent_test
from tests.alerts.mail_server import Behaviour, MailServer, mail_server

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PASSWORD = "sentinel-doctor-mail"
PUBLIC = {"SITE_URL": "https://wall.example.com", "EMAIL_FROM": "queuelight@example.com"}


def env(tmp_path: Path, server: MailServer | None = None, user: str = "", **given: str) -> Env:
    url = {} if server is None else {"EMAIL_URL": f"smtp://{user}127.0.0.1:{server.port}"}
    return load({"DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 50, **url, **given})


def test_no_server_is_a_warning_that_names_the_box(tmp_path: Path) -> None:
    (found,) = mail(env(tmp_path))
    assert (found.level, str(tmp_path / "mail") in found.text) == (Level.WARN, True)


def test_server_that_takes_our_login_is_right_and_gets_no_letter(tmp_path: Path) -> None:
    with mail_server(Behaviour(login=("dana", PASSWORD))) as server:
        (found,) = mail(env(tmp_path, server, f"dana:{PASSWORD}@", **PUBLIC))
    assert found.level is Level.OK
    assert "queuelight@example.com" in found.text
    assert PASSWORD not in found.text
    assert server.letters == []


def test_server_that_refuses_our_login_fails(tmp_path: Path) -> None:
    with mail_server(Behaviour(login=("dana", "another"))) as server:
        (found,) = mail(env(tmp_path, server, f"dana:{PASSWORD}@", **PUBLIC))
    assert found.level is Level.FAIL
    assert PASSWORD not in found.text


def test_links_and_a_sender_that_nobody_can_use_are_warnings(tmp_path: Path) -> None:
    with mail_server() as server:
        found = mail(env(tmp_path, server))
    assert [(each.what, each.level) for each in found] == [
        ("Mail", Level.OK),
        ("Mail sender", Level.WARN),
        ("Mail links", Level.WARN),
    ]


def test_test_mail_is_sent(tmp_path: Path, settings: Any) -> None:
    with mail_server() as server:
        settings.ENV = env(tmp_path, server, **PUBLIC)
        (found,) = sent_test(settings.ENV, "dana@example.com", NOW)
        address, message = server.wait_for(1)[0]
    assert found.level is Level.OK
    assert address == "dana@example.com"
    assert b"Subject: Test from Queuelight" in message


def test_test_mail_that_is_refused_says_what_the_server_said(tmp_path: Path, settings: Any) -> None:
    with mail_server(Behaviour(refuse={"RCPT": "550 no such user"})) as server:
        settings.ENV = env(tmp_path, server, **PUBLIC)
        (found,) = sent_test(settings.ENV, "dana@example.com", NOW)
    assert found.level is Level.FAIL
    assert "550 no such user" in found.text


@pytest.mark.parametrize("address", ["dana", "dänä@example.com"])
def test_test_mail_to_no_address_says_so(tmp_path: Path, settings: Any, address: str) -> None:
    settings.ENV = env(tmp_path)
    (found,) = sent_test(settings.ENV, address, NOW)
    assert found.level is Level.FAIL


def test_test_mail_without_a_server_lies_in_the_box(tmp_path: Path, settings: Any) -> None:
    settings.ENV, settings.DATA_DIR = env(tmp_path), tmp_path
    (found,) = sent_test(settings.ENV, "dana@example.com", NOW)
    assert found.level is Level.WARN
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
