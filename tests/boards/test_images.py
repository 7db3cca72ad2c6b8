"""Pictures: decoded within limits, encoded anew, served for ever, removed when nobody shows them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from dashboard.accounts.access import SCREEN_COOKIE
from dashboard.accounts.keys import digest_of
from dashboard.boards import images
from dashboard.boards.images import ImageError
from dashboard.models import Board, BoardImage, Playlist, PlaylistItem, Role, Screen
from tests.boards.pictures import claims, encoded

LogIn = Callable[[Role], Client]


@pytest.mark.parametrize(
    ("kind", "content_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/png"), ("GIF", "image/png")]
)
def test_picture_is_encoded_anew_without_what_else_was_in_it(kind: str, content_type: str) -> None:
    secret = b"<script>secret</script>"
    content = encoded(kind) + secret
    made, found_type, size = images.recoded(content)
    assert (found_type, size) == (content_type, (40, 30))
    assert secret not in made


def test_photo_stands_upright_and_fits_the_widest_wall() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    made, _, size = images.recoded(encoded("JPEG", (5000, 100), exif=turned))
    assert size == (77, 3840)
    assert Image.open(io.BytesIO(made)).getexif() == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a picture"),
        (b"%PDF-1.7", "not a picture"),
        (b"<?xml version='1.0'?><SVG onload='x'/>", "SVG files can carry programs"),
        (encoded("PNG")[:60], "damaged"),
        (claims(30_000, 30_000), "more than 40 million pixels"),
        (claims(8000, 6000), "more than 40 million pixels"),
        (b"\x00" * (images.MOST_BYTES + 1), "larger than 2 MB"),
        (encoded("TIFF"), "not a picture"),
    ],
)
def test_file_that_is_no_picture_for_us_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(ImageError, match=sentence):
        images.recoded(content)


@pytest.mark.parametrize(("mode", "content_type"), [("RGB", "image/jpeg"), ("RGBA", "image/png")])
def test_picture_that_grows_by_being_encoded_is_kept_within_the_bound(mode: str, content_type: str) -> None:
    out = io.BytesIO()
    picture = Image.effect_noise((1200, 850), 90).convert(mode)
    if mode == "RGBA":
        picture.putalpha(Image.effect_noise((1200, 850), 90))
    picture.save(out, "WEBP", quality=60)
    made, found_type, size = images.recoded(out.getvalue())
    assert len(made) <= images.MOST_BYTES
    assert found_type == content_type
    assert (size == (1200, 850)) is (mode == "RGB")


def test_picture_is_uploaded_served_to_whoever_may_look_and_kept_by_caches(log_in: LogIn, board: Board, redis: redis_py.Redis) -> None:
    supervisor = log_in(Role.SUPERVISOR)
    answer = supervisor.post("/images/", {"file": SimpleUploadedFile("logo.png", encoded("PNG"))})
    found = answer.json()
    assert (found["name"], found["width"], found["height"]) == ("logo.png", 40, 30)
    Board.objects.update(widgets=[{"id": "logo", "options": {"image": found["digest"]}}])
    served = log_in(Role.VIEWER).get(f"/images/{found['digest']}/")
    assert (served.status_code, served["Content-Type"]) == (200, "image/png")
    assert "immutable" in served["Cache-Control"]
    assert "sandbox" in served["Content-Security-Policy"]
    assert served["X-Content-Type-Options"] == "nosniff"
    assert Client().get(f"/images/{found['digest']}/").status_code == 401
    assert supervisor.get(f"/images/{'0' * 64}/").status_code == 404
    assert supervisor.post("/images/", {"file": SimpleUploadedFile("a.svg", b"<svg/>")}).json()["message"] == images.SVG
    assert supervisor.post("/images/").status_code == 422
    assert log_in(Role.ADMINISTRATOR).get("/images/").status_code == 405


def test_picture_is_served_to_the_screens_whose_boards_show_it_and_to_no_other(log_in: LogIn, board: Board, redis: redis_py.Redis) -> None:
    shown, secret, fresh = (images.keep(encoded("PNG", (n, n)), "a", by="x").digest for n in (1, 2, 3))
    Board.objects.update(widgets=[{"id": "i", "options": {"image": shown}}])
    other = Board.objects.create(slug="managers", title="Managers", widgets=[{"id": "i", "options": {"image": secret}}])
    screen = Screen.objects.create(name="TV", board=board, key_digest=digest_of("key"))
    tv = Client()
    tv.cookies[SCREEN_COOKIE] = "key"

    def statuses(client: Client) -> list[int]:
        return [client.get(f"/images/{digest}/").status_code for digest in (shown, secret, fresh)]

    assert statuses(tv) == [200, 404, 404]
    assert statuses(log_in(Role.VIEWER)) == [200, 200, 404]
    assert statuses(log_in(Role.SUPERVISOR)) == [200, 200, 200]
    screen.playlist = Playlist.objects.create(name="Both")
    screen.save()
    for position, each in enumerate((board, other)):
        PlaylistItem.objects.create(playlist=screen.playlist, board=each, position=position)
    assert statuses(tv) == [200, 200, 404]
    Screen.objects.update(board=None, playlist=None)
    assert statuses(tv) == [404, 404, 404]


@pytest.mark.django_db
def test_pictures_that_no_board_shows_go_after_a_day() -> None:
    used, unused, fresh = (images.keep(encoded("PNG", (n, n)), "a", by="x") for n in (1, 2, 3))
    now = datetime.now(UTC)
    BoardImage.objects.exclude(pk=fresh.pk).update(created_at=now - timedelta(days=2))
    Board.objects.create(slug="a", title="A", widgets=[{"id": "i", "options": {"image": used.digest}}, "junk", {"options": 5}])
    assert images.drop_unused(now) == 1
    assert not BoardImage.objects.filter(pk=unused.pk).exists()
    assert BoardImage.objects.count() == 2
