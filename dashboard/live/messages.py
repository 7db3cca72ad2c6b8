"""The texts of WebSocket protocol 1: what we say, and what a viewer may say. docs/wire-protocol.md is the contract.

In:  parts of messages, or a viewer's text. Out: JSON text, or a parsed message. BadMessage for a viewer's text that is none of ours.
A frame's JSON is encoded once and spliced in as text, so that sending it to the next viewer costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboard.live.patch import Json, Object

VERSION = 1
# The longest thing a viewer has to say is a hello of some hundred characters.
LONGEST_INBOUND = 1024
LARGEST_SEQ = 2**53 - 1  # the largest whole number that JavaScript counts to exactly
EVERYBODY = "*"
# To every web process: what some screen shows was changed, so look. No slug and no viewer has this form.
SCREENS_CHANGED = ":screens"
RELOAD = '{"type":"reload"}'


class BadMessage(Exception):
    """A viewer's text is not protocol 1; the text is a short reason that fits a close frame (at most 123 bytes)."""


@dataclass(frozen=True, slots=True)
class Hello:
    """`v` is the viewer's protocol, `seq` the last frame that it holds (None: none), `version` the release its page came from."""

    v: int
    seq: int | None
    version: str | None


LARGEST_SIDE = 100_000
LARGEST_RATIO = 16.0
LONGEST_WORD = 64
# What a screen may say of its sound, its voice, its backlight and its window: the states that the page's own scripts know.
SOUND_STATES = frozenset({"on", "blocked", "off", "none"})
SPEECH_STATES = frozenset({"ready", "no-voice", "blocked", "failed", "off", "none"})
WAKE_STATES = frozenset({"held", "released", "refused", "none"})
FULLSCREEN_STATES = frozenset({"yes", "kiosk", "refused", "none"})


@dataclass(frozen=True, slots=True)
class Painted:
    """What the viewer really shows. A screen adds what it is: its page in CSS pixels, device pixels per CSS pixel, the release that its
    page came from, its own wall clock (Unix milliseconds), over the screen's socket the board shown; how its sound, its voice, its wake
    lock and its window stand, and the language (of a board that speaks) that it has no voice for. None: it did not say, or no sense."""

    seq: int
    width: int | None = None
    height: int | None = None
    ratio: float | None = None
    version: str | None = None
    clock_ms: float | None = None
    board: str | None = None
    sound: str | None = None
    speech: str | None = None
    no_voice: str | None = None
    wake: str | None = None
    fullscreen: str | None = None


def stamp(at: datetime) -> str:
    """`2026-11-21T09:00:00.120Z`: UTC with milliseconds, the only form of a time in frames and messages."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def encode(value: Json) -> str:
    """Compact JSON that is always valid UTF-8. ValueError for a number that JSON cannot say (NaN, infinity)."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, in a name that somebody cut in the middle: escaped, JSON allows it
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text


def frame_message(board: str, seq: int, at: str, frame_text: str) -> str:
    return f'{{"type":"frame","v":{VERSION},"board":{encode(board)},"seq":{seq},"at":"{at}","frame":{frame_text}}}'


def patch_message(seq: int, prev: int, at: str, patch_text: str) -> str:
    return f'{{"type":"patch","v":{VERSION},"seq":{seq},"prev":{prev},"at":"{at}","patch":{patch_text}}}'


def beat_message(seq: int, at: str, cause: str | None) -> str:
    """`seq` 0: there is no frame yet. `cause` names the part that is gone; None when all is well."""
    beat: Object = {"type": "beat", "v": VERSION, "seq": seq, "at": at}
    if cause is not None:
        beat["cause"] = cause
    return encode(beat)


def screen_message(name: str, items: Iterable[tuple[str, int]], *, preempts: bool) -> str:
    """What a screen shows in turn: (slug, seconds). No items: it waits for a board."""
    listed: list[Json] = [{"slug": slug, "seconds": seconds} for slug, seconds in items]
    return encode({"type": "screen", "name": name, "items": listed, "preempts": preempts})


def flash_message(text: str, seconds: int) -> str:
    """The screen says in big type which one it is."""
    return encode({"type": "flash", "seconds": seconds, "text": text})


def bye_message(reason: str) -> str:
    return encode({"type": "bye", "reason": reason})


def pushed(address: str, text: str) -> str:
    """A message of the push channel: whom it is for (a board's slug, `*`, or a viewer such as `screen:7`), then the text to be sent."""
    return f"{address}\n{text}"


def parse_inbound(text: str) -> Hello | Painted:
    """A viewer's message. BadMessage for everything else; unknown members of known messages are ignored."""
    if len(text) > LONGEST_INBOUND:
        raise BadMessage("message too long")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("not JSON") from None
    if not isinstance(found, dict):
        raise BadMessage("not a JSON object")
    if found.get("type") == "hello":
        return _hello(found)
    if found.get("type") == "painted":
        seq = _seq(found.get("seq"))
        if seq is None:
            raise BadMessage("painted needs a seq")
        return _painted(seq, found)
    raise BadMessage("unknown type of message")


def _hello(found: dict[str, object]) -> Hello:
    v, version = found.get("v"), found.get("version")
    if isinstance(v, bool) or not isinstance(v, int):
        raise BadMessage("hello needs a whole number v")
    if version is not None and _word(version) is None:
        raise BadMessage(f"version must be a text of 1 to {LONGEST_WORD} readable signs")
    return Hello(v, _seq(found.get("seq")), _word(version))


def _painted(seq: int, found: dict[str, object]) -> Painted:
    """What makes no sense is left out: a TV with a strange browser must not lose its line for it."""
    return Painted(
        seq,
        width=_side(found.get("width")),
        height=_side(found.get("height")),
        ratio=_number(found.get("ratio"), LARGEST_RATIO),
        version=_word(found.get("version")),
        clock_ms=_number(found.get("clock_ms"), LARGEST_SEQ),
        board=_word(found.get("board")),
        sound=_state(found.get("sound"), SOUND_STATES),
        speech=_state(found.get("speech"), SPEECH_STATES),
        no_voice=_word(found.get("no_voice")),
        wake=_state(found.get("wake"), WAKE_STATES),
        fullscreen=_state(found.get("fullscreen"), FULLSCREEN_STATES),
    )


def _number(value: object, largest: float) -> float | None:
    """A finite number above 0."""
    # Compared, never converted: JSON's whole numbers have no end, and one that no float can hold would end the socket. NaN is not above 0.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= largest:
        return None
    return float(value)


def _side(value: object) -> int | None:
    number = _number(value, LARGEST_SIDE)
    return None if number is None else round(number)


def _word(value: object) -> str | None:
    """A name of ours. One with signs that nobody can read is none, and some databases would refuse it, with what all other screens said."""
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_WORD and value.isprintable() else None


def _state(value: object, known: frozenset[str]) -> str | None:
    return value if isinstance(value, str) and value in known else None


def _seq(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_SEQ:
        raise BadMessage("seq must be a whole number or null")
    return value
