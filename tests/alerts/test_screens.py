"""A watched screen that stops painting is an incident, and only its own silence counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta

import pytest
import redis as redis_py

from dashboard.alerts import sweep
from dashboard.alerts.defaults import RULES
from dashboard.alerts.rules import spec_of
from dashboard.alerts.screens import NO_BOARD, NOT_WATCHED, OFF_HOURS, REMOVED, judge_screens, scope_of
from dashboard.alerts.shown import publish_open
from dashboard.domain.rules import problems
from dashboard.live.incidents import dark_screens_part, incidents_part, open_incidents
from dashboard.models import Board, Incident, Kind, Notification, Rule, Screen
from dashboard.store import keys
from tests.alerts.telling import Clock, recipient, told_by

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


class Floor:
    """A clock, our own parts, and one watched screen of a board."""

    def __init__(self, redis: redis_py.Redis) -> None:
        self.redis, self.clock = redis, Clock(MONDAY)
        self.changed = 0
        board = Board.objects.create(slug="main", title="Support line")
        self.screen = Screen.objects.create(name="Reception", board=board, key_digest="1")
        self.rule = Rule.objects.create(**next(made for made in RULES if made["key"] == "screen"), account="main")
        told_by(self.rule, recipient())

    def passes(self, seconds: float, *, painting: bool = False, web: bool = True, ticks: bool = True) -> None:
        """So many seconds in looks of five."""
        for _ in range(round(seconds / 5)):
            now = self.clock.passes(seconds=5)
            if web:
                self.redis.set(keys.alive("web"), repr(now.timestamp()))
            if painting:
                self.paints()
            if ticks:
                self.changed += judge_screens(self.redis, now)

    def paints(self) -> None:
        record = {"board": "main", "seq": 1, "at": self.clock.now.isoformat()}
        self.redis.set(keys.painted(f"screen:{self.screen.pk}"), json.dumps(record))

    @property
    def open(self) -> list[Incident]:
        return list(Incident.objects.filter(resolved_at=None))


@pytest.fixture
def floor(redis: redis_py.Redis) -> Floor:
    return Floor(redis)


def test_screen_silent_for_two_minutes_opens_an_incident_and_painting_ends_it(floor: Floor) -> None:
    floor.passes(60, painting=True)
    floor.passes(110)
    assert floor.open == []
    floor.passes(20)
    (incident,) = floor.open
    assert (incident.kind, incident.scope, incident.scope_name) == (Kind.SCREEN, scope_of(floor.screen.pk), "Reception")
    assert incident.detail == "Screen Reception has shown nothing since 14:01."
    assert (incident.severity, incident.state) == ("warning", "open")
    assert Notification.objects.get().what == Notification.What.OPENED
    sweep.sweep(floor.redis, floor.clock.now)
    assert len(floor.open) == 1  # no reading of a feed ends it, but neither does the sweep
    floor.passes(300)
    assert len(Incident.objects.all()) == 1
    floor.passes(60, painting=True)
    assert floor.open == []
    over = Incident.objects.get()
    assert over.resolved_at is not None
    assert over.detail == "Screen Reception has shown nothing since 14:01.", "the silence that was, not the time of its last frame"


def test_screens_incident_is_on_no_board(floor: Floor) -> None:
    floor.passes(10, painting=True)
    floor.passes(140)
    publish_open(floor.redis)
    kept = open_incidents(floor.redis.get(keys.incidents("main")))  # type: ignore[arg-type]
    assert [each["kind"] for each in kept] == ["screen"]
    assert incidents_part(kept, [], []) == []
    assert [each["text"] for each in dark_screens_part(kept)] == ["Screen Reception has shown nothing since 14:00."]  # type: ignore[call-overload,index]


@pytest.mark.parametrize("gone", [{"web": False}, {"ticks": False}])
def test_silence_while_we_were_away_does_not_count(floor: Floor, gone: dict[str, bool]) -> None:
    floor.passes(10, painting=True)
    floor.passes(600, **gone)
    floor.passes(100)
    assert floor.open == []
    floor.passes(30)
    assert len(floor.open) == 1


def test_silence_after_redis_came_back_empty_begins_anew(floor: Floor) -> None:
    floor.passes(10, painting=True)
    Screen.objects.update(painted_at=floor.clock.now)
    floor.passes(100)
    floor.redis.flushall()
    floor.passes(100)
    assert floor.open == []
    floor.passes(40)
    assert len(floor.open) == 1


def test_screen_counts_only_its_working_hours_and_their_end_closes_the_incident(floor: Floor) -> None:
    Screen.objects.update(hours_from=time(8), hours_to=time(14, 10), time_zone="UTC", hours_days=[0, 1])
    floor.passes(10, painting=True)
    floor.passes(180)
    assert len(floor.open) == 1
    floor.clock.passes(minutes=7)
    floor.passes(10)
    assert floor.open == []
    assert Incident.objects.get().transitions.last().note == OFF_HOURS  # type: ignore[union-attr]
    floor.clock.now = MONDAY + timedelta(days=1, hours=-6, seconds=-5)  # the next morning, still dark
    floor.passes(110)
    assert floor.open == []
    floor.passes(30)
    assert floor.open[0].detail == "Screen Reception has shown nothing since Mon 23 Nov 14:00."


@pytest.mark.parametrize(
    ("columns", "why"),
    [({"is_watched": False}, NOT_WATCHED), ({"revoked_at": MONDAY}, REMOVED), ({"board": None}, NO_BOARD)],
)
def test_screen_that_is_expected_to_show_nothing_any_more_closes_its_incident(floor: Floor, columns: dict[str, object], why: str) -> None:
    floor.passes(10, painting=True)
    floor.passes(140)
    Screen.objects.update(**columns)
    floor.passes(10)
    assert floor.open == []
    assert Incident.objects.get().transitions.last().note == why  # type: ignore[union-attr]


def test_screen_that_never_painted_or_is_not_watched_is_not_judged(floor: Floor) -> None:
    floor.passes(300)
    floor.passes(10, painting=True)
    Screen.objects.update(is_watched=False)
    floor.passes(300)
    assert not Incident.objects.exists()


def test_clock_put_back_opens_nothing(floor: Floor) -> None:
    floor.passes(10, painting=True)
    floor.clock.passes(hours=-1)
    floor.passes(300)
    assert floor.open == []


def test_two_dark_screens_are_two_incidents(floor: Floor) -> None:
    other = Screen.objects.create(name="Hall", board=Board.objects.get(), key_digest="2", painted_at=MONDAY)
    floor.passes(10, painting=True)
    floor.passes(150)
    assert {incident.scope_name for incident in floor.open} == {"Reception", "Hall"}
    assert scope_of(other.pk) in {incident.scope for incident in floor.open}


def test_rule_of_screens_with_too_short_a_limit_says_why(floor: Floor) -> None:
    floor.rule.warning_enter = floor.rule.warning_leave = 10
    assert [problem.message for problem in problems(spec_of(floor.rule))] == [
        "A screen tells every ten seconds that it paints: give it at least 30 seconds."
    ]
