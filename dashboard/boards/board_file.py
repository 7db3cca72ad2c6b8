"""A board as a file: settings, widgets and pictures, to carry it to another installation or to keep it.

In:  a board; or the bytes of a file from outside. Out: JSON text; or the settings and widgets that can be used, with a sentence for each
thing that was left out. Must not save a board, and must not trust any part of a file.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from dashboard.boards import images
from dashboard.boards.board_form import LONGEST_TITLE, SETTINGS, BoardForm, free_slug, initial_of
from dashboard.models import Board, BoardImage
from dashboard.models.board import Profile
from dashboard.widgets import defaults, layout
from dashboard.widgets.kind import MOST_WIDGETS, Json

FORMAT, VERSION = "queuelight-board", 1
# Three of the largest pictures as text, and all the rest: a board with the longest of everything in its 40 tiles is some 100 kB.
MOST_BYTES = 8_200_000
MOST_BYTES_BESIDE_PICTURES = 400_000
MOST_IMAGES = MOST_WIDGETS

TOO_LARGE = f"The file is larger than {MOST_BYTES // 1_000_000} MB. A board's file is not; perhaps it is another one."
NO_BOARDS_SIZE = "There is far more in this file than a board can hold, so it was not read; choose a file that Queuelight exported."
TOO_MANY_PIXELS = "The file's pictures together have more than 40 million pixels; those that fit are kept."
NOT_JSON = "This is not a board's file: it is not JSON. Choose a file that Queuelight exported, such as main.queuelight.json."
NOT_OURS = "This is JSON, but not a board that Queuelight exported: it does not say “format”: “queuelight-board”."
NEWER = "This file is from a newer Queuelight (board format {found}; this one reads up to {known}). Update Queuelight, then import it."
NO_VERSION = "The file does not say which version of the format it has; it was changed after the export."
NO_BOARD = "The file has no board in it; it was changed after the export."


class BoardFileError(ValueError):
    """The file is not taken; the message is one sentence for whoever chose it."""


@dataclass(frozen=True, slots=True)
class Imported:
    """`board` is not saved yet. `left_out`: what of the file is not in it, a sentence each."""

    board: Board
    left_out: tuple[str, ...]


def exported(board: Board) -> str:
    """The board as text. Keys stand in a fixed order, so that two exports of one board are equal."""
    widgets = defaults.standard(people=board.profile != Profile.EXECUTIVE) if board.widgets is None else board.widgets
    settings = {name: getattr(board, name) for name in SETTINGS}
    pictures = {
        image.digest: {"name": image.name, "content_type": image.content_type, "data": base64.b64encode(bytes(image.content)).decode()}
        for image in BoardImage.objects.filter(digest__in=images.used_digests([board])).order_by("digest")
    }
    content = {"format": FORMAT, "version": VERSION, "board": settings, "widgets": widgets, "images": pictures}
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def imported(content: bytes, *, by: str) -> Imported:
    """The board of a file, with an address that is free. Its pictures are kept already. BoardFileError."""
    file = _parsed(content)
    given = file.get("board")
    if not isinstance(given, dict):
        raise BoardFileError(NO_BOARD)
    _bounded(len(content), file.get("images"))
    left_out: list[str] = []
    board = _board(given, left_out)
    digests = _images(file.get("images"), left_out, by=by)
    widgets, problems = layout.usable(_with_images(file.get("widgets"), digests))
    left_out += [*problems, *layout.remarks(file.get("widgets"))]
    board.widgets = layout.as_json(widgets)
    return Imported(board, tuple(left_out))


def _parsed(content: bytes) -> Mapping[str, Json]:
    if len(content) > MOST_BYTES:
        raise BoardFileError(TOO_LARGE)
    try:
        file = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BoardFileError(NOT_JSON) from error
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise BoardFileError(NOT_OURS)
    version = file.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BoardFileError(NO_VERSION)
    if version > VERSION:
        raise BoardFileError(NEWER.format(found=str(version)[:10], known=VERSION))
    return file


def _bounded(size: int, pictures: Json) -> None:
    """Said before anything of the file is looked at: an import must not keep a web process busy for seconds. BoardFileError."""
    entries = list(pictures.values()) if isinstance(pictures, dict) else []
    data = [entry.get("data") for entry in entries if isinstance(entry, dict)]
    if len(entries) > MOST_IMAGES or size - sum(len(each) for each in data if isinstance(each, str)) > MOST_BYTES_BESIDE_PICTURES:
        raise BoardFileError(NO_BOARDS_SIZE)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _board(given: Mapping[str, Json], left_out: list[str]) -> Board:
    """What the form of settings would take, field by field; the default where it would not."""
    board = Board()
    default = initial_of(board) | {"title": "Imported board"}
    typed: dict[str, Any] = {name: given[name] if name in given else default[name] for name in SETTINGS if name != "slug"}
    title = typed["title"]
    if isinstance(title, str) and len(title.strip()) > LONGEST_TITLE:
        typed["title"] = title.strip()[:LONGEST_TITLE]
        left_out.append(f"The board's name was longer than {LONGEST_TITLE} characters; its beginning is kept.")
    for _ in range(2):  # a second time with defaults for what the form refused
        form = BoardForm({name: _typed(value) for name, value in typed.items()}, board=board)
        if form.is_valid():
            break
        for name in form.errors:
            left_out.append(f"{form.fields[name].label}: {form.errors[name][0]} The usual setting is taken.")
            typed[name] = default[name]
            if name == "names":
                typed["profile"] = Profile.SUPERVISOR
    for name, value in form.settings.items():
        setattr(board, name, value)
    wish = given.get("slug")
    board.slug = free_slug(wish if isinstance(wish, str) else board.title)
    return board


def _typed(value: Json) -> Json:
    """As a browser would send it: lists as numbers with commas, no for nothing."""
    if isinstance(value, list):
        return ", ".join(str(each)[:20] for each in value[:100])
    return "" if value is False or value is None else _readable(str(value)[:1000])


def _readable(text: str) -> str:
    """Without half characters and ends of text, which JSON can hold and databases cannot."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _images(given: Json, left_out: list[str], *, by: str) -> dict[str, str]:
    """The digests under which the file's pictures are kept, by the digests that the file has for them."""
    out: dict[str, str] = {}
    if given is None:
        return out
    if not isinstance(given, dict):
        left_out.append("The file's pictures are not in a form that can be read.")
        return out
    pixels = 0
    for digest, entry in given.items():
        name = _readable(str(entry.get("name", "picture")))[: images.LONGEST_NAME] if isinstance(entry, dict) else "picture"
        try:
            data = entry.get("data") if isinstance(entry, dict) else None
            if not isinstance(data, str):
                raise images.ImageError("It has no content.")
            content = base64.b64decode(data, validate=True)
            more = images.pixels_of(content)
            if more <= images.MOST_PIXELS < pixels + more:
                raise images.ImageError(TOO_MANY_PIXELS)
            pixels += more
            out[digest] = images.keep(content, name, by=by).digest
        except (images.ImageError, binascii.Error, ValueError) as error:
            why = str(error) if isinstance(error, images.ImageError) else "Its content cannot be read."
            left_out.append(f"Picture “{name[:40]}”: {why}")
    return out


def _with_images(widgets: Json, digests: Mapping[str, str]) -> Json:
    """The widgets with the pictures' digests as they are here; a picture that is not here is none."""
    if widgets is None:
        return defaults.standard()
    if not isinstance(widgets, list):
        return widgets
    here = set(BoardImage.objects.values_list("digest", flat=True))
    out: list[Json] = []
    for entry in widgets:
        options = entry.get("options") if isinstance(entry, dict) else None
        digest = options.get("image") if isinstance(options, dict) else None
        if isinstance(digest, str) and digest:
            known = digests.get(digest, digest if digest in here else "")
            entry = {**cast("dict[str, Json]", entry), "options": {**cast("dict[str, Json]", options), "image": known}}  # noqa: PLW2901
        out.append(entry)
    return out
