"""The pages of incidents in a real browser: seen, acted upon, kept fresh, and open to everybody's senses."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.alerts import acting, mail_server
from dashboard.alerts.box import Box
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident
from tests.e2e.test_rules import Open, open_page, orm_beside_a_browser, violations
from tests.incidents.floor import a_rule, remembered
from tests.incidents.records import LETTER, opened, resolved

__all__ = ["open_page", "orm_beside_a_browser"]
WITHIN_MS = 15_000
SHOTS = os.environ.get("QUEUELIGHT_SHOTS", "")


@pytest.fixture
def incident(open_page: Open) -> Incident:
    """A critical one, eight minutes old, with a day of history before it. `open_page` comes first: it brings the database."""
    remembered(1, spikes=dict.fromkeys(range(1, 9), 462.0))
    return opened(a_rule(name="Longest wait", scope_name="Support line"), ago=timedelta(minutes=8), severity=Severity.CRITICAL)


def test_incident_is_acknowledged_with_a_note_snoozed_and_noted(open_page: Open, incident: Incident) -> None:
    page = open_page(f"/incidents/{incident.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Longest wait 7:42 on Support line, at or above 3:00")
    expect(page.locator("ql-past .main-svg").first).to_be_visible(timeout=WITHIN_MS)
    page.get_by_label("Note (optional)").fill("calling the night team")
    page.get_by_label("Note (optional)").press("Enter")
    expect(page.get_by_text("You have it now.")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("calling the night team")
    assert page.locator("input[name=zone]").input_value() == page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    page.get_by_role("button", name="Tomorrow 8:00").click()
    expect(page.locator("#headline")).to_contain_text(re.compile(r"acknowledged · snoozed until \w+ \d+ \w+ \d\d:\d\d"))
    page.get_by_label("For whoever looks later").fill("<b>IVR</b> was down")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".timeline")).to_contain_text("<b>IVR</b> was down")
    page.get_by_role("button", name="Give it back").click()
    expect(page.locator("#headline")).to_contain_text("Critical · open")


def test_page_shows_what_others_did_and_leaves_words_in_hand_alone(open_page: Open, incident: Incident) -> None:
    page = open_page(f"/incidents/{incident.pk}/")
    page.get_by_label("For whoever looks later").fill("half a sente")
    acting.acknowledge(incident.pk, "ravi@example.com", "mine", datetime.now(UTC))
    expect(page.locator(".timeline")).to_contain_text("Acknowledged by ravi@example.com", timeout=WITHIN_MS)
    expect(page.locator("#headline")).to_contain_text("acknowledged")
    assert page.get_by_label("For whoever looks later").input_value() == "half a sente"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_pages_are_accessible_and_fit(open_page: Open, incident: Incident, theme: str, settings: Any, tmp_path: Path) -> None:
    resolved(a_rule(name="W" * 80), ago=timedelta(hours=5))
    acting.note(incident.pk, "dana@example.com", "a note", datetime.now(UTC))
    taken = opened(a_rule(name="Taken"), severity=Severity.CRITICAL)
    acting.acknowledge(taken.pk, "dana@example.com", "", datetime.now(UTC))
    mail_server.note_away("The mail server did not answer.", datetime.now(UTC), 0.5)
    settings.DATA_DIR = tmp_path
    Box(tmp_path / "mail").put("<" + "a" * 32 + "@example.com>", LETTER)
    pages = {"list": "/incidents/", "incident": f"/incidents/{incident.pk}/", "taken": f"/incidents/{taken.pk}/"}
    page = open_page("/login/")
    page.evaluate(f"localStorage.setItem('queuelight-theme', '{theme}')")
    for name, path in (pages | {"mail": "/mail/", "letter": f"/mail/{'a' * 32}/"}).items():
        open_page(path)
        if name == "incident":
            expect(page.locator("ql-past .main-svg").first).to_be_visible(timeout=WITHIN_MS)
        assert violations(page) == [], name
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{theme}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1366, "height": 900})
