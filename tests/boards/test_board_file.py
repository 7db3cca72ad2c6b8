"""A board as a file: there and back, and files that are not ours, newer, damaged or full of surprises."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import redis as redis_py
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from dashboard.boards import board_file, images
from dashboard.models import Board, BoardImage, Role
from dashboard.widgets.kind import MOST_WIDGETS, Form
from dashboard.widgets.registry import KINDS
from tests.boards.pictures import claims

LogIn = Callable[[Role], Client]


def png(colour: str = "red", size: tuple[int, int] = (8, 6)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def tile(name: str, kind: str, x: int, y: int, w: int, h: int, **options: object) -> dict[str, Any]:
    return {"id": name, "kind": kind, "x": x, "y": y, "w": w, "h": h, "options": options}


@pytest.fixture
def client(log_in: LogIn, board: Board, redis: redis_py.Redis) -> Client:
    return log_in(Role.SUPERVISOR)


def send(client: Client, content: bytes | str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/boards/import/", {"file": SimpleUploadedFile("b.json", data)}, follow=True)


def test_board_goes_out_and_comes_back_whole_with_its_picture(client: Client, board: Board) -> None:
    logo = images.keep(png(), "logo.png", by="ada@example.com")
    board.widgets = [tile("logo", "image", 0, 0, 6, 5, image=logo.digest), tile("wait", "wait", 6, 0, 14, 10)]
    board.title, board.line_ids, board.bands, board.language = "لوحة <b>", [12, 34], True, "ar"
    board.save()
    answer = client.get("/boards/main/export/")
    assert answer["Content-Disposition"] == 'attachment; filename="main.queuelight.json"'
    text = answer.content.decode()
    assert "ada@example.com" not in text
    BoardImage.objects.all().delete()
    assert "is imported" in send(client, text).content.decode()
    back = Board.objects.get(slug="main-2")
    assert (back.title, back.line_ids, back.bands, back.language) == ("لوحة <b>", [12, 34], True, "ar")
    assert back.widgets is not None
    assert [each["options"].get("image") for each in back.widgets] == [logo.digest, None]
    assert BoardImage.objects.get().digest == logo.digest
    board.refresh_from_db()
    assert board.title == "لوحة <b>"


HEAD = {"format": "queuelight-board", "version": 1, "board": {}}
REFUSED: tuple[tuple[bytes | str, str], ...] = (
    (b"\x89PNG\r\n", "it is not JSON"),
    (b"", "it is not JSON"),
    (b"[" * 100_000, "it is not JSON"),
    (b'{"format": "queuelight-board", "version": NaN}', "it is not JSON"),
    ("[]", "not a board that Queuelight exported"),
    ('{"format": "grafana"}', "not a board that Queuelight exported"),
    ('{"format": "queuelight-board"}', "which version of the format"),
    ('{"format": "queuelight-board", "version": 7, "board": {}}', "from a newer Queuelight (board format 7; this one reads up to 1)"),
    ('{"format": "queuelight-board", "version": 1}', "has no board in it"),
    (b" " * (board_file.MOST_BYTES + 1), "larger than 8 MB"),
    (json.dumps({**HEAD, "widgets": [{"id": "a", "kind": "number"}] * 100_000}), "far more in this file than a board can hold"),
    (json.dumps({**HEAD, "board": {"title": "x" * 1_000_000}}), "far more in this file than a board can hold"),
    (json.dumps({**HEAD, "images": {str(n): {} for n in range(41)}}), "far more in this file than a board can hold"),
)


def test_file_that_is_not_ours_or_newer_is_refused_in_one_sentence(client: Client) -> None:
    for content, sentence in REFUSED:
        with pytest.raises(board_file.BoardFileError) as refused:
            board_file.imported(content.encode() if isinstance(content, str) else content, by="ada@example.com")
        assert sentence in str(refused.value)
    for content in (b"\x89PNG", b" " * (board_file.MOST_BYTES + 1)):
        answer = send(client, content)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    assert Board.objects.count() == 1


@pytest.mark.django_db
def test_largest_honest_board_fits_far_within_the_bound_and_comes_back() -> None:
    kind = KINDS["text"]
    longest = {option.name: "ß" * option.most for option in kind.options if option.form in (Form.TEXT, Form.LINES)}
    options = {**longest, "since": "2026-11-22T09:00", "until": "2026-11-22T10:00"}
    tiles = [tile(f"{n:024}", "text", (n % 6) * 4, (n // 6) * 2, 4, 2, **options) for n in range(MOST_WIDGETS)]
    text = board_file.exported(Board(slug="b" * 50, title="ß" * 80, widgets=tiles))
    made = board_file.imported(text.encode(), by="ada@example.com")
    assert made.left_out == ()
    assert made.board.widgets is not None
    assert len(made.board.widgets) == MOST_WIDGETS
    assert len(text.encode()) < board_file.MOST_BYTES_BESIDE_PICTURES / 2


@pytest.mark.django_db
def test_pictures_of_a_file_are_decoded_up_to_so_many_pixels_together_and_the_others_named() -> None:
    large = {"name": "large", "data": base64.b64encode(claims(6000, 5000)).decode()}
    small = {"name": "small", "data": base64.b64encode(png("blue")).decode()}
    made = board_file.imported(json.dumps({**HEAD, "widgets": [], "images": {"a": large, "b": large, "c": small}}).encode(), by="x")
    damaged, refused = made.left_out
    assert "damaged" in damaged  # it was tried; of the second one not a pixel is
    assert refused == f"Picture “large”: {board_file.TOO_MANY_PIXELS}"
    assert BoardImage.objects.count() == 1


def test_import_without_a_file_says_so(client: Client) -> None:
    answer = client.post("/boards/import/")
    assert "Choose a file first" in answer.content.decode()


def test_what_cannot_be_used_is_left_out_and_named_and_the_rest_is_there(client: Client) -> None:
    file = {
        "format": "queuelight-board",
        "version": 1,
        "board": {
            "title": "T" * 500,
            "slug": "main",
            "profile": "floor",
            "names": "full",
            "language": "tlh",
            "distance_m": 99,
            "theme": None,
        },
        "widgets": [
            tile("a", "number", 0, 0, 5, 5, metric="calls_waiting"),
            tile("b", "number", 5, 0, 5, 5, metric="metric_of_tomorrow"),
            tile("c", "hologram", 10, 0, 5, 5),
            tile("d", "wait", 2, 2, 14, 10),
            tile("e", "image", 0, 5, 2, 2, image="f" * 64),
            "junk",
        ],
        "images": {"f" * 64: {"name": "x.svg", "data": base64.b64encode(b"<svg xmlns='x'/>").decode()}, "g": {"data": "%%"}, "h": 7},
    }
    page = send(client, json.dumps(file)).content.decode()
    made = Board.objects.exclude(slug="main").get()
    assert (made.title, made.slug, made.names, made.language, made.distance_m) == ("T" * 80, "main-2", "full", "en", 5)
    assert made.widgets is not None
    assert [each["id"] for each in made.widgets] == ["a", "e"]
    assert made.widgets[1]["options"]["image"] == ""
    for words in ("metric_of_tomorrow", "hologram", "on top of each other", "SVG files", "longer than 80 characters", "Picture “picture”"):
        assert words in page.replace("&#x27;", "'")


KEYS = st.sampled_from(["id", "kind", "x", "w", "options", "title", "names", "k"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.django_db
@hypothesis_settings(max_examples=40)
@given(st.fixed_dictionaries({"board": json_values, "widgets": json_values, "images": json_values}))
def test_no_content_of_a_file_makes_an_import_fail(content: dict[str, Any]) -> None:
    text = json.dumps({"format": "queuelight-board", "version": 1, **content})
    try:
        made = board_file.imported(text.encode(), by="ada@example.com")
    except board_file.BoardFileError:
        return
    made.board.full_clean(exclude=["widgets"])
    kept = json.dumps([made.board.title, made.board.widgets, made.left_out], ensure_ascii=False)
    assert "\\u0000" not in kept
    assert kept.encode()
