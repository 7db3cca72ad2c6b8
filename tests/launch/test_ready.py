"""What `manage.py up` reads from /readyz: held to the view itself."""

from __future__ import annotations

import json

import pytest
import redis as redis_py
from django.test import Client

from dashboard.launch.ready import ask, understand
from dashboard.launch.redis_server import free_port


@pytest.mark.django_db
def test_understand_of_the_view_with_nothing_running_names_the_parts(client: Client, redis: redis_py.Redis) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    found = understand(json.loads(answer.content))
    assert not found.ok
    assert found.missing == ("beat", "worker", "poll")
    assert not found.only_the_vendor
    assert all(reason.endswith(".") for reason in found.reasons.values())


def test_understand_of_all_parts_is_ready() -> None:
    assert understand({"ready": True, "parts": {"redis": {"ok": True, "message": "fine"}}}).ok


def test_understand_of_a_missing_first_poll_is_only_the_vendor() -> None:
    parts = {"redis": {"ok": True, "message": ""}, "poll": {"ok": False, "message": "Nothing has been polled yet."}}
    assert understand({"ready": False, "parts": parts}).only_the_vendor


@pytest.mark.parametrize("answer", [None, [], {}, {"ready": True}, {"ready": "yes", "parts": {}}, {"ready": True, "parts": []}])
def test_understand_of_anything_else_is_a_missing_web_server(answer: object) -> None:
    assert understand(answer).missing == ("web",)


def test_understand_of_a_part_that_is_no_object_is_not_ready() -> None:
    assert understand({"ready": True, "parts": {"redis": True}}).missing == ("redis",)


def test_ask_where_nobody_listens_is_a_missing_web_server() -> None:
    assert ask("127.0.0.1", free_port()).missing == ("web",)
