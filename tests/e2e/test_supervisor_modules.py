"""The DOM-free modules of the supervisor's page, in a real browser: static/js/live/rows.js and consistency.js."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.frames import CALM
from tests.e2e.wall_server import WallServer

NOW = "2026-11-21T09:00:00.000Z"


@pytest.fixture(scope="module")
def server() -> Iterator[WallServer]:
    server = WallServer(CALM)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def modules(page: Page, server: WallServer) -> Page:
    page.goto(server.blank)
    return page


def agent(number: int, name: str, state: str = "online", **more: Any) -> dict[str, Any]:
    return {"id": number, "name": name, "state": state, "since": NOW, "since_exact": True, **more}


def listed(page: Page, agents: list[dict[str, Any]], did: dict[int, dict[str, Any]], choice: dict[str, Any]) -> list[int]:
    found: list[int] = page.evaluate(
        """async ([agents, did, choice]) => {
            const { rowsOf, filtered, sorted } = await import("/static/js/live/rows.js");
            const rows = rowsOf(agents, new Map(did));
            const shown = filtered(rows, choice.show || "all", choice.text || "");
            return sorted(shown, choice.sort || "name", Boolean(choice.down)).map((row) => row.id);
        }""",
        [agents, list(did.items()), choice],
    )
    return found


def test_rows_by_name_ignore_case_and_stand_by_id_where_names_are_equal(modules: Page) -> None:
    assert listed(modules, [agent(3, "zoë"), agent(2, "Ada"), agent(1, "Ada"), agent(4, "émile")], {}, {}) == [1, 2, 4, 3]


@pytest.mark.parametrize("down", [False, True])
def test_rows_of_which_nothing_is_known_stand_last(modules: Page, down: bool) -> None:
    did = {1: {"calls_accepted": 5}, 2: {"calls_accepted": None}, 3: {"calls_accepted": 9}}
    people = [agent(number, name) for number, name in enumerate("ABCD", 1)]
    assert listed(modules, people, did, {"sort": "calls", "down": down}) == ([3, 1, 2, 4] if down else [1, 3, 2, 4])


def test_rows_by_time_in_state_begin_with_the_shortest(modules: Page) -> None:
    people = [
        agent(1, "A", since="2026-11-21T08:00:00Z"),
        agent(2, "B", since="2026-11-21T08:59:00Z"),
        agent(3, "C", since="2026-11-21T08:30:00Z"),
    ]
    assert listed(modules, people, {}, {"sort": "for"}) == [2, 3, 1]


def test_rows_of_a_call_are_on_call_whatever_the_sign_in_state(modules: Page) -> None:
    people = [agent(1, "A", "offline", call_status="on_call"), agent(2, "B", "offline"), agent(3, "C", "away")]
    assert listed(modules, people, {}, {"show": "on_call"}) == [1]
    assert listed(modules, people, {}, {"show": "here"}) == [1, 3]


@pytest.mark.parametrize(("text", "found"), [("lima bea", [1]), ("BÉA", [1]), ("  ", [1, 2]), ("(", []), ("مر", [2])])
def test_rows_are_found_by_all_words_in_any_order(modules: Page, text: str, found: list[int]) -> None:
    assert listed(modules, [agent(1, "Beatriz Lima"), agent(2, "مريم")], {}, {"text": text}) == found


def judged(page: Page, frames: list[tuple[float, dict[str, Any]]]) -> list[str]:
    """The judgement after each frame; all frames share one memory. A frame is given with the seconds since the first."""
    found: list[str] = page.evaluate(
        """async ([frames, at]) => {
            const { consistency } = await import("/static/js/live/consistency.js");
            const memory = {};
            return frames.map(([second, frame]) => consistency(frame, Date.parse(at) + second * 1000, memory).state);
        }""",
        [frames, NOW],
    )
    return found


def counted(second: float, by_queue: int | None, states: str, *, suffix: str = "", age_s: float = 0) -> tuple[float, dict[str, Any]]:
    words = {"o": "online", "x": "away", "t": "transfers_only", "-": "offline"}
    at = f"2026-11-21T09:{int(second - age_s) // 60:02}:{int(second - age_s) % 60:02}.000Z"
    feed = {"interval_s": 5, "failing": False, "stopped": False, "at": at}
    return second, {
        "feeds": {
            f"main:current_queue_activity{suffix}": {**feed, "endpoint": "current_queue_activity"},
            "main:agents_activity": {**feed, "endpoint": "agents_activity"},
        },
        "metrics": {"agents_online": {"state": "live", **({} if by_queue is None else {"value": by_queue})}},
        "agents": [{"state": words[state]} for state in states],
    }


def test_counts_that_agree_are_consistent_with_or_without_transfers(modules: Page) -> None:
    assert judged(modules, [counted(0, 3, "oox-"), counted(1, 3, "ooxt"), counted(2, 4, "ooxt")]) == ["agree"] * 3


def test_counts_that_differ_for_a_moment_are_consistent(modules: Page) -> None:
    assert judged(modules, [counted(0, 4, "oox"), counted(10, 4, "oox"), counted(15, 3, "oox"), counted(30, 4, "oox")]) == ["agree"] * 4


def test_counts_that_differ_for_long_differ_until_they_agree(modules: Page) -> None:
    assert judged(modules, [counted(0, 4, "oox"), counted(25, 4, "oox"), counted(26, 3, "oox")]) == ["agree", "differ", "agree"]


@pytest.mark.parametrize("case", [counted(30, 4, "oox", suffix=":1,2"), counted(30, None, "oox"), counted(59, 4, "oox", age_s=40)])
def test_counts_that_cannot_be_compared_say_nothing(modules: Page, case: tuple[float, dict[str, Any]]) -> None:
    assert judged(modules, [case]) == ["open"]
