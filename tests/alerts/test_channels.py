"""Channels: spoken to through the library, addresses kept from every eye, and never waited for too long."""

from __future__ import annotations

import http.server
import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dashboard.alerts import channels
from dashboard.alerts.channels import ChannelTransport, keep, problem, send_test, shown
from dashboard.alerts.delivery_types import Letter, TransportError
from dashboard.models import Recipient, Via
from dashboard.sources.redaction import redact

TOKEN = "sentinel-hook-81c2d9"
SLACK = "sentinelsentinelsentine1"
LETTER = Letter("Longest wait 7:42", "a long text", "", "<x@y>", brief="7 wait, nobody is free.\nhttps://wall.example.com/incidents/1/")


class Hook:
    """A webhook that answers `status`, or hangs until the test ends."""

    def __init__(self) -> None:
        self.status, self.hangs = 200, False
        self.got: list[Any] = []
        self.end = threading.Event()


@contextmanager
def hook() -> Iterator[tuple[Hook, str]]:
    told = Hook()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if told.hangs:
                told.end.wait(20)
                return
            self.send_response(told.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield told, f"json://127.0.0.1:{server.server_address[1]}/{TOKEN}"
        finally:
            told.end.set()
            server.shutdown()
            thread.join(5)


def recipient(address: str, pk: int = 1) -> Recipient:
    made = Recipient(pk=pk, name="Hook", via=Via.CHANNEL)
    keep(made, address)
    return made


def test_letter_reaches_the_channel_as_its_subject_and_its_few_lines() -> None:
    with hook() as (told, address):
        ChannelTransport().hand_over(recipient(address), LETTER)
    assert [(got["title"], got["message"]) for got in told.got] == [(LETTER.subject, LETTER.brief)]


def test_test_message_says_what_failed_or_nothing() -> None:
    with hook() as (told, address):
        assert send_test(recipient(address)) is None
        told.status = 403
        assert send_test(recipient(address)) == "JSON did not take the message (it answered 403)."
    assert send_test(recipient(address)) == "JSON did not take the message."  # nobody listens any more


def test_channel_that_hangs_is_given_up_and_not_called_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "DEADLINE_S", 0.3)
    began = time.monotonic()
    with hook() as (told, address):
        told.hangs = True
        for _ in range(3):
            with pytest.raises(TransportError, match="did not answer") as found:
                ChannelTransport().hand_over(recipient(address, 77), LETTER)
            assert not found.value.permanent
        assert len(told.got) == 1
    assert time.monotonic() - began < 5


def test_address_is_kept_encrypted_and_shown_without_its_token() -> None:
    made = recipient(f"slack://T1JJ3T3L2/A1BRTD4JD/{SLACK}/#general")
    assert SLACK not in made.url_encrypted + made.url_shown + repr(made)
    assert made.url_shown == "slack://…"
    assert shown(f"jsons://hooks.example.com/{TOKEN}") == "jsons://hooks.example.com/…"
    assert shown(f"discord://{TOKEN}/other") == "discord://…"


def test_address_stands_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG), hook() as (told, address):
        told.status = 500
        with pytest.raises(TransportError) as found:
            ChannelTransport().hand_over(recipient(address), LETTER)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("urllib3")]
    assert TOKEN not in str(found.value) + "".join(ours) + "".join(capfd.readouterr())
    assert TOKEN not in redact(address)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "not a channel's address"),
        ("hello", "not a channel's address"),
        ("json://" + "x" * 3000, "not a channel's address"),
        ("nonsense://x", "No service is known by nonsense://"),
        ("slack://", "No service is known by slack://"),
        ("syslog://localhost", "no channel that other people see"),
        ("mailto://dana:secret@example.com", "make a recipient with an e-mail address"),
    ],
)
def test_address_that_cannot_be_used_is_refused_in_a_sentence(address: str, says: str) -> None:
    assert says in (problem(address) or "")
    with pytest.raises(ValueError, match=r"\."):
        keep(Recipient(), address)


def test_address_under_another_secret_key_asks_to_be_typed_again(settings: Any) -> None:
    made = recipient("json://127.0.0.1:1/x")
    settings.SECRET_KEY = "another key"
    with pytest.raises(TransportError, match="SECRET_KEY has changed") as found:
        ChannelTransport().hand_over(made, LETTER)
    assert found.value.permanent
