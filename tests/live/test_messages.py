"""Protocol 1: what we say is JSON, what a viewer says is checked."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.live.messages import (
    LONGEST_INBOUND,
    BadMessage,
    Hello,
    Painted,
    beat_message,
    bye_message,
    encode,
    frame_message,
    parse_inbound,
    patch_message,
    stamp,
)


def test_frame_message_is_the_contracts_object() -> None:
    assert json.loads(frame_message("main", 812, "2026-11-21T09:00:00.120Z", '{"a":1}')) == {
        "type": "frame",
        "v": 1,
        "board": "main",
        "seq": 812,
        "at": "2026-11-21T09:00:00.120Z",
        "frame": {"a": 1},
    }


def test_patch_message_is_the_contracts_object() -> None:
    text = patch_message(813, 812, "2026-11-21T09:00:00.120Z", '{"a":null}')
    assert json.loads(text) == {"type": "patch", "v": 1, "seq": 813, "prev": 812, "at": "2026-11-21T09:00:00.120Z", "patch": {"a": None}}


def test_beat_message_names_a_cause_only_when_something_is_wrong() -> None:
    assert json.loads(beat_message(813, "x", None)) == {"type": "beat", "v": 1, "seq": 813, "at": "x"}
    assert json.loads(beat_message(0, "x", "redis"))["cause"] == "redis"


def test_bye_message_gives_a_reason() -> None:
    assert json.loads(bye_message("revoked")) == {"type": "bye", "reason": "revoked"}


def test_stamp_is_utc_with_milliseconds() -> None:
    berlin = timezone(timedelta(hours=1))
    assert stamp(datetime(2026, 11, 21, 10, 0, 0, 120_999, tzinfo=berlin)) == "2026-11-21T09:00:00.120Z"
    assert stamp(datetime(2026, 11, 21, 10, tzinfo=berlin)) == "2026-11-21T09:00:00.000Z"


def test_encode_of_half_a_surrogate_pair_is_still_valid_utf8() -> None:
    text = encode({"name": "cut \ud83d", "other": "ö"})
    assert json.loads(text.encode()) == {"name": "cut \ud83d", "other": "ö"}


def test_encode_of_what_json_cannot_say_is_an_error() -> None:
    with pytest.raises(ValueError):
        encode({"a": float("nan")})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type":"hello","v":1,"seq":811}', Hello(1, 811, None)),
        ('{"type":"hello","v":1,"seq":null}', Hello(1, None, None)),
        ('{"type":"hello","v":1,"version":"ab12","later":[1]}', Hello(1, None, "ab12")),
        ('{"type":"hello","v":2,"seq":0}', Hello(2, 0, None)),
        ('{"type":"painted","seq":813}', Painted(813)),
        (
            '{"type":"painted","seq":1,"sound":"blocked","speech":"no-voice","no_voice":"de"}',
            Painted(1, sound="blocked", speech="no-voice", no_voice="de"),
        ),
        ('{"type":"painted","seq":1,"sound":"loud","speech":["on"],"wake":{},"fullscreen":"kiosk"}', Painted(1, fullscreen="kiosk")),
    ],
)
def test_parse_inbound_reads_hello_and_painted(text: str, message: Hello | Painted) -> None:
    assert parse_inbound(text) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "null",
        "{}",
        '{"type":"frame"}',
        '{"type":["hello"],"v":1}',
        '{"type":"hello"}',
        '{"type":"hello","v":true}',
        '{"type":"hello","v":"1"}',
        '{"type":"hello","v":1,"seq":"811"}',
        '{"type":"hello","v":1,"seq":-1}',
        '{"type":"hello","v":1,"seq":1.5}',
        '{"type":"hello","v":1,"seq":true}',
        '{"type":"hello","v":1,"seq":9007199254740992}',
        '{"type":"hello","v":1,"version":7}',
        '{"type":"hello","v":1,"version":"ab12\\u0000"}',
        '{"type":"hello","v":1,"version":"' + "a" * 65 + '"}',
        '{"type":"painted"}',
        '{"type":"painted","seq":null}',
        "[" * LONGEST_INBOUND,
        '{"type":"hello","v":1}' + " " * LONGEST_INBOUND,
    ],
)
def test_parse_inbound_of_anything_else_is_a_bad_message_with_a_short_reason(text: str) -> None:
    with pytest.raises(BadMessage) as caught:
        parse_inbound(text)
    assert 0 < len(str(caught.value).encode()) <= 123


@pytest.mark.parametrize("lie", ["1" + "0" * 400, "-1" + "0" * 400, "1e999", "-1", "0", "true", "null", '"9"', "[9]", "NaN", "Infinity"])
def test_what_makes_no_sense_in_painted_is_left_out(lie: str) -> None:
    members = ",".join(f'"{name}":{lie}' for name in ("width", "ratio"))
    assert parse_inbound(f'{{"type":"painted","seq":1,{members},"height":1080}}') == Painted(1, height=1080)
    assert parse_inbound(f'{{"type":"painted","seq":1,"clock_ms":{lie}}}') == Painted(1)


@pytest.mark.parametrize("lie", ["", "main\x00", "\ud800", "\u202emain", "x" * 65])
def test_a_word_in_painted_that_nobody_can_read_is_left_out(lie: str) -> None:
    assert parse_inbound(json.dumps({"type": "painted", "seq": 1, "board": lie, "version": lie})) == Painted(1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(max_size=8), st.lists, max_leaves=5).map(json.dumps))
def test_parse_inbound_of_any_text_answers_or_refuses(text: str) -> None:
    with contextlib.suppress(BadMessage):
        parse_inbound(text)
