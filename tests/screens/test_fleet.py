"""The fleet page says what each screen really shows, and its buttons reach the screens."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
import redis as redis_py
from django.test import Client
from django.utils import timezone

from dashboard.live.version import served_version
from dashboard.models import Board, Playlist, PlaylistItem, Role, Screen
from dashboard.screens import fleet
from dashboard.screens.fleet import State
from dashboard.screens.seen import keep_seen
from dashboard.store import keys
from dashboard.store.painted import Painted, load_painted
from tests.screens.conftest import errors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis", "plain_static")]
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday
HOSTILE = '<b onclick="x()">مكتب الاستقبال</b>'


@pytest.fixture
def screen(board: Board) -> Screen:
    return Screen.objects.create(name="Reception", board=board, key_digest="1", paired_by="dana@example.com")


def row(screen: Screen, painted: Painted | None, now: datetime = NOW) -> fleet.Row:
    (found,) = fleet.rows({} if painted is None else {f"screen:{screen.pk}": painted}, now, version="new")
    return found


def paint(redis: redis_py.Redis, screen: Screen, at: datetime, **facts: object) -> None:
    redis.set(keys.painted(f"screen:{screen.pk}"), json.dumps({"board": "main", "seq": 7, "at": at.isoformat(), **facts}))


@pytest.mark.parametrize(
    ("ago_s", "columns", "state", "standing"),
    [
        (5, {}, State.PAINTING, "painting"),
        (300, {}, State.SILENT, "silent since 13:55"),
        (300, {"hours_from": time(15), "hours_to": time(18)}, State.OFF_HOURS, "outside its hours"),
        (300, {"hours_days": [1, 2]}, State.OFF_HOURS, "outside its hours"),
        (None, {}, State.NEVER, "never seen"),
        (5, {"board": None}, State.NO_BOARD, "waits for a board"),
    ],
)
def test_row_says_how_a_screen_stands(screen: Screen, ago_s: float | None, columns: dict[str, object], state: State, standing: str) -> None:
    Screen.objects.update(**columns)
    painted = None if ago_s is None else Painted(NOW - timedelta(seconds=ago_s), "main", 7)
    found = row(screen, painted)
    assert found.state is state
    assert found.standing == standing


def test_row_says_what_the_tv_is(screen: Screen) -> None:
    facts = {"width": 960, "height": 540, "ratio": 2.0, "version": "old-release", "skew_ms": 7_500_000, "address": "10.0.0.7"}
    found = row(screen, Painted(NOW - timedelta(seconds=65), "main", 7, facts))
    assert (found.size, found.is_old, found.skew, found.is_skewed) == ("960 × 540 @ 2", True, "2:05:00 ahead", True)
    assert (found.address, found.shown, found.age) == ("10.0.0.7", "Support line", "1:05 ago")
    assert row(screen, Painted(NOW, "gone", 7)).shown == "a board that is gone"  # no address, which nobody knows by now
    assert "dana@example.com" in found.paired


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ({}, []),
        ({"sound": "on", "speech": "ready", "wake": "held", "fullscreen": "kiosk"}, []),
        ({"wake": "none", "fullscreen": "none"}, []),
        ({"sound": "blocked", "speech": "blocked"}, ["no sound: its browser keeps it back"]),
        ({"sound": "on", "speech": "no-voice", "no_voice": "de"}, ["no voice for Deutsch"]),
        ({"speech": "no-voice", "no_voice": "<b>klingon"}, ["no voice"]),
        ({"sound": "off", "speech": "off"}, ["sound turned off on the TV"]),
        ({"wake": "refused", "fullscreen": "refused"}, ["may go to sleep: no wake lock", "not full screen: waits for a key or a click"]),
        ({"sound": 7, "speech": [], "no_voice": {}, "wake": None}, []),
    ],
)
def test_row_says_what_the_tv_s_browser_keeps_back(screen: Screen, said: dict[str, object], lacks: list[str]) -> None:
    Screen.objects.update(seen={"sound": "blocked", "wake": "refused", "width": 960, "height": 540})  # an older word, of no use now
    found = row(screen, Painted(NOW, "main", 7, said))
    assert list(found.lacks) == lacks
    assert found.size == "960 × 540"


def test_row_without_redis_says_that_it_is_not_known(screen: Screen) -> None:
    Screen.objects.update(painted_at=NOW, seen={"board": "main", "width": 1, "height": 2})
    (found,) = fleet.rows(None, NOW, version="new")
    assert (found.state, found.size, found.shown) == (State.UNKNOWN, "1 × 2", "Support line")


def test_fleet_page_shows_names_as_text_and_viewers_only_look(
    screen: Screen, desk: Client, redis: redis_py.Redis, log_in: Callable[[Role], Client]
) -> None:
    Screen.objects.update(name=HOSTILE)
    paint(redis, screen, timezone.now(), width=1920, height=1080, version=served_version())
    page = desk.get("/screens/").content.decode()
    assert html.escape(HOSTILE) in page
    assert 'onclick="x' not in page
    assert "1920 × 1080" in page
    assert "painting" in page
    assert "screen-flash" not in page
    assert f"/screens/{screen.pk}/flash/" in page
    looking = log_in(Role.VIEWER)
    seen = looking.get("/screens/").content.decode()
    assert html.escape(HOSTILE) in seen
    assert "/flash/" not in seen
    assert looking.post(f"/screens/{screen.pk}/flash/").status_code == 403
    assert Client().get("/screens/").status_code == 302


def test_fleet_page_of_a_hundred_screens_asks_few_questions(
    board: Board, desk: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    playlist = Playlist.objects.create(name="Morning")
    PlaylistItem.objects.create(playlist=playlist, board=board, position=0)
    Screen.objects.bulk_create(Screen(name=f"TV {n}", playlist=playlist, key_digest=str(n)) for n in range(100))
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert "100</span> screens" in desk.get("/screens/").content.decode()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x" * 500, "A name has at most 80 characters; this one has 500."),
        (" \n\u202e\u0000 ", "Give the screen a name."),
        ("\u200c \u200d", "Give the screen a name."),
        ("reception", "There is a screen “reception” already."),
    ],
)
def test_settings_with_a_name_that_cannot_be_says_why(screen: Screen, desk: Client, name: str, sentence: str) -> None:
    other = Screen.objects.create(name="Hall", key_digest="2")
    answer = desk.post(f"/screens/{other.pk}/", {"name": name, "shows": ""})
    assert answer.status_code == 422
    assert sentence in errors(answer)
    assert Screen.objects.get(pk=other.pk).name == "Hall"


def test_settings_save_what_was_typed_and_nothing_else(screen: Screen, desk: Client, other_board: Board) -> None:
    Screen.objects.update(painted_at=NOW, seen={"width": 1})
    typed = {
        "name": f"  {HOSTILE}\n",
        "shows": f"board:{other_board.pk}",
        "is_watched": "on",
        "hours_from": "08:00",
        "hours_to": "18:30",
        "hours_days": ["0", "4"],
        "time_zone": "Asia/Manila",
    }
    assert desk.post(f"/screens/{screen.pk}/", typed).status_code == 302
    screen.refresh_from_db()
    assert (screen.name, screen.board, screen.hours_days, screen.time_zone) == (HOSTILE, other_board, [0, 4], "Asia/Manila")
    assert (screen.painted_at, screen.seen) == (NOW, {"width": 1})
    assert "Mon, Fri 08:00 to 18:30" in desk.get("/screens/").content.decode()


@pytest.mark.parametrize("name", ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "Team \U0001f468\u200d\U0001f469\u200d\U0001f467"])
def test_settings_keep_the_signs_that_join_letters_and_emoji(screen: Screen, desk: Client, name: str) -> None:
    assert desk.post(f"/screens/{screen.pk}/", {"name": f"{name}\u200d", "shows": "", "time_zone": "UTC"}).status_code == 302
    screen.refresh_from_db()
    assert screen.name == name


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"hours_from": "08:00"}, "Write both times, or neither for the whole day."),
        ({"hours_from": "08:00", "hours_to": "08:00"}, "From and until are the same time. Leave both empty for the whole day."),
        ({"hours_from": "25:00", "hours_to": "9"}, "Write a time of day such as 08:00."),
        ({"time_zone": "Mars/Base"}, "“Mars/Base” is not a time zone; write one such as Europe/Berlin or America/New_York."),
        ({"shows": "board:999"}, "This board or playlist was deleted meanwhile; choose another one."),
    ],
)
def test_settings_with_what_cannot_be_say_why(screen: Screen, desk: Client, typed: dict[str, str], sentence: str) -> None:
    answer = desk.post(f"/screens/{screen.pk}/", {"name": "Reception", "shows": "", "time_zone": "UTC", **typed})
    assert answer.status_code == 422
    assert sentence in errors(answer)


def test_remove_asks_once_and_leaves_no_way_back(screen: Screen, desk: Client) -> None:
    assert "goes dark" in desk.get(f"/screens/{screen.pk}/remove/").content.decode()
    assert Screen.objects.get().revoked_at is None
    desk.post(f"/screens/{screen.pk}/remove/")
    assert Screen.objects.get().revoked_at is not None
    for path in ("", "flash/", "reload/", "remove/"):
        assert desk.post(f"/screens/{screen.pk}/{path}").status_code == 404


def test_keep_seen_writes_at_most_once_a_minute_and_keeps_older_facts(screen: Screen, redis: redis_py.Redis) -> None:
    Screen.objects.update(seen={"width": 1920})
    paint(redis, screen, NOW, version="v1")
    assert keep_seen(redis, NOW) == 1
    screen.refresh_from_db()
    assert (screen.painted_at, screen.seen) == (NOW, {"width": 1920, "version": "v1", "board": "main", "seq": 7})
    paint(redis, screen, NOW + timedelta(seconds=10))
    assert keep_seen(redis, NOW + timedelta(seconds=10)) == 0


@pytest.mark.parametrize(
    "junk", [b"", b"[]", b"{}", b'{"at":"x","board":"a","seq":1}', b'{"at":"2026-11-23T14:00:00","board":"a","seq":1}']
)
def test_what_cannot_be_read_was_not_painted(redis: redis_py.Redis, junk: bytes) -> None:
    redis.set(keys.painted("screen:1"), junk)
    assert load_painted(redis, ["screen:1"]) == {}
