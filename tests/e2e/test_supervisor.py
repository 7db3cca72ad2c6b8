"""The supervisor's page in a real browser: the same numbers as the wall, every agent, every feed, and nothing passed off as live."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.models import Role
from tests.e2e.frames import CALM, CONTRADICTION, CRITICAL, FEEDS, NAMES, TEAM_PLAN, TOO_FEW, WARNING, Scene, crowd, incident
from tests.e2e.supervisor_server import SupervisorServer, whole_day

WITHIN_MS = 10_000
OPENS_WITHIN_MS = 30_000
AUTH = {
    "kind": "auth",
    "message": "Zendesk Talk refused the credentials (401). Polling has stopped until the settings change.",
}
Open = Callable[..., SupervisorServer]


@pytest.fixture
def open_page(page: Page) -> Iterator[Open]:
    """Opens the page on a server of its own; an error on the page fails the test."""
    servers: list[SupervisorServer] = []
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
    page.set_viewport_size({"width": 1440, "height": 900})

    def open_it(scene: Scene = CALM, *, role: Role = Role.SUPERVISOR, path: str = "", live: bool = True, **set_up: Any) -> SupervisorServer:
        server = SupervisorServer(scene.but(started=datetime.now(UTC)), role)
        for name, value in set_up.items():
            setattr(server, name, value)
        server.start()
        servers.append(server)
        page.goto(server.address + path)
        if live:
            expect(page.locator("body")).to_have_attribute("data-live", "yes", timeout=OPENS_WITHIN_MS)
        return server

    yield open_it
    for server in servers:
        server.stop()
    assert not errors


def names(page: Page) -> list[str]:
    return page.locator("ql-agents-table tbody th").all_inner_texts()


def cell(page: Page, name: str, column: int) -> str:
    return page.locator("ql-agents-table tbody tr", has=page.get_by_role("rowheader", name=name)).locator("td").nth(column).inner_text()


def test_page_shows_the_walls_numbers(page: Page, open_page: Open) -> None:
    open_page(WARNING)
    wait = page.locator("[data-metric=longest_wait_time]")
    expect(wait).to_have_class("is-warning")
    assert re.fullmatch(r"2:3\d", wait.locator(".value span").inner_text())
    expect(wait.locator(".verdict")).to_have_text(re.compile(r"Warning≤ 2:00 for 0:3\d"))
    expect(page.locator("[data-metric=calls_waiting] .value")).to_have_text("9")
    expect(page.locator("[data-metric=abandon_ratio] .value")).to_have_text("3.4%")
    expect(page.locator("ql-pulse")).to_have_text(re.compile(r"live · \d s"))
    expect(page.locator("ql-budget-sign")).to_contain_text("300 of 2,500")
    expect(page.locator("ql-budget")).to_contain_text("300 of 2,500 in 5 min · our share 2,000")


def test_wait_ticks_between_messages(page: Page, open_page: Open) -> None:
    server = open_page(WARNING)
    server.playing = False
    figure = page.locator("[data-metric=longest_wait_time] .value span")
    first = figure.inner_text()
    expect(figure).not_to_have_text(first, timeout=3000)


@pytest.mark.parametrize(("scene", "words"), [(TEAM_PLAN, "not on plan"), (TOO_FEW, "too few"), (CALM.but(values={}), "unknown")])
def test_no_number_is_words_and_never_zero(page: Page, open_page: Open, scene: Scene, words: str) -> None:
    open_page(scene)
    expect(page.locator("[data-metric=abandon_ratio] .value")).to_have_text(words)


def test_agents_show_state_time_and_day(page: Page, open_page: Open) -> None:
    open_page(WARNING)
    assert names(page) == NAMES
    assert cell(page, "Farid Haddad", 0) == "away"
    assert re.fullmatch(r"≥ 26:\d\d", cell(page, "Noah Brandt", 1))
    assert cell(page, "Noah Brandt", 4) == "too few"
    assert cell(page, "Rosa Conti", 4) == "unknown"
    assert re.fullmatch(r"5 / \d\d", cell(page, "Farid Haddad", 5))
    assert re.fullmatch(r"\d:\d\d", cell(page, "Amara Okafor", 3))


def test_agents_sort_by_every_column_by_keyboard_and_back(page: Page, open_page: Open) -> None:
    open_page(WARNING)
    for column in ["State", "For", "Calls", "AHT", "Occupancy", "Missed / offers", "Agent"]:
        head = page.locator("thead th", has=page.get_by_role("button", name=column, exact=True))
        head.get_by_role("button").focus()
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", "ascending")
        up = names(page)
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", "descending")
        down = names(page)
        assert sorted(up) == sorted(down) == sorted(NAMES)
        assert up != down
        assert page.locator("[aria-sort]").count() == 1


def test_agents_of_whom_nothing_is_known_stand_last_either_way(page: Page, open_page: Open) -> None:
    open_page(WARNING, path="?sort=occupancy")
    assert set(names(page)[-2:]) == {"Noah Brandt", "Rosa Conti"}
    page.get_by_role("button", name="Occupancy", exact=True).click()
    assert set(names(page)[-2:]) == {"Noah Brandt", "Rosa Conti"}


def test_choice_of_sort_state_and_name_outlives_a_reload(page: Page, open_page: Open) -> None:
    open_page(WARNING)
    page.get_by_role("button", name="Calls", exact=True).click()
    page.get_by_role("button", name="3 wrap-up").click()
    page.get_by_label("Find an agent by name").fill("O")
    shown = names(page)
    assert shown
    assert set(shown) <= {"Daniel Roth", "Jonas Weber", "Quinn Doyle"}
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    assert names(page) == shown
    expect(page.get_by_role("button", name="3 wrap-up")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Find an agent by name")).to_have_value("O")


def test_find_ignores_case_and_accents_and_says_when_nobody_fits(page: Page, open_page: Open) -> None:
    open_page(CALM)
    find = page.get_by_label("Find an agent by name")
    find.fill("CHLOE")
    assert names(page) == ["Chloé Martin"]
    find.fill("nobody of this name")
    assert names(page) == []
    expect(page.locator("ql-agents-table .nobody")).to_have_text("No agent fits this choice.")


def test_wrong_choice_in_the_address_is_the_usual_one(page: Page, open_page: Open) -> None:
    open_page(CALM, path="?sort=-nonsense&show=<b>")
    assert names(page) == NAMES


def test_offline_agents_wait_behind_their_chip(page: Page, open_page: Open) -> None:
    open_page(CALM.but(agents="--" + CALM.agents[2:]))
    assert NAMES[0] not in names(page)
    page.get_by_role("button", name="2 offline").click()
    assert names(page) == NAMES[:2]


def test_html_in_a_name_is_text(page: Page, open_page: Open) -> None:
    evil = "<img src=x onerror=alert(1)> مريم"
    open_page(CALM.but(names=(evil, *NAMES[1:])))
    assert evil in names(page)
    assert page.locator("tbody img").count() == 0


def test_two_hundred_agents_tick_without_jank(page: Page, open_page: Open) -> None:
    """A tick makes no rows, moves none, and writes only the times in sight: two hundred agents cost about what twenty do. Bounds are
    counts, and times measured against the page's own with fewer agents, so that a busy machine does not decide."""
    server = open_page(crowd(200), path="?show=all&columns=calls+aht+occupancy+missed+talk+wrap+taken+made+online+free+break")
    assert page.locator("ql-agents-table tbody tr").count() == 200
    server.playing = server.beating = False  # the ticks alone are counted
    measure = """async () => {
        const body = document.querySelector("ql-agents-table tbody");
        const table = document.querySelector("ql-agents-table");
        const records = [];
        const watcher = new MutationObserver((found) => { records.push(...found); });
        watcher.observe(body, { childList: true, characterData: true, attributes: true, subtree: true });
        const times = [];
        for (let i = 1; i <= 21; i += 1) {
            const picture = Object.assign({}, table.picture, { now_ms: table.picture.now_ms + 1000 });
            const before = performance.now();
            table.draw(picture);
            document.body.offsetHeight;  // the layout that the tick causes
            times.push(performance.now() - before);
        }
        records.push(...watcher.takeRecords());
        watcher.disconnect();
        return {
            made: records.filter((each) => each.type !== "characterData").length, written: records.length / 21,
            median: times.sort((a, b) => a - b)[10],
        };
    }"""
    many = page.evaluate(measure)
    assert many["made"] == 0
    assert 10 < many["written"] < 80
    page.get_by_label("Find an agent by name").fill("am")
    few = page.evaluate(measure)
    assert page.locator("ql-agents-table tbody tr").count() < 40
    assert many["median"] < max(25, 8 * few["median"]), (many, few)
    page.get_by_label("Find an agent by name").fill("")
    last = page.locator("ql-agents-table tbody tr").last
    last.scroll_into_view_if_needed()
    server.playing = server.beating = True
    since = last.locator("td").nth(1)
    expect(since).not_to_have_text(since.inner_text(), timeout=WITHIN_MS)


def test_viewer_sees_who_is_in_what_state_and_nobodys_day(page: Page, open_page: Open) -> None:
    server = open_page(WARNING, role=Role.VIEWER)
    assert page.locator("ql-agents-table thead th").all_inner_texts() == ["Agent", "State", "For"]
    assert names(page) == NAMES
    assert '"calls_accepted":' not in page.content()
    assert page.locator(".choose, [data-performance]").count() == 0
    assert server.asked == 0


def test_performance_is_asked_again_when_the_agents_feed_answers(page: Page, open_page: Open) -> None:
    server = open_page(CALM)
    with page.expect_response("**/api/v1/agents?board=main", timeout=WITHIN_MS):
        pass
    assert server.asked >= 1


def test_performance_that_is_refused_is_not_asked_for_ever(page: Page, open_page: Open) -> None:
    server = open_page(CALM, performance_status=403, with_opening=False)
    page.wait_for_timeout(6500)  # three times the shortest pause between two questions
    assert server.asked == 1


@pytest.mark.parametrize(
    ("cause", "words"),
    [("redis", "memory (Redis) does not answer"), ("worker", "worker has stopped"), ("beat", "scheduler has stopped")],
)
def test_part_that_is_gone_is_named_and_the_page_heals(page: Page, open_page: Open, cause: str, words: str) -> None:
    server = open_page(CALM)
    server.cause = cause
    expect(page.locator("ql-notice .why")).to_contain_text(words, timeout=WITHIN_MS)
    expect(page.locator("body")).to_have_attribute("data-live", "no")
    expect(page.locator("ql-feeds tbody tr").first).to_contain_text("old")
    server.cause = None
    expect(page.locator("body")).to_have_attribute("data-live", "yes", timeout=WITHIN_MS)
    expect(page.locator("ql-notice")).to_be_hidden()


def test_refused_credentials_say_that_polling_has_stopped(page: Page, open_page: Open) -> None:
    server = open_page(CALM)
    server.show(CALM.but(stopped=True, problem=AUTH, started=datetime.now(UTC)))
    expect(page.locator("ql-notice .why")).to_have_text(AUTH["message"])
    expect(page.locator("ql-feeds tbody tr").first).to_contain_text("down")


def test_lost_server_is_said_and_the_wait_stands_still(page: Page, open_page: Open) -> None:
    server = open_page(WARNING)
    server.stop()
    expect(page.locator("ql-notice .why")).to_have_text("Queuelight's own server does not answer.", timeout=WITHIN_MS)
    figure = page.locator("[data-metric=longest_wait_time] .value span")
    frozen = figure.inner_text()
    page.wait_for_timeout(2200)
    assert figure.inner_text() == frozen
    expect(page.locator("[data-metric=longest_wait_time]")).to_have_class("is-stale")


def test_logged_out_is_said_with_the_way_back(page: Page, open_page: Open) -> None:
    server = open_page(CALM)
    server.send({"type": "bye", "reason": "revoked"})
    server.drop(4401)
    expect(page.locator("ql-notice .why")).to_contain_text("You are logged out", timeout=WITHIN_MS)
    expect(page.get_by_role("link", name="Log in again")).to_be_visible()


def test_one_old_feed_marks_its_own_numbers_alone(page: Page, open_page: Open) -> None:
    open_page(CALM.but(ages_s={"account_overview": 600.0}, failing=frozenset({"account_overview"})))
    expect(page.locator("[data-metric=total_calls]")).to_have_class("is-stale")
    expect(page.locator("[data-metric=calls_waiting]")).to_have_class("is-ok")
    expect(page.locator("ql-feeds tbody tr").nth(2)).to_contain_text("down")


def test_feeds_tell_interval_and_age(page: Page, open_page: Open) -> None:
    open_page(CALM)
    rows = page.locator("ql-feeds tbody tr")
    assert rows.count() == len(FEEDS)
    expect(rows.first).to_have_text(re.compile(r"Queue now1 slive · \d snone"))


def test_first_picture_comes_with_the_page_and_is_not_live(page: Page, open_page: Open) -> None:
    page.route_web_socket(re.compile(".*"), lambda socket: None)  # a socket that opens and says nothing
    open_page(CALM, live=False)
    expect(page.locator("[data-metric=calls_waiting] .value")).to_have_text("4")
    expect(page.locator("body")).to_have_attribute("data-live", "no")


def test_page_opened_without_redis_fills_when_the_frame_comes(page: Page, open_page: Open) -> None:
    open_page(CALM, with_opening=False)
    expect(page.locator("[data-metric=calls_waiting] .value")).to_have_text("4")
    assert names(page) == NAMES


def test_charts_compare_with_the_same_weekday_over_the_span_that_was_chosen(page: Page, open_page: Open) -> None:
    server = open_page(WARNING)
    calls = page.locator("ql-compared[data-name=calls]")
    wait = page.locator("ql-compared[data-name=wait]")
    expect(calls.locator(".bars .point")).not_to_have_count(0, timeout=WITHIN_MS)
    expect(wait.locator(".js-line").first).to_be_visible(timeout=WITHIN_MS)
    expect(page.get_by_role("heading", name="Inbound calls per 15 min")).to_be_visible()
    expect(calls.locator(".figure")).to_have_attribute(
        "aria-label", re.compile(r"Inbound, today: highest \d+ at .*last Saturday: highest .*No data for")
    )
    expect(page.locator(".plot").nth(1).locator(".legend")).to_have_text("todayabandonedlast Saturdayno data")
    assert {each["span"] for each in server.past_asked} == {"today"}
    blue = wait.evaluate("(it) => getComputedStyle(it).getPropertyValue('--chart-now')")
    page.get_by_role("button", name="7 d", exact=True).click()
    expect(page.get_by_role("heading", name="Inbound calls per hour")).to_be_visible(timeout=WITHIN_MS)
    assert "span=7d" in page.url
    server.past_status = 503
    page.get_by_role("button", name="1 h", exact=True).click()
    expect(calls.locator(".words")).to_have_text("No chart: the server answered 503. Trying again.", timeout=WITHIN_MS)
    expect(calls.locator(".figure")).to_be_hidden()
    server.past_status = 200
    expect(calls.locator(".bars .point")).not_to_have_count(0, timeout=WITHIN_MS + 5000)
    server.cause = "redis"
    expect(page.locator("body")).to_have_attribute("data-live", "no", timeout=WITHIN_MS)
    assert wait.evaluate("(it) => getComputedStyle(it).getPropertyValue('--chart-now')") != blue
    before = page.evaluate("document.documentElement.dataset.theme")
    page.get_by_role("button", name="Dark or light").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") != before
    expect(page.get_by_role("button", name="1 h", exact=True)).to_have_attribute("aria-pressed", "true")


def test_team_plan_draws_all_calls_and_says_so(page: Page, open_page: Open) -> None:
    server = open_page(whole_day(CALM, professional=False), professional=False)
    expect(page.get_by_role("heading", name="Calls, inbound and outbound, per 15 min")).to_be_visible(timeout=WITHIN_MS)
    assert "total_calls" in {each["metrics"] for each in server.past_asked}
    apart = page.get_by_role("group", name="Not on your plan")
    expect(apart.locator("[data-term=abandon_ratio]")).to_contain_text("not on plan")
    expect(page.get_by_role("group", name="Waits")).to_contain_text("Average queue wait today")
    expect(page.get_by_role("group", name="Waits").locator("[data-term=abandon_ratio]")).to_have_count(0)
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Transfers in (Professional)").check()
    page.get_by_label("AHT").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Transfers in (Professional)")).to_be_hidden()
    heads = page.locator("ql-agents-table thead th").all_inner_texts()
    assert heads == ["Agent", "State", "For", "Calls", "Occupancy", "Missed / offers", "Transfers in"]
    assert cell(page, "Amara Okafor", 5) == "not on plan"
    page.goto(server.address)  # another visit, without the address: this machine remembers
    expect(page.locator("ql-agents-table thead th")).to_have_text(heads)


def test_meanings_come_by_keyboard_and_go_by_escape(page: Page, open_page: Open) -> None:
    open_page(whole_day(CALM))
    name = page.get_by_role("button", name="Voicemails today", exact=True)
    tip = page.locator("#tip-total_voicemails")
    expect(tip).to_be_hidden()
    name.focus()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Calls that ended in voicemail today, for any reason.")
    expect(tip).to_contain_text("total_voicemails of account_overview")
    expect(name).to_have_accessible_description(re.compile("voicemail today, for any reason"))
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(name).to_be_focused()


def test_every_table_and_chart_is_saved_as_csv_and_png(page: Page, open_page: Open) -> None:
    evil = '=HYPERLINK("http://x","a"),b'
    open_page(whole_day(WARNING).but(names=(evil, *NAMES[1:]), incidents=(incident(),)), path="?sort=-calls")
    expect(page.locator("ql-compared[data-name=calls] .bars .point")).not_to_have_count(0, timeout=WITHIN_MS)
    sheets = page.locator("[data-sheet]").evaluate_all("(nodes) => nodes.map((node) => node.dataset.sheet)")
    assert sheets == ["incidents", "queue", "today", "agents", "wait", "calls", "day", "feeds", "quality", "budget"]
    files = {(sheet, kind): saved(page, sheet, kind) for sheet in sheets for kind in ("csv", "png")}
    for (sheet, kind), (name, content) in files.items():
        assert re.fullmatch(rf"queuelight-main-[\w-]+-20\d\d-\d\d-\d\d-\d{{4}}\.{kind}", name), sheet
        if kind == "png":
            assert content.startswith(b"\x89PNG\r\n\x1a\n"), sheet
            assert len(content) > 4000, f"{sheet}: a picture with something in it"
        else:
            assert content.startswith("\ufeff".encode()), sheet
    agents = rows(files["agents", "csv"][1])
    heads = ["Agent", "State", "For (s)", "Since", "At least", "Calls", "AHT (s)", "Occupancy (0 to 1)", "Missed", "Offers"]
    assert agents[0] == heads
    assert [row[0] for row in agents[1:]] == [name if name != evil else "'" + evil for name in names(page)]
    assert all(re.fullmatch(r"\d+", row[2]) for row in agents[1:])
    assert all(datetime.fromisoformat(row[3]).tzinfo is not None for row in agents[1:])
    assert [row[4] for row in agents[1:] if row[0] == "Noah Brandt"] == ["at least"]
    assert next(row for row in agents if row[0] == "Noah Brandt")[7] == "", "too few calls: no number"
    calls = rows(files["calls", "csv"][1])
    assert len(calls) == 97
    assert calls[0][1:3] == ["Inbound, in the step", "Inbound, in the step, 7 days before"]
    assert {row[-1] for row in calls[1:]} == {"", "corrected by the source", "still running"}
    queue = rows(files["queue", "csv"][1])
    assert queue[1][0] == "Longest wait"
    assert queue[1][5] == "Warning"
    expect(page.locator("#told")).to_contain_text("Saved: queuelight-main-budget")


def saved(page: Page, sheet: str, kind: str) -> tuple[str, bytes]:
    with page.expect_download(timeout=WITHIN_MS) as waiting:
        page.locator(f"[data-sheet={sheet}] [data-save={kind}]").click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_severity_is_told_once_and_seconds_are_not(page: Page, open_page: Open) -> None:
    """What a screen reader hears: nothing while the page ticks, one sentence when a number changes its severity."""
    server = open_page(CALM)
    page.evaluate(
        """() => {
            window.heard = [];
            const tell = (records) => { for (const record of records) window.heard.push(record.target.textContent); };
            const live = document.querySelectorAll("[role=status], [role=alert], [aria-live]");
            for (const node of live) new MutationObserver(tell).observe(node, { childList: true, characterData: true, subtree: true });
        }"""
    )
    tick = page.locator("ql-clock small")
    for _ in range(3):
        expect(tick).not_to_have_text(tick.inner_text())
    assert page.evaluate("window.heard") == []
    server.show(CRITICAL.but(started=datetime.now(UTC)))
    expect(page.locator("#said")).to_have_text(
        re.compile(r"Longest wait critical: 7:4\d, target ≤ 2:00\. Calls waiting critical: 17, target ≤ 6\.")
    )
    server.show(CALM.but(started=datetime.now(UTC)))
    expect(page.locator("#said")).to_have_text(re.compile(r"Longest wait on target again: 0:4\d, target ≤ 2:00\."))
    assert len(page.evaluate("window.heard")) == 2


@pytest.mark.parametrize("shown", ["first", "none"])
def test_board_that_shows_no_full_names_tells_them_to_supervisors_alone(page: Page, open_page: Open, shown: str) -> None:
    short = CALM.but(names=tuple(name.split()[0] for name in NAMES))
    server = open_page(short, full_names=tuple(NAMES), names_shown=shown)
    assert names(page) == NAMES
    assert re.fullmatch(r"\d+:\d\d", cell(page, "Amara Okafor", 1))
    server.role = Role.VIEWER
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    assert names(page) == ([] if shown == "none" else [name.split()[0] for name in NAMES])


def test_board_is_chosen_from_all_there_are(page: Page, open_page: Open) -> None:
    open_page(CALM, boards=[("main", "Support line"), ("sales", "<b>Sales</b> مبيعات")])
    with page.expect_navigation():
        page.get_by_label("Board", exact=True).select_option("sales")
    assert page.url.endswith("/?board=sales")


WIDTHS = [390, 820, 1100, 1366, 1440, 1920, 2560]


@pytest.mark.parametrize("scene", [CRITICAL, crowd(200)], ids=["critical", "crowd"])
def test_page_fits_every_width(page: Page, open_page: Open, scene: Scene) -> None:
    open_page(whole_day(scene))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_page_shows_a_bound_rather_than_part_of_a_number(page: Page, open_page: Open) -> None:
    open_page(whole_day(CALM).but(values=dict.fromkeys(whole_day(CALM).values, 9_999_999_999)))
    expect(page.locator("[data-metric=calls_waiting] .value")).to_have_text("> 999,999")
    expect(page.locator("[data-metric=longest_wait_time] .value")).to_have_text("> 99:59:59")
    cut = "nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.textContent)"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.locator(".summary .value").evaluate_all(cut) == [], width


def test_page_marks_a_source_that_contradicts_itself(page: Page, open_page: Open) -> None:
    open_page(CONTRADICTION)
    expect(page.locator("[data-metric=longest_wait_time] .verdict")).to_have_text("Zendesk contradicts itself", timeout=WITHIN_MS)
    expect(page.locator("[data-metric=longest_wait_time] .value")).to_have_text("15:00")
    expect(page.locator("ql-consistency b")).to_have_text("contradicts")


@pytest.mark.parametrize("path", ["", "sheet/accounts/login.html"])
def test_page_is_dark_whatever_the_system_wishes(page: Page, open_page: Open, path: str) -> None:
    page.emulate_media(color_scheme="light")
    open_page(CALM, path=path, live=False)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def choose_theme(page: Page, theme: str) -> None:
    """As somebody who chose it on this machine earlier."""
    page.add_init_script(f'localStorage.setItem("queuelight-theme", "{theme}")')


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("scene", [WARNING, CRITICAL, TEAM_PLAN.but(agents="a-owt?" * 3)], ids=["warning", "critical", "team"])
def test_page_is_accessible(page: Page, open_page: Open, scene: Scene, theme: Any) -> None:
    choose_theme(page, theme)
    open_page(scene, path="?show=all")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_page_that_is_not_live_is_accessible(page: Page, open_page: Open, theme: Any) -> None:
    choose_theme(page, theme)
    server = open_page(WARNING)
    server.cause = "redis"
    expect(page.locator("body")).to_have_attribute("data-live", "no", timeout=WITHIN_MS)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", ["accounts/login.html", "accounts/password.html", "accounts/locked_out.html", "error.html"])
def test_sheets_are_accessible(page: Page, open_page: Open, name: str, theme: Any) -> None:
    choose_theme(page, theme)
    open_page(CALM, path=f"sheet/{name}", live=False)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


def test_menu_opens_and_closes_by_keyboard(page: Page, open_page: Open) -> None:
    open_page(CALM)
    page.get_by_label("Your account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
