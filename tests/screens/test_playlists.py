"""Playlists: boards in order, each for its seconds; every change reaches the screens that show it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dashboard.accounts.assignment import assignment_of, assignments_of, with_boards
from dashboard.models import Board, Playlist, PlaylistItem, Screen
from dashboard.screens.naming import isolated
from dashboard.screens.playlist_form import Line, moved
from tests.screens.conftest import errors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis", "plain_static")]


@pytest.fixture
def playlist(board: Board, other_board: Board) -> Playlist:
    made = Playlist.objects.create(name="Morning")
    for number, each in enumerate((board, other_board)):
        PlaylistItem.objects.create(playlist=made, board=each, position=number, seconds=20)
    return made


def shown(screen: Screen) -> list[tuple[str, int]]:
    return [(item.slug, item.seconds) for item in assignment_of(with_boards().get(pk=screen.pk)).items]


def test_new_playlist_keeps_its_order_and_the_same_board_twice(board: Board, other_board: Board, desk: Client) -> None:
    typed = {
        "name": "Morning",
        "preempts": "on",
        "board": [other_board.pk, board.pk, other_board.pk, ""],
        "seconds": ["5", "3600", "30", "x"],
    }
    assert desk.post("/playlists/new/", typed).status_code == 302
    screen = Screen.objects.create(name="TV", playlist=Playlist.objects.get(), board=board, key_digest="1")
    assert shown(screen) == [("other", 5), ("main", 3600), ("other", 30)]


def test_assignments_of_many_screens_are_read_in_one_statement(
    playlist: Playlist, board: Board, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    """In several statements, a board deleted between them would leave a screen without a playlist, on a board that is gone."""
    Playlist.objects.filter(pk=playlist.pk).update(preempts=False)
    empty = Playlist.objects.create(name="Nothing", preempts=False)
    choices: list[dict[str, object]] = [
        {"playlist": playlist, "board": board},
        {"playlist": empty, "board": board},
        {"playlist": empty},
        {},
    ]
    choices += [{"board": board}, {"board": board, "revoked_at": timezone.now()}]
    screens = [Screen.objects.create(name=f"TV {n}", key_digest=str(n), **choice) for n, choice in enumerate(choices)]
    with django_assert_num_queries(1):
        found = assignments_of([screen.pk for screen in screens])
    assert found == {screen.pk: (screen.name, assignment_of(screen)) for screen in with_boards()}
    assert len(found) == len(screens) - 1
    assert [len(assignment.items) for _, assignment in found.values()] == [2, 1, 0, 0, 1]
    assert [assignment.preempts for _, assignment in found.values()] == [False, True, True, True, True]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "x" * 500}, "A name has at most 80 characters; this one has 500."),
        ({"seconds": ["4"]}, "“Support line” is shown for whole seconds between 5 and 3600, not “4”."),
        ({"seconds": ["1e3"]}, "“Support line” is shown for whole seconds between 5 and 3600, not “1e3”."),
        ({"board": [""]}, "Choose at least one board."),
        ({"board": ["999"]}, "A board of this list was deleted meanwhile; choose another one."),
        ({"name": "morning"}, "There is a playlist “morning” already."),
    ],
)
def test_playlist_with_what_cannot_be_says_why_and_keeps_what_was_typed(
    board: Board, desk: Client, typed: dict[str, object], sentence: str
) -> None:
    Playlist.objects.create(name="Morning")
    answer = desk.post("/playlists/new/", {"name": "Noon", "board": [board.pk], "seconds": ["30"], **typed})
    assert answer.status_code == 422
    assert sentence in errors(answer)
    assert Playlist.objects.count() == 1


def test_playlist_of_twenty_one_boards_says_how_many_there_may_be(board: Board, desk: Client) -> None:
    answer = desk.post("/playlists/new/", {"name": "Noon", "board": [board.pk] * 21, "seconds": ["30"] * 21})
    assert "A playlist has at most 20 boards; this one has 21." in errors(answer)


def test_buttons_beside_the_rows_move_them_without_saving(playlist: Playlist, board: Board, other_board: Board, desk: Client) -> None:
    typed = {"name": "Morning", "board": [board.pk, other_board.pk], "seconds": ["20", "40"], "do": "down-0"}
    page = desk.post(f"/playlists/{playlist.pk}/", typed).content.decode()
    # Not any `value`: a board's number may be 20 or 40 as well.
    assert re.findall(r'name="seconds"[^>]* value="(\d+)"', page) == ["40", "20"]
    assert [item.seconds for item in playlist.items.all()] == [20, 20]


@given(st.lists(st.integers(0, 99), max_size=6), st.sampled_from(["up", "down", "remove", "add", "x"]), st.integers(-1, 7))
def test_moved_loses_nothing(numbers: list[int], what: str, at: int) -> None:
    lines = [Line(str(number)) for number in numbers]
    after = moved(lines, f"{what}-{at}" if what != "add" else "add")
    assert len(after) == len(lines) + (what == "add") - (what == "remove" and 0 <= at < len(lines))
    if what in ("up", "down"):
        assert sorted(line.board for line in after) == sorted(line.board for line in lines)


def test_deleting_a_playlist_names_its_screens_and_leaves_them_waiting(playlist: Playlist, desk: Client) -> None:
    screen = Screen.objects.create(name="Hall", playlist=playlist, key_digest="1")
    page = desk.get(f"/playlists/{playlist.pk}/delete/").content.decode()
    assert f"{isolated('Hall')} shows it, and will wait for a board." in page
    desk.post(f"/playlists/{playlist.pk}/delete/")
    assert shown(screen) == []


def test_deleting_a_board_takes_it_out_of_the_playlist_and_of_screens(playlist: Playlist, board: Board, other_board: Board) -> None:
    of_playlist = Screen.objects.create(name="Hall", playlist=playlist, key_digest="1")
    of_board = Screen.objects.create(name="Reception", board=board, key_digest="2")
    board.delete()
    assert shown(of_playlist) == [("other", 20)]
    assert shown(of_board) == []
    other_board.delete()
    assert shown(of_playlist) == []
