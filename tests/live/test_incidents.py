"""Which open incidents a board's frame carries."""

from __future__ import annotations

import json

import pytest
import redis as redis_py

from dashboard.live import gather
from dashboard.live.incidents import incidents_part, open_incidents
from dashboard.live.patch import Object
from dashboard.polling.rounds import plans_now
from dashboard.store import keys
from tests.live.examples import NOW, NOW_TEXT, board

ONE: Object = {
    "id": 7,
    "rule": "Longest wait",
    "kind": "threshold",
    "severity": "critical",
    "state": "open",
    "since": NOW_TEXT,
    "opened_at": NOW_TEXT,
    "direction": "above",
    "text": "Longest wait 7:42 on Support line, at or above 3:00",
    "about": "Longest wait at or above 3:00",
    "line_ids": [],
    "group_ids": [],
}


def test_incident_is_shown_without_what_only_the_filter_needs() -> None:
    part = incidents_part([ONE], [], [])
    assert part == [{name: value for name, value in ONE.items() if name not in {"line_ids", "group_ids"}}]


@pytest.mark.parametrize(
    ("of_rule", "of_board", "shown"),
    [([], [1], True), ([1], [], True), ([1, 2], [2, 3], True), ([1], [2], False)],
)
@pytest.mark.parametrize("name", ["line_ids", "group_ids"])
def test_incident_concerns_boards_of_its_lines_and_groups(name: str, of_rule: list[int], of_board: list[int], shown: bool) -> None:
    given: Object = {**ONE, name: list(of_rule)}
    lines, groups = (of_board, []) if name == "line_ids" else ([], of_board)
    assert bool(incidents_part([given], lines, groups)) is shown


@pytest.mark.parametrize("kept", [None, b"", b"{}", b"nonsense", b"[1,null,[]]", b"\xff", b'[{"id":1}]'])
def test_list_that_cannot_be_read_is_an_empty_one(kept: bytes | None) -> None:
    assert incidents_part(open_incidents(kept), [], []) == []


@pytest.mark.django_db
def test_gathered_inputs_hold_the_incidents_of_the_boards_account(redis: redis_py.Redis) -> None:
    redis.set(keys.incidents("main"), json.dumps([ONE]))
    redis.set(keys.incidents("other"), json.dumps([ONE, ONE]))
    one = board()
    assert gather.inputs(redis, one, plans_now(redis, [one], NOW), NOW, charts={}).incidents == [ONE]


@pytest.mark.parametrize(("names", "told"), [("full", True), ("first", False), ("initials", False), ("none", False)])
def test_who_took_an_incident_is_told_only_where_names_are(names: str, told: bool) -> None:
    (shown,) = incidents_part([{**ONE, "state": "acknowledged", "acknowledged_by": "dana.smith"}], [], [], names)
    assert isinstance(shown, dict)
    assert ("acknowledged_by" in shown) is told
    assert shown["state"] == "acknowledged"
