"""Boards: made, copied, renamed, deleted; who may; bad input; what screens and playlists are left with."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import redis as redis_py
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.boards import board_saving
from dashboard.boards.board_form import BoardForm
from dashboard.live.publish import publish_boards
from dashboard.live.stored import load_frame
from dashboard.models import Board, KnownName, Playlist, PlaylistItem, Role, Rule, Screen

LogIn = Callable[[Role], Client]


def settings(**changed: object) -> dict[str, object]:
    """What a browser sends for a board with the usual settings."""
    usual = {
        "title": "Night line",
        "slug": "",
        "account": "main",
        "line_ids": "",
        "group_ids": "",
        "time_zone": "",
        "language": "en",
        "theme": "dark",
        "profile": "floor",
        "names": "first",
        "distance_m": "5",
        "screen_inches": "55",
    }
    return usual | changed


@pytest.fixture
def client(log_in: LogIn, board: Board, redis: redis_py.Redis) -> Client:
    return log_in(Role.SUPERVISOR)


def test_board_is_made_listed_and_opened_in_the_editor(client: Client) -> None:
    assert "New board" in client.get("/boards/").content.decode()
    assert 'name="title"' in client.get("/boards/new/").content.decode()
    answer = client.post("/boards/new/", settings(line_ids="34, 12", bands="on", time_zone="Europe/Berlin", language="de"))
    assert (answer.status_code, answer["Location"]) == (302, "/boards/night-line/edit/")
    made = Board.objects.get(slug="night-line")
    assert (made.line_ids, made.bands, made.names, made.language, made.chime) == ([12, 34], True, "first", "de", False)
    assert (made.changed_by, made.revision) == ("supervisor@example.com", 1)
    page = client.get("/boards/").content.decode()
    assert "Night line" in page
    assert "Deutsch" in page
    assert page.count("<rect") == 12  # a small picture of each of the two boards' six tiles


def test_list_of_boards_asks_no_more_for_many_boards_than_for_two(client: Client) -> None:
    for number in range(2):
        Board.objects.create(slug=f"b{number}", title=f"Board {number}")
    with CaptureQueriesContext(connection) as few:
        client.get("/boards/")
    made = [Board.objects.create(slug=f"more-{number}", title=f"More {number}") for number in range(5)]
    playlist = Playlist.objects.create(name="Morning")
    for place, board in enumerate((*made[:2], made[0])):
        PlaylistItem.objects.create(playlist=playlist, board=board, position=place, seconds=30)
    for number, given in enumerate(({"playlist": playlist}, {"board": made[0]}, {"board": made[4]})):
        Screen.objects.create(name=f"TV {number}", key_digest=str(number) * 64, **given)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as many:
        client.get("/boards/")
    assert len(many) == len(few)
    found = board_saving.showing_each(made)
    assert [(found[board.pk].screens, found[board.pk].playlists) for board in made] == [
        (("TV 0", "TV 1"), ("Morning",)),
        (("TV 0",), ("Morning",)),
        ((), ()),
        ((), ()),
        (("TV 2",), ()),
    ]


WRONG = (
    ({"title": "x" * 500}, "A name has at most 80 characters."),
    ({"title": "  "}, "A board needs a name."),
    ({"slug": "Über uns"}, "has other signs than small letters, digits and dashes"),
    ({"slug": "new"}, "is the address of another page"),
    ({"slug": "main"}, "Another board has the address"),
    ({"line_ids": "12, x"}, "“x” is no line that is known by name; write its number, such as 12."),
    ({"time_zone": "Mars/Olympus"}, "is not a time zone"),
    ({"screen_inches": "0"}, "10 to 150"),
    ({"names": "full"}, "A board for the floor shows first names or initials, not whole names."),
    ({"language": "tlh"}, "tlh is not one of the available choices"),
)


def test_groups_and_lines_of_a_board_are_written_by_name_and_kept_by_number(client: Client) -> None:
    KnownName.objects.create(account="main", what="group", vendor_id=7, name="Support <b>")
    Rule.objects.create(metric="longest_wait_time", line_ids=[360001], scope_name="Hotline")
    page = client.get("/boards/new/").content.decode()
    assert '"lines": [{"id": "360001", "text": "Hotline"}]' in page
    assert "Support \\u003Cb\\u003E" in page
    assert client.post("/boards/new/", settings(title="Two", group_ids="support <b>, 12", line_ids="hotline,")).status_code == 302
    made = Board.objects.get(title="Two")
    assert (made.group_ids, made.line_ids) == ([7, 12], [360001])
    assert 'value="Support &lt;b&gt;, group 12"' in client.get(f"/boards/{made.slug}/").content.decode()


def test_setting_that_cannot_be_is_named_beside_its_field(client: Client) -> None:
    for changed, sentence in WRONG:
        form = BoardForm(settings(**changed), board=Board())
        assert not form.is_valid()
        assert sentence in " ".join(form.errors[next(iter(changed))])
    answer = client.post("/boards/new/", settings(title="x" * 500))
    assert answer.status_code == 422
    assert "A name has at most 80 characters." in answer.content.decode()
    assert Board.objects.count() == 1


def test_names_with_markup_or_from_right_to_left_are_text_with_an_address_of_their_own(client: Client) -> None:
    for title in ("<script>alert(1)</script>", "لوحة الدعم", "\u202eevil", "支持热线"):
        client.post("/boards/new/", settings(title=title))
    assert set(Board.objects.values_list("slug", flat=True)) == {"main", "scriptalert1script", "board", "evil", "board-2"}
    assert Board.objects.get(slug="evil").title == "evil", "a sign that turns the direction would turn the sentences around it"
    assert client.post("/boards/new/", settings(title="\u202e\u2066")).status_code == 422
    page = client.get("/boards/").content.decode()
    assert "<script>alert" not in page
    assert "لوحة الدعم" in page
    assert "لوحة الدعم" in client.get("/boards/board/").content.decode()


def test_executives_board_names_nobody_whatever_was_sent(client: Client) -> None:
    client.post("/boards/new/", settings(profile="executive", names="full"))
    assert Board.objects.get(slug="night-line").names == "none"


def test_executives_board_begins_with_charts_where_others_have_the_agents(client: Client) -> None:
    client.post("/boards/new/", settings(profile="executive", names="none"))
    kept = json.loads(client.get("/boards/night-line/export/").content)["widgets"]
    assert [widget["kind"] for widget in kept] == ["wait", "number", "number", "number", "number", "chart", "chart"]
    draft = {"widgets": kept, "distance_m": 5}
    answer = client.post("/boards/night-line/draft/", json.dumps(draft), content_type="application/json").json()
    assert (answer["problems"], len(answer["frame"]["board"]["widgets"])) == ([], 7)


def test_settings_change_unless_somebody_else_was_faster(
    client: Client, board: Board, polled: redis_py.Redis, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    publish_boards(polled, datetime.now(UTC))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        answer = client.post("/boards/main/", settings(title="Day line", slug="day", theme="light", revision="1"))
    assert answer.status_code == 302
    frame = load_frame(polled, "day")
    assert frame is not None
    assert (frame.frame["board"]["title"], frame.frame["board"]["theme"]) == ("Day line", "light")  # type: ignore[index,call-overload]
    assert load_frame(polled, "main") is None  # nobody shows an address that is gone
    answer = client.post("/boards/day/", settings(title="Mine", slug="day", revision="1"))
    assert answer.status_code == 409
    assert "supervisor@example.com has changed this board since you opened it." in answer.content.decode()
    assert Board.objects.get(pk=board.pk).title == "Day line"


def test_list_waits_once_for_a_redis_that_is_away(no_redis: None, log_in: LogIn, board: Board, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("second", "third"):
        Board.objects.create(slug=name, title=name)
    page = log_in(Role.VIEWER).get("/boards/")
    assert all(name in page.content.decode() for name in (board.title, "second", "third"))
    assert sum("Redis does not answer" in record.getMessage() for record in caplog.records) == 1


def test_settings_are_saved_while_redis_is_away(no_redis: None, log_in: LogIn, board: Board) -> None:
    assert log_in(Role.SUPERVISOR).post("/boards/main/", settings(slug="main", revision="1")).status_code == 302
    assert Board.objects.get().title == "Night line"


def test_copy_has_the_tiles_and_a_name_of_its_own(client: Client, board: Board) -> None:
    board.widgets = []
    board.title = "x" * 80
    board.save()
    for _ in range(2):
        client.post("/boards/main/copy/")
    copies = Board.objects.exclude(pk=board.pk).order_by("pk")
    assert [len(each.title) for each in copies] == [80, 80]
    assert [each.slug for each in copies] == [f"{'x' * 55}", f"{'x' * 55}-2"]
    assert [each.widgets for each in copies] == [[], []]


def test_deleting_asks_once_names_the_screens_and_leaves_them_waiting(
    client: Client, board: Board, redis: redis_py.Redis, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    other = Board.objects.create(slug="other", title="Other")
    alone = Screen.objects.create(name="Reception <b>", board=board, key_digest="a" * 64)
    playlist = Playlist.objects.create(name="All day")
    for position, each in enumerate((board, other)):
        PlaylistItem.objects.create(playlist=playlist, board=each, position=position)
    in_turn = Screen.objects.create(name="Hall", playlist=playlist, key_digest="b" * 64)
    rule = Rule.objects.create(name="Wait", account="main", metric="longest_wait_time", warning_enter=60.0)
    question = client.get("/boards/main/delete/").content.decode()
    for words in ("Reception &lt;b&gt;", "Hall", "All day", "keeps its pairing"):
        assert words in question
    publish_boards(redis, datetime.now(UTC))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert client.post("/boards/main/delete/").status_code == 302
    assert not Board.objects.filter(slug="main").exists()
    assert load_frame(redis, "main") is None
    alone.refresh_from_db()
    assert (alone.board, alone.revoked_at) == (None, None)
    assert [item.board for item in playlist.items.all()] == [other]
    in_turn.refresh_from_db()
    assert in_turn.playlist == playlist
    assert Rule.objects.filter(pk=rule.pk, deleted_at=None).exists()


def test_last_board_stays(client: Client) -> None:
    assert "last board and cannot be deleted" in client.get("/boards/main/delete/").content.decode()
    answer = client.post("/boards/main/delete/", follow=True)
    assert "This is the last board." in answer.content.decode()
    assert Board.objects.count() == 1


def test_viewers_look_and_change_nothing(log_in: LogIn, board: Board, redis: redis_py.Redis) -> None:
    viewer = log_in(Role.VIEWER)
    page = viewer.get("/boards/").content.decode()
    assert "Support line" in page
    assert "New board" not in page
    assert viewer.get("/boards/main/export/").status_code == 200
    for path in ("new/", "import/", "main/", "main/edit/", "main/preview/", "main/delete/"):
        assert viewer.get(f"/boards/{path}").status_code == 403
    for path in ("main/copy/", "main/save/", "main/draft/", "main/delete/"):
        assert viewer.post(f"/boards/{path}").status_code == 403
    assert Client().get("/boards/").status_code == 302
    assert log_in(Role.SUPERVISOR).get("/boards/gone/").status_code == 404
