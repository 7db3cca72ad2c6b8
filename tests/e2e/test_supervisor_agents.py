"""The agents of the supervisor's page in a real browser: who, in what state since when, and what each did today."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.models import Role
from tests.e2e.frames import CALM, NAMES, WARNING, crowd
from tests.e2e.supervisor_page import Open

WITHIN_MS = 10_000


def names(page: Page) -> list[str]:
    return page.locator("ql-agents-table tbody th").all_inner_texts()


def cell(page: Page, name: str, column: int) -> str:
    return page.locator("ql-agents-table tbody tr", has=page.get_by_role("rowheader", name=name)).locator("td").nth(column).inner_text()


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


@pytest.mark.parametrize(
    ("many", "said"),
    [
        (0, "Zendesk lists no agents."),
        (1, "Nobody is signed in: the only agent is offline."),
        (18, "Nobody is signed in: all 18 agents are offline."),
    ],
)
def test_floor_without_anybody_says_so_in_a_sentence(page: Page, open_page: Open, many: int, said: str) -> None:
    open_page(CALM.but(agents="-" * many, names=tuple(NAMES[:many])))
    expect(page.locator("ql-agents-table .nobody")).to_have_text(said)
    assert names(page) == []
    expect(page.get_by_role("button", name=f"All {many}")).to_be_visible()


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
            least_ms: Math.min(...times),  // what the work costs; the others say what else the machine did
        };
    }"""
    many = page.evaluate(measure)
    assert many["made"] == 0
    assert 10 < many["written"] < 80
    # The agent who stood first for longest begins something else and goes to the end: one row is taken out and put in, no other moves.
    moved = page.evaluate("""() => {
        const table = document.querySelector("ql-agents-table");
        table.choose({ sort: "for", descending: true });
        const first = table.shown[0].id;
        const watcher = new MutationObserver(() => {});
        watcher.observe(table.querySelector("tbody"), { childList: true });
        const { frame, now_ms } = table.picture;
        const since = new Date(now_ms).toISOString();
        const agents = frame.agents.map((agent) => (agent.id === first ? Object.assign({}, agent, { since }) : agent));
        table.draw(Object.assign({}, table.picture, { frame: Object.assign({}, frame, { agents }) }));
        const rows = watcher.takeRecords().length;
        watcher.disconnect();
        const last = table.shown[table.shown.length - 1].id === first;
        table.choose({ sort: "name", descending: false });
        return { rows, last };
    }""")
    assert moved == {"rows": 2, "last": True}
    page.get_by_label("Find an agent by name").fill("am")
    few = page.evaluate(measure)
    assert page.locator("ql-agents-table tbody tr").count() < 40
    assert many["least_ms"] < max(25, 8 * few["least_ms"]), (many, few)
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
