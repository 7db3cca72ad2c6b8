"""The desk in a real browser: the list ticks and stays fresh under somebody's hands, a change meets a conflict, many change in a job."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis as redis_py
from playwright.sync_api import Page, expect

from dashboard.desk import jobs
from dashboard.models import DeskAct, KnownTicket
from dashboard.sources import registry
from dashboard.sources.registry import ACCOUNT
from tests.desk.desk_floor import EVIL, allow_changes, ask_of, clock, known, made, read, still_vendor
from tests.desk.test_left import VECTORS
from tests.e2e.test_rules import Open, open_page, orm_beside_a_browser, violations
from tests.emulator.running import RunningEmulator

__all__ = ["open_page", "orm_beside_a_browser"]
WITHIN_MS = 20_000
SHOTS = os.environ.get("QUEUELIGHT_SHOTS", "")


@pytest.fixture(scope="module")
def vendor() -> Iterator[RunningEmulator]:
    with still_vendor() as emulator:
        yield emulator


@pytest.fixture
def still(vendor: RunningEmulator, open_page: Open, settings: Any, redis: redis_py.Redis) -> Iterator[RunningEmulator]:
    """The account is that of a vendor at which nobody works. `open_page` comes first: it brings the database."""
    ask_of(vendor, settings, redis)
    yield vendor
    registry.close_all()


NARROWEST_SUBJECT_PX = """Math.min(1000, ...[...document.querySelectorAll('.tickets tbody th, .trash tbody th')]
    .map((each) => each.getBoundingClientRect().width))"""


def look(page: Page, name: str, themes: tuple[str, ...] = ("dark",)) -> None:
    """Nothing that axe finds, nothing that leaves the page sideways, wide, on a tablet and narrow; every subject can be read."""
    for theme in ("dark", "light") if SHOTS else themes:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(() => true)")
        assert violations(page) == [], (name, theme)
        for width in (1366, 768, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert page.evaluate(NARROWEST_SUBJECT_PX) >= 150, (name, width)
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/desk-{name}-{theme}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1366, "height": 900})


def test_list_ticks_and_stays_fresh_without_losing_choice_or_place(open_page: Open) -> None:
    now = datetime.now(UTC)
    read("tickets", now)
    for ticket_id, left_s, state in ((1, 3, "running"), (2, 5000, "running"), (3, 60, "paused"), (4, -7200, "running")):
        known(ticket_id, now, subject=EVIL if ticket_id == 1 else f"Subject {ticket_id}", tags=["<b>"])
        clock(ticket_id, now, timedelta(seconds=left_s), state=state)
    page = open_page("/desk/")
    first = page.locator("tr[data-ticket='1']")
    expect(first.locator(".left")).to_have_class("left is-missed", timeout=WITHIN_MS)
    expect(first.locator(".left b")).to_have_text(re.compile(r"^missed by 0:\d\d$"))
    expect(first.get_by_role("link")).to_have_text(EVIL)
    expect(page.locator("tr[data-ticket='2'] .left b")).to_have_text(re.compile(r"^1:2\d:\d\d left$"))
    expect(page.locator("tr[data-ticket='3'] .left b")).to_have_text("paused")
    look(page, "list", ("light", "dark"))

    page.get_by_role("link", name="Subject 4").focus()
    page.keyboard.press("ArrowDown")
    expect(first.get_by_role("link")).to_be_focused()
    page.keyboard.press(" ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#chosen-count")).to_have_text("1 chosen.")
    KnownTicket.objects.filter(ticket_id=1).update(status="solved")
    KnownTicket.objects.filter(ticket_id=2).update(priority="urgent", subject="Now urgent")
    known(5, datetime.now(UTC), subject="New here")
    # What the page does every 15 s while it is looked at, it does at once when somebody comes back to it.
    page.evaluate("Date.now = ((before) => () => before() + 16000)(Date.now); document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("link", name="New here")).to_be_visible(timeout=WITHIN_MS)
    expect(first).to_have_count(0)
    expect(page.get_by_role("link", name="Now urgent")).to_be_focused()
    expect(page.locator("#chosen-count")).to_have_text("1 chosen, 1 of them no longer on this page.")
    page.keyboard.press(" ")
    chosen_url = page.url
    page.locator("summary").filter(has_text="Assignee").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("nobody")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(page.locator("summary").filter(has_text="Assignee")).to_have_text(re.compile("nobody"))
    expect(page.locator("summary").filter(has_text="Assignee")).to_be_focused()
    page.locator("summary").filter(has_text="Status").click()
    look(page, "filter", ("light", "dark"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/desk/?assignee=0&status=open")
    expect(page.get_by_role("link", name="Show all")).to_be_visible()
    page.goto(chosen_url)
    for name in ("Now urgent", "New here"):
        page.get_by_role("link", name=name).focus()
        page.keyboard.press(" ")
    page.get_by_role("button", name="Change the chosen ones…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 chosen tickets")
    assert page.url.endswith(("/desk/bulk/?id=2&id=5", "/desk/bulk/?id=5&id=2"))


def test_change_meets_a_conflict_and_many_tickets_change_in_a_job(open_page: Open, still: RunningEmulator, redis: redis_py.Redis) -> None:
    allow_changes()
    ids = made(still, 3)
    auth = (f"{still.settings.email}/token", still.settings.api_token)
    still.http.put(f"/api/v2/tickets/{ids[2]}", json={"ticket": {"type": "problem", "subject": EVIL}}, auth=auth)
    now = datetime.now(UTC)
    clock(ids[0], now, timedelta(minutes=-20))
    read("events", now)
    page = open_page(f"/desk/{ids[0]}/")
    expect(page.locator(".bars .left b")).to_have_text(re.compile(r"^missed by 20:\d\d$"))
    page.get_by_text("Merge", exact=True).click()
    page.get_by_label("Into ticket").fill("987654")
    page.get_by_label("Comment for the one that stays").fill("kept words")
    page.get_by_role("button", name="Merge…").click()
    expect(page.locator(".form-error")).to_be_focused(timeout=WITHIN_MS)
    expect(page.locator(".form-error")).to_contain_text("knows no ticket 987654")
    expect(page.get_by_label("Comment for the one that stays")).to_have_value("kept words")
    assert page.url.endswith(f"/desk/{ids[0]}/")  # as if it had been asked for just now
    look(page, "refused", ("light", "dark"))
    page.reload()
    expect(page.locator(".form-error")).to_have_count(0)
    expect(page.get_by_label("Comment for the one that stays")).to_have_value("kept words", timeout=WITHIN_MS)
    page.locator(".draft").get_by_role("button", name="Clear it").click()
    field = page.get_by_label("Incident of problem")
    field.type("alert")
    expect(page.locator(".found-problems li")).to_have_text(re.compile(re.escape(EVIL)), timeout=WITHIN_MS)
    field.press("ArrowDown")
    look(page, "ticket", ("light", "dark"))
    field.press("Enter")
    expect(field).to_have_value(str(ids[2]))
    page.get_by_label("Priority", exact=True).select_option("urgent")
    page.get_by_role("button", name="Go on…").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator(".draft")).to_contain_text("What you typed before is still here.", timeout=WITHIN_MS)
    expect(page.get_by_label("Incident of problem")).to_have_value(str(ids[2]))
    page.get_by_role("button", name="Go on…").click()
    expect(page.get_by_role("listitem").filter(has_text="priority from normal to urgent")).to_be_visible()
    look(page, "ask")
    still.clock.skip(5)
    still.http.put(f"/api/v2/tickets/{ids[0]}", json={"ticket": {"priority": "high"}}, auth=auth)
    page.get_by_role("button", name=f"Change ticket {ids[0]}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Somebody was faster", timeout=WITHIN_MS)
    expect(page.get_by_role("row").filter(has_text="Priority")).to_contain_text("high")
    look(page, "conflict")
    page.get_by_role("button", name="Try mine again…").click()
    page.get_by_role("button", name=f"Change ticket {ids[0]}").dblclick()
    expect(page.locator(".told.success")).to_contain_text(f"Done: change ticket {ids[0]}.", timeout=WITHIN_MS)
    expect(page.locator(".behind")).to_contain_text("is not in them yet")
    expect(page.locator(".draft")).to_have_count(0)
    clock(ids[0], now, timedelta(minutes=40), metric="agent_work_time")
    read("events", datetime.now(UTC) + timedelta(minutes=1))
    expect(page.locator(".bars .left b").last).to_have_text(re.compile("left$"), timeout=WITHIN_MS)  # without loading the page
    expect(page.locator(".behind")).to_have_text("")
    page.go_back()  # to the question: what became of it
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Change ticket {ids[0]}", timeout=WITHIN_MS)
    expect(page.locator("#state")).to_have_text("done")
    page.reload()
    expect(page.locator("#state")).to_have_text("done")
    ticket = registry.tickets(ACCOUNT).show(ids[0])
    assert (ticket.priority, ticket.problem_id) == ("urgent", ids[2])
    assert list(DeskAct.objects.order_by("pk").values_list("state", flat=True)) == ["conflict", "done"]

    open_page(f"/desk/bulk/?id={ids[0]}&id={ids[1]}")
    page.get_by_label("Add tags").fill("storm")
    page.get_by_label("Comment", exact=True).fill(f"{EVIL} " * 300)
    page.get_by_role("button", name="Go on…").click()
    look(page, "ask-long")
    still.clock.skip(5)
    still.http.put(f"/api/v2/tickets/{ids[1]}", json={"ticket": {"priority": "low"}}, auth=auth)
    page.get_by_role("button", name="Change 2 tickets").click()
    expect(page.locator("#state")).to_have_text("under way at Zendesk", timeout=WITHIN_MS)
    look(page, "progress")
    still.clock.skip(30)
    while not jobs.follow(redis, datetime.now(UTC)):
        still.clock.skip(5)
    expect(page.locator("#state")).to_have_text("done, but 1 of 2 failed", timeout=WITHIN_MS)
    expect(page.locator(".failed")).to_contain_text(f"Ticket {ids[1]}: changed by somebody else in the meantime.")
    for name in ("log", "trash", "switch"):
        open_page(f"/desk/{name}/")
        look(page, name)


def test_time_left_each_vector_gives_its_words(open_page: Open) -> None:
    page = open_page("/login/")
    found = page.evaluate(
        "async (cases) => { const { left } = await import('/static/js/tickets/left.js'); return cases.map((each) => left(each * 1000)); }",
        [case["left_s"] for case in VECTORS],
    )
    assert found == [{"word": case["word"], "text": case["text"]} for case in VECTORS]
