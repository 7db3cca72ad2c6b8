"""The editor's modules by themselves: amounts as Python reads them, places on the grid, undo, how far a text can be read."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from dashboard.domain.amounts import AmountError, leave_for, parse, say
from dashboard.domain.catalogue import Unit

EDITOR = "/static/js/editor/"
TYPED = (
    "3:00",
    "1:05:00",
    "90",
    "90 s",
    "3 min",
    "2 h",
    "0:60",
    ".5",
    "5 %",
    "4.5",
    "101",
    "x",
    "",
    "-1",
    "1e3",
    "3:0",
    "99999999999",
    "7",
)


def _python(text: str, unit: Unit) -> float | None:
    try:
        return round(parse(text, unit), 6)
    except AmountError:
        return None


def test_amounts_are_read_and_written_as_the_server_does(modules: Page) -> None:
    script = """async ([path, texts]) => {
      const { parse, amount, leaveFor } = await import(path + "amounts.js");
      const read = (text, unit) => { try { return parse(text, unit); } catch (error) { return null; } };
      return Object.fromEntries(["s", "count", "ratio"].map((unit) => [unit, {
        read: texts.map((text) => read(text, unit)),
        said: [0, 7, 59.6, 180, 3900, 0.045].map((value) => amount(value, unit)),
        leave: [0, 1, 7, 120, 0.05].flatMap((value) => [leaveFor(value, unit, true), leaveFor(value, unit, false)]),
      }]));
    }"""
    found: Any = modules.evaluate(script, [EDITOR, TYPED])
    for unit in Unit:
        assert found[unit.value]["read"] == [_python(text, unit) for text in TYPED]
        assert found[unit.value]["said"] == [say(value, unit) for value in (0, 7, 59.6, 180, 3900, 0.045)]
        expected = [leave_for(value, unit, higher_is_worse=up) for value in (0, 1, 7, 120, 0.05) for up in (True, False)]
        assert found[unit.value]["leave"] == expected


def test_places_stay_on_the_grid_undo_has_a_hundred_steps_and_reading_is_the_designs_table(modules: Page) -> None:
    script = """async (path) => {
      const { moved, resized, overlaps, freePlace, placeAt, freshId } = await import(path + "layout.js");
      const { createHistory } = await import(path + "history.js");
      const { createDrafts } = await import(path + "drafts.js");
      const { readableFrom_m } = await import(path + "reading.js");
      const grid = { columns: 24, rows: 16 }, at = { x: 20, y: 12, w: 4, h: 4 };
      let now = 0;
      const history = createHistory({ n: 0 }, { clock: () => now });
      for (let n = 1; n <= 130; n += 1) history.push({ n }, null);
      history.push({ n: 131 }, "same");
      now += 500;
      history.push({ n: 132 }, "same");
      let back = 0;
      while (history.undo()) back += 1;
      const broken = { length: 1, key: () => { throw new Error("off"); }, setItem: () => { throw new Error("full"); } };
      const screen = { width: 1920, height: 1080, inches: 55 };
      return {
        moved: [moved(at, 9, 9, grid), moved(at, -99, -99, grid)],
        resized: [resized(at, "se", 9, 9, [2, 2], grid), resized(at, "nw", 9, 9, [2, 2], grid), resized(at, "nw", -99, -99, [2, 2], grid)],
        overlaps: overlaps([["a", at], ["b", { ...at, x: 23, w: 1 }], ["c", { ...at, x: 19, w: 1 }]].map(([id, place]) => ({ id, place }))),
        free: [freePlace([5, 5], [3, 3], [], grid), freePlace([5, 5], [3, 3], [{ x: 0, y: 0, w: 24, h: 13 }], grid),
               freePlace([5, 5], [3, 3], [{ x: 0, y: 0, w: 24, h: 14 }], grid)],
        placed: placeAt(99, -3, [5, 5], grid), id: freshId("clock", ["clock", "clock-2"]),
        back, first: history.now, drafts: [createDrafts("a", broken).keep(1, {}), createDrafts("a", broken).newest()],
        read: [readableFrom_m(128, "number", screen), readableFrom_m(38, "label", screen), readableFrom_m(288, "number", screen)],
      };
    }"""
    found: Any = modules.evaluate(script, EDITOR)
    assert found["moved"] == [{"x": 20, "y": 12, "w": 4, "h": 4}, {"x": 0, "y": 0, "w": 4, "h": 4}]
    smallest, whole = {"x": 22, "y": 14, "w": 2, "h": 2}, {"x": 0, "y": 0, "w": 24, "h": 16}
    assert found["resized"] == [{"x": 20, "y": 12, "w": 4, "h": 4}, smallest, whole]
    assert found["overlaps"] == [["a", "b"]]
    assert found["free"] == [{"x": 0, "y": 0, "w": 5, "h": 5}, {"x": 0, "y": 13, "w": 3, "h": 3}, None]
    assert (found["placed"], found["id"]) == ({"x": 19, "y": 0, "w": 5, "h": 5}, "clock-3")
    assert (found["back"], found["first"]) == (100, {"n": 31})
    assert found["drafts"] == [False, None]
    assert [round(metres, 1) for metres in found["read"]] == [10.1, 5.0, 22.8]
