"""Pictures for boards: decoded within limits, and encoded anew, so that nothing is served as it came.

In:  the bytes of a file that somebody uploaded or that a board's file brought. Out: a `BoardImage`, or a sentence that says what is wrong.
Must not trust a name, a content type or a size that a file claims.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from datetime import datetime, timedelta

from PIL import Image, ImageOps, UnidentifiedImageError

from dashboard.accounts.access import Viewer
from dashboard.models import Board, BoardImage

MOST_BYTES = 2_000_000
MOST_PIXELS = 40_000_000  # a photo of 40 megapixels decodes into 160 MB; more than that is nobody's logo
MOST_SIDE = 3840  # as many as the widest wall has
SHRINK_RATIO = 0.75
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# Somebody may be about to use what was uploaded a moment ago.
UNUSED_FOR = timedelta(days=1)
LONGEST_NAME = 120

TOO_LARGE = f"The picture is larger than {MOST_BYTES // 1_000_000} MB; save it smaller."
TOO_MANY_PIXELS = "The picture has more than 40 million pixels; save it smaller."
SVG = "SVG files can carry programs and are not taken; save the picture as PNG."
NO_PICTURE = "This is not a picture that Queuelight can read: PNG, JPEG, WebP or GIF."


class ImageError(ValueError):
    """The file is not taken; the message is one sentence for whoever sent it."""


def keep(content: bytes, name: str, *, by: str) -> BoardImage:
    """The picture as it is kept; one that is there already is not kept twice. ImageError."""
    known = BoardImage.objects.filter(digest=hashlib.sha256(content).hexdigest()).first()
    if known is not None:
        return known
    encoded, content_type, (width, height) = recoded(content)
    digest = hashlib.sha256(encoded).hexdigest()
    kept, _ = BoardImage.objects.get_or_create(
        digest=digest,
        defaults={
            "name": (name.replace("\x00", "").strip() or "picture")[:LONGEST_NAME],
            "content_type": content_type,
            "content": encoded,
            "width": width,
            "height": height,
            "uploaded_by": by[:254],
        },
    )
    return kept


def pixels_of(content: bytes) -> int:
    """How many pixels a file says that it has, without decoding them; 0 where it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                return opened.width * opened.height
    except Image.DecompressionBombError:
        return MOST_PIXELS + 1
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, MemoryError, OverflowError):
        return 0


def recoded(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """The first frame, upright, without its metadata: bytes, content type, width and height in pixels. ImageError."""
    if len(content) > MOST_BYTES:
        raise ImageError(TOO_LARGE)
    if b"<svg" in content[:1000].lower():
        raise ImageError(SVG)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is below
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise ImageError(TOO_MANY_PIXELS)
                opened.seek(0)
                picture = ImageOps.exif_transpose(opened)
                picture.thumbnail((MOST_SIDE, MOST_SIDE))
                return _encoded(picture, is_photo=opened.format == "JPEG")
    except Image.DecompressionBombError as error:
        raise ImageError(TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise ImageError(NO_PICTURE) from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, MemoryError, OverflowError) as error:
        if isinstance(error, ImageError):
            raise
        # What Pillow's decoders raise for damaged files: its own word for a broken PNG is SyntaxError.
        raise ImageError("The picture is damaged and cannot be read; save it anew.") from error


def used_digests(boards: list[Board] | None = None) -> set[str]:
    """The pictures that these boards (None: all) show."""
    found: set[str] = set()
    for board in Board.objects.only("widgets") if boards is None else boards:
        for entry in board.widgets if isinstance(board.widgets, list) else []:
            options = entry.get("options") if isinstance(entry, dict) else None
            digest = options.get("image") if isinstance(options, dict) else None
            if isinstance(digest, str) and digest:
                found.add(digest)
    return found


def may_see(viewer: Viewer, image: BoardImage) -> bool:
    """Those who make boards see every picture, everybody else those of the boards that they may see."""
    if viewer.may_supervise:
        return True
    boards = Board.objects.only("slug", "widgets")
    if viewer.kind == "screen":
        boards = boards.filter(slug__in=viewer.board_slugs)
    return image.digest in used_digests([board for board in boards if viewer.may_see(board)])


def drop_unused(now: datetime) -> int:
    """Deletes the pictures that no board shows and nobody has uploaded within the last day. Returns how many."""
    idle = list(BoardImage.objects.filter(created_at__lt=now - UNUSED_FOR).values_list("digest", flat=True))
    if not idle:
        return 0
    deleted, _ = BoardImage.objects.filter(digest__in=set(idle) - used_digests()).delete()
    return deleted


def _encoded(picture: Image.Image, *, is_photo: bool) -> tuple[bytes, str, tuple[int, int]]:
    """At most MOST_BYTES, so that what is kept may be exported and imported again; smaller where it has to be."""
    is_opaque = is_photo or picture.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    while True:
        out, content_type = io.BytesIO(), "image/jpeg" if is_photo else "image/png"
        if is_photo:
            picture.convert("RGB").save(out, "JPEG", quality=88, optimize=True)
        else:
            # Not optimized: a screenshot of two megapixels would take 2.5 s instead of 0.5 s, to be 6 % smaller.
            picture.convert("RGBA").save(out, "PNG")
        if out.tell() <= MOST_BYTES:
            return out.getvalue(), content_type, picture.size
        if is_opaque and not is_photo:
            is_photo = True
        else:
            picture = picture.resize((max(1, int(picture.width * SHRINK_RATIO)), max(1, int(picture.height * SHRINK_RATIO))))
