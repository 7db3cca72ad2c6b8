"""The editor's page, drafts with real data, saving: what is checked, what two people at once get."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import redis as redis_py
from django.test import Client

from dashboard.live.stored import load_frame
from dashboard.models import Board, Role, Screen
from dashboard.widgets import defaults
from tests.boards.test_board_file import tile

LogIn = Callable[[Role], Client]


@pytest.fixture
def client(log_in: LogIn, board: Board, polled: redis_py.Redis) -> Client:
    return log_in(Role.SUPERVISOR)


def send(client: Client, what: str, **content: object) -> Any:
    usual: dict[str, object] = {"widgets": defaults.standard(), "distance_m": 5, "revision": 1}
    return client.post(f"/boards/main/{what}/", json.dumps(usual | content), content_type="application/json")


def test_page_carries_the_board_the_kinds_and_the_metrics(client: Client, board: Board) -> None:
    Screen.objects.create(name="Reception", board=board, key_digest="a" * 64)
    board.title = "</script><b>"
    board.save()
    page = client.get("/boards/main/edit/").content.decode()
    assert "Save to 1 screen" in page
    assert "</script><b>" not in page
    facts = json.loads(page.split('id="facts" type="application/json">')[1].split("</script>")[0])
    assert facts["grid"] == {"columns": 24, "rows": 16, "portrait_columns": 16, "portrait_rows": 24}
    assert {"number", "wait", "chart", "image", "text", "clock"} <= set(facts["kinds"])
    assert facts["metrics"]["calls_waiting"]["threshold"]["warning_leave"] == 6
    assert "total_inbound_calls" in next(each["only"] for each in facts["kinds"]["calls"]["options"] if each["name"] == "rows")
    preview = client.get("/boards/main/preview/")
    assert "wall-view" in preview.content.decode()
    assert preview["X-Frame-Options"] == "SAMEORIGIN"


def test_draft_has_real_data_and_stores_nothing(client: Client, board: Board, polled: redis_py.Redis) -> None:
    found = send(client, "draft", widgets=[tile("gauge", "gauge", 0, 0, 6, 5, metric="calls_waiting")], distance_m=8).json()
    assert [each["id"] for each in found["frame"]["board"]["widgets"]] == ["gauge"]
    assert found["frame"]["metrics"]["calls_waiting"]["state"] == "live"
    assert found["frame"]["board"]["distance_m"] == 8
    assert (found["problems"], found["warnings"]) == ([], [])
    assert load_frame(polled, "main") is None
    board.refresh_from_db()
    assert (board.widgets, board.revision) == (None, 1)


def test_draft_names_the_tile_that_is_wrong_and_warns_of_the_rest(client: Client) -> None:
    many = [tile(f"n{x}", "number", 3 * x, 0, 3, 3, metric="calls_waiting") for x in range(7)]
    gone = tile("gone", "number", 0, 4, 5, 5, metric="metric_of_yesterday")
    found = send(client, "draft", widgets=[*many, gone]).json()
    assert found["problems"] == [{"text": "Metric: there is no metric named 'metric_of_yesterday' (any more).", "widget": "gone"}]
    assert len(found["frame"]["board"]["widgets"]) == 7
    assert any("7 numbers are more than people take in" in each["text"] for each in found["warnings"])


def test_draft_warns_of_a_metric_that_the_plan_does_not_send(client: Client, polled: redis_py.Redis) -> None:
    from datetime import UTC, datetime

    from dashboard.domain.feeds import Endpoint
    from tests.live.examples import bodies, poll

    for feed, body in bodies(professional=False).items():
        if feed.endpoint is Endpoint.ACCOUNT:
            poll(polled, feed, body, datetime.now(UTC))
    found = send(client, "draft", widgets=[tile("a", "number", 0, 0, 5, 5, metric="total_inbound_calls")]).json()
    assert found["warnings"] == [{"text": "Zendesk Talk does not send total_inbound_calls on this account's plan.", "widget": "a"}]


def test_saved_board_is_published_at_once_with_its_upright_places(
    client: Client, board: Board, polled: redis_py.Redis, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    widgets = [tile("a", "number", 0, 0, 5, 5, metric="calls_waiting"), tile("b", "clock", 5, 0, 5, 5)]
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(client, "save", widgets=widgets, distance_m=3)
    board.refresh_from_db()
    assert answer.json() == {"revision": 2, "screens": [], "widgets": board.widgets}
    assert board.widgets is not None
    assert (board.distance_m, board.changed_by) == (3, "supervisor@example.com")
    assert all("portrait" not in each for each in board.widgets)  # made of the other layout, today and after the next change
    stored = load_frame(polled, "main")
    assert stored is not None
    kept: Any = stored.frame["board"]
    assert (kept["revision"], [each["portrait"]["w"] for each in kept["widgets"]]) == (2, [8, 8])
    own = [each | {"portrait": {"x": 0, "y": 4 * n, "w": 16, "h": 4}} for n, each in enumerate(widgets)]
    send(client, "save", widgets=own, revision=2)
    board.refresh_from_db()
    assert board.widgets is not None
    assert [each["portrait"]["y"] for each in board.widgets] == [0, 4]


def test_second_of_two_who_save_gets_the_other_version_and_may_choose(client: Client, log_in: LogIn, board: Board) -> None:
    theirs = [tile("theirs", "clock", 0, 0, 5, 5)]
    assert send(log_in(Role.ADMINISTRATOR), "save", widgets=theirs).status_code == 200
    answer = send(client, "save", widgets=[])
    assert answer.status_code == 409
    found = answer.json()["theirs"]
    assert (found["by"], found["revision"], found["widgets"][0]["id"]) == ("administrator@example.com", 2, "theirs")
    board.refresh_from_db()
    assert board.widgets is not None
    assert board.widgets[0]["id"] == "theirs"
    assert send(client, "save", widgets=[], revision=2).json()["revision"] == 3


def test_overlap_and_what_is_off_the_grid_cannot_be_saved(client: Client, board: Board) -> None:
    under = [tile("a", "clock", 0, 0, 5, 5), tile("b", "clock", 4, 4, 5, 5)]
    answer = send(client, "save", widgets=under)
    assert answer.status_code == 422
    assert "lie on top of each other" in answer.json()["message"]
    for wrong in ([tile("a", "clock", 20, 0, 5, 5)], "junk", [tile("a", "clock", 0, 0, 1, 1)], [tile("a", "clock", 0, 0, 5, 5)] * 41):
        assert send(client, "save", widgets=wrong).status_code == 422
    board.refresh_from_db()
    assert board.widgets is None


def test_requests_that_no_editor_sends_get_one_sentence(client: Client, board: Board) -> None:
    for content in (b"", b"[]", b"{", b"[" * 50_000, b'{"distance_m": 4}', b'{"distance_m": 5, "revision": "x"}', b"x" * 1_000_001):
        answer = client.post("/boards/main/save/", content, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["message"]
    board.delete()
    assert send(client, "save").status_code == 410


def test_draft_without_redis_says_that_nothing_is_lost(no_redis: None, log_in: LogIn, board: Board) -> None:
    answer = send(log_in(Role.SUPERVISOR), "draft")
    assert answer.status_code == 503
    assert "can be saved" in answer.json()["message"]
    assert send(log_in(Role.ADMINISTRATOR), "save").status_code == 200
