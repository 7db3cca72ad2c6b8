"""Screens while Redis is away: pages open and say so, no code is taken, orders that are lost are said to be."""

from __future__ import annotations

import pytest
from django.test import Client

from dashboard.models import Screen
from dashboard.screens.add_views import NO_REDIS
from tests.screens.conftest import Tv, errors, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "no_redis")]


def test_add_takes_no_code_and_says_why(tv: Tv, desk: Client) -> None:
    refused = typed(desk, tv.open())
    assert (refused.status_code, errors(refused)[-1]) == (503, NO_REDIS)
    assert not Screen.objects.exists()


def test_fleet_opens_and_says_that_nobody_knows_and_orders_are_not_pretended(desk: Client) -> None:
    screen = Screen.objects.create(name="Reception", key_digest="1")
    page = desk.get("/screens/").content.decode()
    assert "Redis does not answer" in page
    told = desk.post(f"/screens/{screen.pk}/flash/", follow=True).content.decode()
    assert "could not be told" in told
    assert desk.post(f"/screens/{screen.pk}/remove/").status_code == 302
    screen.refresh_from_db()
    assert screen.revoked_at is not None  # the web processes see it in the database within two seconds
