"""What is for supervisors alone reaches them, and no floor's TV: over sockets, by HTTP, and in the pages' first picture."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from dashboard.accounts.access import SCREEN_COOKIE
from dashboard.accounts.keys import digest_of
from dashboard.live import patch
from dashboard.live.audience import frame_for_floor, text_for_floor
from dashboard.live.hub import Pace
from dashboard.live.messages import encode
from dashboard.live.publish import publish_boards
from dashboard.models import ApiToken, Role, User
from dashboard.store import keys
from tests.live.conftest import Floor
from tests.live.serving import Viewer, serving, until

DARK = {
    "id": 9,
    "rule": "Screen dark",
    "kind": "screen",
    "severity": "warning",
    "state": "open",
    "since": "2026-11-21T09:00:00Z",
    "about": "Screen dark",
    "text": "Screen Managers’ office has shown nothing since 09:00.",
}


def goes_dark(floor: Floor, *incidents: object) -> None:
    """These are the open incidents from now on, on every board."""
    floor.redis.set(keys.incidents("main"), json.dumps(incidents))
    publish_boards(floor.redis, datetime.now(UTC))


def token_of(role: Role) -> str:
    user = User.objects.create(email=f"{role}@example.com", password="x", role=role)
    ApiToken.objects.create(user=user, name="t", digest=digest_of(f"token-of-{role}"))
    return f"token-of-{role}"


class Watching:
    """A viewer's copy of the picture, kept as a page keeps it."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer, self.frame, self.seq, self.texts = viewer, None, None, ""
        viewer.hello()
        self.follow()

    def follow(self) -> Any:
        """The frame after the next change. What is missing between two numbers fails the test."""
        message = self.viewer.wait_for_type("frame", "patch")
        self.texts += json.dumps(message)
        if message["type"] == "patch":
            assert message["prev"] == self.seq
            self.frame = patch.apply(self.frame, message["patch"])  # type: ignore[assignment]
        else:
            self.frame = message["frame"]
        self.seq = message["seq"]
        return self.frame


def test_message_without_anything_for_supervisors_is_the_same_text() -> None:
    message: patch.Object = {"type": "patch", "seq": 2, "prev": 1, "patch": {"metrics": {}}}
    text = encode(message)
    assert text_for_floor(message, text) is text
    frame: patch.Object = {"metrics": {}}
    assert frame_for_floor(frame) is frame
    for part in ({"dark_screens": None}, {"dark_screens": [dict(DARK)]}):
        assert json.loads(text_for_floor({**message, "patch": part}, "?")) == {**message, "patch": {}}  # type: ignore[dict-item]


def test_dark_screens_reach_supervisors_and_no_screen_of_a_floor(floor: Floor, key: str) -> None:
    floor.polls(1)
    boss, looker = token_of(Role.SUPERVISOR), token_of(Role.VIEWER)
    with (
        serving(pace=Pace(recheck_s=0.1)) as served,
        served.viewer(key) as wall,
        served.viewer(boss) as desk,
        served.viewer(looker) as seat,
    ):
        on_wall, at_desk, of_viewer = Watching(wall), Watching(desk), Watching(seat)
        goes_dark(floor, DARK)
        assert [each["text"] for each in at_desk.follow()["dark_screens"]] == [DARK["text"]]
        on_wall.follow()
        of_viewer.follow()
        # Who comes now gets the whole frame at once.
        with served.viewer(key) as late, served.viewer(boss) as second:
            assert "dark_screens" not in Watching(late).frame  # type: ignore[operator]
            assert "dark_screens" in Watching(second).frame  # type: ignore[operator]
        assert "dark_screens" not in str(served.hub.newest("main", supervises=False))
        assert "dark_screens" in str(served.hub.newest("main", supervises=True))
        goes_dark(floor)
        assert "dark_screens" not in at_desk.follow()
        on_wall.follow()
        of_viewer.follow()
        floor.polls(7)
        for each in (on_wall, at_desk, of_viewer):
            assert each.follow()["metrics"]["calls_waiting"]["value"] == 7
        assert "dark_screens" not in on_wall.texts + of_viewer.texts
        # Who supervises no more is found out by asking again.
        User.objects.filter(role=Role.SUPERVISOR).update(role=Role.VIEWER)
        until(lambda: not any(each.supervises for each in served.hub.seats))
        goes_dark(floor, DARK)
        assert "dark_screens" not in at_desk.follow()


@pytest.mark.usefixtures("plain_static")
def test_dark_screens_are_in_no_screens_first_picture(floor: Floor, key: str) -> None:
    floor.polls(1)
    goes_dark(floor, DARK)
    tv, text = Client(), str(DARK["text"])
    tv.cookies[SCREEN_COOKIE] = key
    for path in ("/wall/main/", "/screen/", "/api/v1/boards/main/frame"):
        answer = tv.get(path)
        assert answer.status_code == 200
        assert text not in json.dumps(answer.content.decode(), ensure_ascii=False)
    asked = {role: Client(headers={"Authorization": f"Bearer {token_of(role)}"}) for role in (Role.SUPERVISOR, Role.VIEWER)}
    assert [text in client.get("/api/v1/boards/main/frame").content.decode() for client in asked.values()] == [True, False]
    for role, seen in ((Role.SUPERVISOR, True), (Role.VIEWER, False)):
        person = Client()
        person.force_login(User.objects.get(role=role), backend="django.contrib.auth.backends.ModelBackend")
        assert ("has shown nothing since 09:00" in person.get("/").content.decode()) is seen
