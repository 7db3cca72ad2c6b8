"""What the vendor refuses to credentials that are not an administrator's, or not allowed to see every ticket: told in its words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from config.env import ZendeskEnv
from dashboard.models import DeskAct, Role
from dashboard.sources import registry
from tests.desk.desk_floor import allow_changes, made
from tests.emulator.running import RunningEmulator
from tests.incidents.floor import LogIn, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


@pytest.fixture
def sign_in(still: RunningEmulator, settings: Any) -> Iterator[Any]:
    """Queuelight signs in at the vendor as an agent, or as one who sees their own groups' tickets alone."""

    def as_role(role: str) -> None:
        registry.close_all()
        email, token = getattr(still.settings, f"{role}_email"), getattr(still.settings, f"{role}_token")
        settings.ENV = replace(settings.ENV, zendesk=ZendeskEnv(still.url, email=email, api_token=token))

    yield as_role
    registry.close_all()


def test_refusals_of_the_vendor_are_told_in_its_words_and_nothing_is_lost(still: RunningEmulator, log_in: LogIn, sign_in: Any) -> None:
    allow_changes()
    own, foreign = made(still, 2)
    boss = log_in(Role.ADMINISTRATOR)
    sign_in("agent")
    asking: Any = boss.post(f"/desk/{own}/act/", {"do": "delete"}, follow=True)
    sealed = re.search(r'name="agreed" value="([^"]*)"', asking.content.decode())
    assert sealed is not None
    refused = text_of(boss.post(f"/desk/{own}/act/", {"agreed": html.unescape(sealed.group(1))}, follow=True))
    for words in ("This was not done", "may not make this change (403)", "In its own words:", "Try mine again"):
        assert words in refused, refused
    assert DeskAct.objects.get().state == "failed"

    auth = (f"{still.settings.email}/token", still.settings.api_token)
    groups = still.http.get("/api/v2/groups.json", auth=auth).json()["groups"]
    sign_in("restricted")
    seen: list[int] = []
    for group in groups:
        for ticket_id in (own, foreign):
            still.http.put(f"/api/v2/tickets/{ticket_id}", json={"ticket": {"group_id": group["id"]}}, auth=auth)
        page = boss.get(f"/desk/{own}/")
        if "as Zendesk has it" in text_of(page):
            seen.append(group["id"])
        else:
            assert "is not shown to our credentials" in text_of(page)
            form = text_of(boss.post(f"/desk/{own}/act/", {"do": "update", "priority": "low"}, follow=True))
            assert f"Zendesk knows no ticket {own}" in form
    assert 0 < len(seen) < len(groups)
