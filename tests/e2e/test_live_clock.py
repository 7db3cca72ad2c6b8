"""The server's time as a page learns it: static/js/live/clock.js, in a real browser with clocks of our own."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import LIVE

CLOCK = """async ([base, steps]) => {
    const { createClock } = await import(base + "clock.js");
    let monotonic = 1000, wall = 5000000;
    const clock = createClock(() => monotonic, () => wall);
    const found = [];
    for (const [what, value, old] of steps) {
        if (what === "pass") { monotonic += value; wall += value; }
        else if (what === "sleep") { wall += value; found.push(clock.noticeSleep()); }
        else if (what === "set wall") { wall = value; clock.noticeSleep(); }
        else if (what === "learn") clock.learn(new Date(value).toISOString(), Boolean(old));
        else if (what === "sure") found.push(clock.sure());
        else found.push(clock.now_ms());
    }
    return found;
}"""
T = 1_795_000_000_000


def clock(modules: Page, *steps: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = modules.evaluate(CLOCK, [LIVE, [list(step) for step in steps]])
    return found


def test_clock_before_any_message_is_unknown(modules: Page) -> None:
    assert clock(modules, ("now",), ("sure",)) == [None, False]


def test_clock_counts_on_from_the_server_whatever_the_machine_says(modules: Page) -> None:
    found = clock(modules, ("learn", T), ("pass", 3000), ("now",), ("set wall", 1), ("now",))
    assert found == [T + 3000, T + 3000]


def test_clock_takes_the_quickest_message_and_leans_towards_the_slow(modules: Page) -> None:
    found = clock(modules, ("learn", T), ("pass", 1000), ("learn", T + 1200), ("now",), ("pass", 1000), ("learn", T + 2000), ("now",))
    assert found == [T + 1200, T + 2195]


def test_clock_one_delayed_beat_does_not_turn_it_back_but_two_do(modules: Page) -> None:
    found = clock(modules, ("learn", T), ("learn", T - 60000), ("now",), ("learn", T - 60000), ("now",))
    assert found == [T, T - 60000]


def test_clock_an_old_frame_pushes_forward_only_and_makes_nothing_sure(modules: Page) -> None:
    found = clock(modules, ("learn", T - 600000, True), ("sure",), ("learn", T), ("learn", T - 600000, True), ("now",), ("sure",))
    assert found == [False, T, True]


def test_clock_after_sleep_adds_what_the_machine_slept(modules: Page) -> None:
    found = clock(modules, ("learn", T), ("sleep", 3_600_000), ("now",), ("sleep", 100), ("learn", T + 1000), ("now",))
    assert found[:3] == [3_600_000, T + 3_600_000, 0]
    assert found[3] == T + 1000
