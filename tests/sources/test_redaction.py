from __future__ import annotations

import io
import logging
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.sources.redaction import MASK, RedactSecrets, Secret, redact, remember

BASIC = b64encode(b"amara@example.com/token:hunter2hunter2").decode()


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Basic {BASIC}",
        f"authorization={BASIC}",
        f"[(b'Host', b'x'), (b'Authorization', b'Basic {BASIC}'), (b'Accept', b'*/*')]",
        f"{{'authorization': 'Basic {BASIC}', 'accept': '*/*'}}",
        f'{{"Authorization":"Basic {BASIC}"}}',
        f"curl -H 'Authorization: Basic {BASIC}' https://x.example",
        f"sent Basic {BASIC} to the vendor",
        "Bearer hunter2hunter2hunter2",
        "got a bearer hunter2-hunter2.hunter2",
        '{"access_token":"hunter2hunter2","refresh_token":"hunter2hunter2","expires_in":300}',
        "{'client_secret': 'hunter2hunter2'}",
        '{"client_secret": "with \\" quote hunter2hunter2"}',
        "ZENDESK_API_TOKEN=hunter2hunter2",
        "ZENDESK_OAUTH_CLIENT_SECRET: hunter2hunter2",
        "SECRET_KEY='hunter2hunter2'",
        "ADMIN_PASSWORD=hunter2hunter2 next",
        "amara@example.com/token:hunter2hunter2",
        "redis://:hunter2hunter2@127.0.0.1:6379/0",
        "postgres://user:hunter2hunter2@db/queuelight",
        "GET /wall/main/?key=hunter2hunter2 HTTP/1.1",
        "GET /x?a=1&access_token=hunter2hunter2&b=2",
        "Set-Cookie: _session=hunter2hunter2; Path=/; HttpOnly",
        "(b'Set-Cookie', b'_session=hunter2hunter2; Path=/')",
        "Cookie: a=b; ql_screen=hunter2hunter2",
        "ql_session=hunter2hunter2",
    ],
)
def test_redact_with_a_secret_masks_it(text: str) -> None:
    masked = redact(text)
    assert "hunter2" not in masked
    assert BASIC not in masked
    assert MASK in masked


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication is refused",
        "a bearer of news",
        "The vendor refused the credentials (401).",
        'HTTP Request: GET https://x.example/api/v2/stats?phone_number_ids=1,2 "HTTP/1.1 200 OK"',
        "http://127.0.0.1:8000/wall/main/",
        "redis://127.0.0.1:6379/0",
        "12:30:01 tick took 3 ms",
        "main:agents_activity:1,2",
    ],
)
def test_redact_with_no_secret_changes_nothing(text: str) -> None:
    assert redact(text) == text


def test_redact_keeps_what_stands_beside_the_secret() -> None:
    assert redact("redis://user:hunter2@host:1/0 is down") == f"redis://user:{MASK}@host:1/0 is down"
    assert redact("a=1&token=hunter2&b=2") == f"a=1&token={MASK}&b=2"


@pytest.mark.parametrize("text", ["Bearer {}", "Basic {}", "token={}", "x?key={}", "a@example.com/token:{}", "redis://:{}@host/0"])
def test_redact_with_a_remembered_secret_that_begins_another_masks_all_of_it(text: str) -> None:
    remember("beginning-of-it")
    assert redact(text.format("beginning-of-it-and-the-end")) == text.format(MASK)


def test_remember_of_many_granted_tokens_forgets_the_oldest_of_them_and_no_setting() -> None:
    remember("words of the settings")
    for number in range(100):
        remember(f"granted token {number} of many", passing=True)
    assert redact("words of the settings") == MASK
    assert redact("granted token 99 of many") == MASK
    assert redact("granted token 0 of many") == "granted token 0 of many"


def test_redact_with_a_remembered_secret_masks_it_anywhere() -> None:
    remember("plain words of a secret")
    assert redact("so the plain words of a secret leak") == f"so the {MASK} leak"
    assert b64encode(b"plain words of a secret").decode() not in redact(b64encode(b"plain words of a secret").decode())


@given(st.text(), st.text(min_size=6).filter(lambda secret: secret not in MASK), st.text())
def test_redact_with_any_remembered_secret_never_shows_it(before: str, secret: str, after: str) -> None:
    secret = f"§{secret}"
    Secret(secret)
    assert secret not in redact(before + secret + after)


@given(
    st.lists(
        st.sampled_from(
            ["token", "=", ":", " ", "'", '"', "Basic ", "authorization", "cookie", "abc1", "://", "@", "\n", "\\", ",", "?key", "&", MASK]
        )
    )
)
def test_redact_twice_is_redact_once(parts: list[str]) -> None:
    once = redact("".join(parts))
    assert redact(once) == once


@given(st.text())
def test_redact_with_any_text_returns_text(text: str) -> None:
    assert isinstance(redact(text), str)


def test_secret_shows_itself_to_nobody() -> None:
    secret = Secret("hunter2hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {secret!s}"
    assert secret.reveal() == "hunter2hunter2"
    assert secret == Secret("hunter2hunter2")
    assert secret != Secret("hunter3hunter3")
    assert len({secret, Secret("hunter2hunter2")}) == 1


@pytest.fixture
def lines() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(lines: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    handler.addFilter(RedactSecrets())
    logger = logging.Logger("tests.redaction")
    logger.addHandler(handler)
    return logger


def test_filter_with_arguments_masks_the_whole_message(log: logging.Logger, lines: io.StringIO) -> None:
    log.warning("Authorization: %s for %d", "Basic aHVudGVyMmh1bnRlcjI=", 3)
    assert lines.getvalue() == f"WARNING Authorization: {MASK}\n"


def test_filter_with_a_traceback_masks_it_too(log: logging.Logger, lines: io.StringIO) -> None:
    try:
        raise ValueError("password=hunter2hunter2")
    except ValueError:
        log.exception("It failed", stack_info=True)
    assert "hunter2" not in lines.getvalue().replace('"password=hunter2hunter2"', "")  # the source line itself is not ours to hide
    assert f"ValueError: password={MASK}" in lines.getvalue()


def test_filter_with_arguments_that_do_not_fit_still_logs(
    log: logging.Logger, lines: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    log.warning("%d things", "hunter2hunter2")
    assert "hunter2" not in lines.getvalue() + capsys.readouterr().err
    assert "do not fit" in lines.getvalue()
