"""An installation with a Kayako and no Zendesk: every page is there, and speaks of what there is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import redis as redis_py
from django.test import Client
from django.utils import timezone

from config.env import KayakoEnv
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import Reading
from dashboard.domain.readings_tickets import KayakoCases
from dashboard.live.publish import publish_boards
from dashboard.models import Board, Role
from dashboard.store import snapshots
from dashboard.widgets import defaults

PAGES = (
    "/",
    "/wall/kayako/",
    "/boards/",
    "/boards/kayako/edit/",
    "/rewind/kayako/",
    "/history/",
    "/incidents/",
    "/rules/",
    "/desk/",
    "/desk/trash/",
    "/screens/",
    "/api/v1/feeds",
    "/api/v1/agents?board=kayako",
    "/api/v1/boards/kayako/frame",
    "/api/v1/metrics/cases_unresolved/history",
    "/api/v1/metrics/calls_waiting/history",
    "/metrics",
    "/readyz",
)


@pytest.mark.django_db
def test_every_page_answers_without_a_phone(
    settings: Any, redis: redis_py.Redis, log_in: Callable[[Role], Client], plain_static: None
) -> None:
    settings.ENV = replace(settings.ENV, kayako=KayakoEnv("https://example.kayako.com", oauth_token="x"))
    Board.objects.create(slug="kayako", title="Kayako", widgets=defaults.kayako())
    feed, now = Feed("kayako", Endpoint.CASES), timezone.now()
    snapshots.save_reading(redis, feed, Reading(KayakoCases(cases_unresolved=31), now - timedelta(seconds=20)))
    snapshots.save_outcome(redis, feed, snapshots.Outcome(now - timedelta(seconds=20)))
    publish_boards(redis, now)
    browser = log_in(Role.ADMINISTRATOR)

    answers = {page: browser.get(page) for page in PAGES}

    assert {page: answer.status_code for page, answer in answers.items() if answer.status_code not in {200, 302, 503}} == {}
    frame = json.loads(answers["/api/v1/boards/kayako/frame"].content)["frame"]
    assert (frame["source"]["name"], frame["source"]["state"], list(frame["feeds"])) == ("Kayako", "live", ["kayako:kayako_cases"])
    assert frame["metrics"]["cases_unresolved"]["value"] == 31
    page = answers["/"].content.decode()
    assert "what is asked of Kayako, and" in page
    assert 'data-beside="cases_unresolved"' in page
    assert not re.search(r"data-beside=.tickets|class=.of-phone.>|id=.day-title|data-name=.calls", page)
    assert "No Zendesk account is set up here" in answers["/desk/"].content.decode()
