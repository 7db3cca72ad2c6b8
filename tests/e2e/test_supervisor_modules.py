"""The DOM-free modules of the supervisor's page, in a real browser: static/js/live/rows.js, consistency.js and static/js/desk."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
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
    people = [agent(number, name) for number, name in enumerate(["Maria", "Łukasz", "Zoë", "Íñigo", "Laura", "Jon"])]
    assert listed(modules, people, {}, {}) == [3, 5, 4, 1, 0, 2], "as a dictionary has them: Łukasz between Laura and Maria"


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


@pytest.mark.parametrize(("text", "found"), [("lima bea", [1]), ("BÉA", [1]), ("  ", [1, 3, 2]), ("(", []), ("مر", [2]), ("lukasz", [3])])
def test_rows_are_found_by_all_words_in_any_order(modules: Page, text: str, found: list[int]) -> None:
    assert listed(modules, [agent(1, "Beatriz Lima"), agent(2, "مريم"), agent(3, "ŁUKASZ Nwosu")], {}, {"text": text}) == found


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


@pytest.fixture
def desk(page: Page, server: WallServer) -> Page:
    """An empty page that may evaluate expressions."""
    server.policy = False
    page.goto(server.blank)
    server.policy = True
    return page


def made(page: Page, expression: str, *given: Any) -> Any:
    """What an expression of the desk's modules gives: `csv`, `axis`, `figures` and `judgement` are in reach."""
    return page.evaluate(
        """async ([expression, given]) => {
            const names = ["csv", "axis", "figures", "judgement"];
            const [csv, axis, figures, judgement] = await Promise.all(names.map((name) => import("/static/js/desk/" + name + ".js")));
            const reach = { csv, axis, figures, judgement, given };
            return new Function(...Object.keys(reach), "return " + expression)(...Object.values(reach));
        }""",
        [expression, list(given)],
    )


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", 'a"b', "a,b", "a\r\nb", "مريم", "😀", "-", "", "2026-11-21T09:00:00+01:00"]


def test_csv_is_read_back_as_it_was_and_no_text_is_a_formula(desk: Page) -> None:
    sheet = {
        "columns": [{"label": "Name"}, {"label": "Wait", "unit": "s"}, {"label": "Share", "unit": "ratio"}],
        "rows": [[text, {"value": -3, "text": "x"}, {"value": None, "text": "unknown"}] for text in HOSTILE],
    }
    written = made(desk, "csv.csvOf(given[0])", sheet)
    assert written.startswith("\ufeff")
    assert written.count("\r\n") == len(HOSTILE) + 2, "one a row, and the one in a name"
    head, *rows = csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    assert head == ["Name", "Wait (s)", "Share (0 to 1)"]
    assert [row[0].removeprefix("'") for row in rows] == HOSTILE
    assert all(row[1:] == ["-3", ""] for row in rows), "a number is a number, below zero as well"
    assert all(row[0][:1] == "'" for row, text in zip(rows, HOSTILE, strict=True) if text.strip()[:1] in tuple("=+-@＝"))


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "2026-10-25T00:30:00+00:00"),
        ("Europe/Berlin", "2026-10-25T02:30:00+02:00"),
        ("America/St_Johns", "2026-10-24T22:00:00-02:30"),
        ("Asia/Kathmandu", "2026-10-25T06:15:00+05:45"),
        ("Mars/Olympus", "2026-10-25T00:30:00+00:00"),
    ],
)
def test_moments_are_written_with_the_distance_of_their_clock(desk: Page, zone: str, text: str) -> None:
    at_ms = datetime.fromisoformat("2026-10-25T00:30:00Z").timestamp() * 1000
    assert made(desk, "csv.isoIn(given[0], given[1])", at_ms, zone) == text
    assert datetime.fromisoformat(text).timestamp() * 1000 == at_ms


def test_value_ticks_are_round_and_reach_the_highest(desk: Page) -> None:
    for unit, highests in (
        ("s", [0, 1, 42, 179, 600, 3725, 10_000, 900_000]),
        ("count", [0, 1, 3, 24, 999, 1_234_567]),
        ("ratio", [0, 0.03, 1, 9]),
    ):
        for highest in highests:
            found = made(desk, "axis.valueTicks(given[0], given[1], String)", highest, unit)
            assert found["top"] >= highest
            assert 2 <= len(found["tickvals"]) <= 8, (unit, highest, found)
            assert found["tickvals"] == sorted(set(found["tickvals"]))
    steps = [f"2026-11-21T{hour:02}:{minute:02}:00+01:00" for hour in range(24) for minute in (0, 15, 30, 45)]
    for width in (120, 390, 900):
        ticks = made(desk, "axis.timeTicks(given[0], given[1])", {"steps": steps, "span": "today", "step_s": 900}, width)
        assert 1 <= len(ticks["ticktext"]) <= width / 40
        assert all(text.endswith(":00") for text in ticks["ticktext"])


def test_gaps_are_of_what_is_over_and_not_of_what_is_to_come(desk: Page) -> None:
    gaps = "figures.gapsOf({ running: given[1] }, given[0])"
    assert made(desk, gaps, [1, None, None, 4, None, None, None], 5) == [[1, 2], [4, 4]]
    assert made(desk, gaps, [None, None], None) == []


@pytest.mark.parametrize(
    ("severity", "value", "turned_s", "said"),
    [
        ("critical", 462, 10, "above 3:00 for 4:42"),  # the answer with this wait came ten seconds ago
        ("critical", 200, 90, "above 3:00 for 1:30"),  # somebody else waits by now
        ("critical", 170, 90, "was above 3:00"),
        ("warning", 150, 25, "above 2:00 for 0:30"),
    ],
)
def test_wait_beyond_its_limit_says_for_how_long(desk: Page, severity: str, value: int, turned_s: int, said: str) -> None:
    verdict = """(() => {
        const threshold = { target: 120, warning_enter: 120, warning_leave: 100, critical_enter: 180, critical_leave: 160 };
        const [severity, value, turned_s] = given;
        const now_ms = 1e12;
        const view = { name: "longest_wait_time", state: "value", freshness: "live", at_ms: now_ms };
        view.severity_since_ms = now_ms - turned_s * 1000;
        const picture = { live: true, contradiction: "none", now_ms };
        return judgement.verdict(Object.assign(view, { severity, value, threshold }), "s", picture, true);
    })()"""
    assert made(desk, verdict, severity, value, turned_s)[2] == said


@pytest.mark.parametrize(
    ("known", "span", "step_s", "said"),
    [
        ([5, 5, 5, 5, 5, 5, 5, 5], "7d", 3600, ""),
        ([None, 5, 5, 5, 5, 5, 5, 5], "7d", 3600, ""),  # a gap as any other
        ([None, None, None, 5, 5, 5, 5, 5], "7d", 3600, "No data before Sat 21 Nov, 03:00."),
        ([None] * 7 + [5], "today", 3600, "No data yet: it begins at 07:00."),
        ([None] * 7 + [5], "28d", 86400, "No data yet: it begins on Sat 21 Nov."),
        ([None] * 8, "7d", 3600, ""),  # another sentence says so
    ],
)
def test_chart_without_a_past_says_when_it_begins(desk: Page, known: list[float | None], span: str, step_s: int, said: str) -> None:
    steps = [f"2026-11-21T0{hour}:00:00+00:00" for hour in range(8)]
    answer = {"span": span, "step_s": step_s, "steps": steps, "running": 7, "series": [{"values": known, "then": known}]}
    assert made(desk, "figures.lackOf(given[0])", answer) == said


def test_letters_are_asked_for_while_somebody_looks(modules: Page) -> None:
    """A tab that is left open over a weekend must not ask a hundred thousand times."""
    modules.clock.install()
    modules.evaluate(
        """async () => {
            window.asked = 0;
            window.away = true;
            window.fetch = () => { window.asked += 1; return Promise.resolve({ ok: false }); };
            Object.defineProperty(document, "hidden", { get: () => window.away });
            await import("/static/js/elements/letters.js");
            const list = document.createElement("ql-letters");
            list.append(document.createElement("ol"));
            document.body.append(list);
        }"""
    )
    modules.clock.run_for(60_000)
    assert modules.evaluate("window.asked") == 0
    modules.evaluate("window.away = false")
    modules.clock.run_for(6_000)
    assert modules.evaluate("window.asked") >= 1
