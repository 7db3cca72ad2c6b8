"""A board as it was: what is composed of the past is what was live then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
import redis as redis_py
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AccountOverview, AgentActivity, AgentsActivity, AgentsOverview, Body, QueueActivity
from dashboard.domain.readings_tickets import BacklogRow, PolicyRow, SlaState, TicketBacklog
from dashboard.history.past_rows import write_hours
from dashboard.history.writer import write_minutes
from dashboard.live import gather
from dashboard.live.frames import Frame, compose
from dashboard.live.replay import Replay
from dashboard.models import Board, HourOfRows
from dashboard.polling import account
from dashboard.polling.buckets import buckets, budget_for
from dashboard.polling.feeds import Plan, board_feeds
from dashboard.polling.poller import poll
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.zendesk_talk import Answered
from dashboard.store import snapshots
from dashboard.store.snapshots import Outcome
from tests.history.filled import fill
from tests.live.examples import ACCOUNT, AGENTS, NOW, QUEUE, TEAM
from tests.polling.fake_source import FakeSource, answered

EVERY_S = {QUEUE: 1, AGENTS: 5, ACCOUNT: 15, TEAM: 30}
MOMENT = timedelta(milliseconds=10)
PEOPLE = ("Amara Okafor", "Beatriz Lima", "<i>Zoë</i>")


def nothing_open(when: datetime, value_of: object) -> Sequence[dict[str, object]]:
    return ()


class Floor:
    """Polls a board's feeds second by second as a worker does, and remembers each live frame. Its host's clock is its own time."""

    boot_id = "here"

    def __init__(self, redis: redis_py.Redis, board: Board) -> None:
        self.redis, self.board, self.now = redis, board, NOW
        self.plans = {feed: Plan(float(every_s), True) for feed, every_s in EVERY_S.items()}
        self.live: dict[datetime, Frame] = {}
        self._before: Frame | None = None
        self._retry_at: dict[Feed, datetime] = {}
        self._ahead_s = 0
        for _ in range(2):  # a budget that knows nothing of before grants little; 400 seconds later it knows that nothing was asked
            for bucket in buckets(redis, "main").values():
                budget_for(redis, "main", bucket, clock=self).used()
            self._ahead_s = 400

    def now_us(self) -> int:
        return round((self.now - NOW).total_seconds() + self._ahead_s) * 10**6 + 10**12

    def second(self, bodies: Mapping[Feed, Body], *, fails: bool = False, asked: bool = True) -> None:
        self.now += timedelta(seconds=1)
        for feed, every_s in EVERY_S.items():
            due = int(self.now.timestamp()) % every_s == 0 and self.now >= self._retry_at.get(feed, NOW)
            if asked and due and snapshots.paused(self.redis, "main", self.now) is None:
                answer = (
                    SourceError(ErrorKind.TIMEOUT, "Zendesk Talk did not answer in time.") if fails else answered(bodies[feed], at=self.now)
                )
                self._retry_at[feed] = self.poll(feed, answer, self.plans[feed]).retry_at or NOW
            self.shoot()

    def poll(self, feed: Feed, answer: Body | Answered | SourceError, plan: Plan) -> Outcome:
        outcome = poll(
            feed,
            redis=self.redis,
            source=FakeSource([answer if isinstance(answer, Answered | SourceError) else answered(answer, at=self.now)]),
            plan=plan,
            clock=lambda: self.now,
            sleep=lambda _: None,
            rng=lambda: 0.5,
            digest=lambda _: "digest",
            host_clock=self,
        )
        assert not outcome.waiting, "this is not about the budget"
        return outcome

    def shoot(self) -> None:
        inputs = gather.inputs(self.redis, self.board, self.plans, self.now, charts={})
        self._before = self.live[self.now] = compose(self.board, inputs, self.now, self._before)


def bodies(wait_s: int, number: int) -> dict[Feed, Body]:
    states = ("online", "away", "online")
    agents = tuple(
        AgentActivity(
            key,
            name,
            states[(number // 40 + key) % 3],  # type: ignore[arg-type]
            "on_call" if (number // 25 + key) % 2 else None,
            calls_accepted=5 + number // 50,
            total_talk_time=900 + number,
            total_wrap_up_time=60,
            online_time=3600 + number,
        )
        for key, name in enumerate(PEOPLE)
    )
    overview = AccountOverview(total_calls=100 + number // 20, total_inbound_calls=9 + number // 60, total_calls_abandoned_in_queue=1)
    return {
        QUEUE: QueueActivity(9, wait_s // 2, wait_s, wait_s // 20, 1, 0),
        AGENTS: AgentsActivity(agents),
        ACCOUNT: overview,
        TEAM: AgentsOverview(total_calls_accepted=90 + number // 30, total_calls_missed=3, total_calls_denied=1),
    }


@pytest.fixture
def board(db: None) -> Board:
    widgets = [
        {"id": "wait", "kind": "wait", "x": 0, "y": 0, "w": 14, "h": 10, "options": {}},
        {
            "id": "own",
            "kind": "number",
            "x": 14,
            "y": 0,
            "w": 5,
            "h": 5,
            "options": {
                "metric": "calls_waiting",
                "threshold": {"target": 1, "warning_enter": 3, "warning_leave": 1, "critical_enter": 8, "critical_leave": 4},
            },
        },
        {"id": "agents", "kind": "agents", "x": 0, "y": 10, "w": 24, "h": 6, "options": {}},
    ]
    return Board.objects.create(slug="main", title="Support line", widgets=widgets)


# Stretches of a floor's life: for how many seconds, the wait at the beginning and at the end, and what is wrong meanwhile.
stretches = st.lists(
    st.tuples(st.integers(3, 24), st.integers(0, 240), st.integers(0, 240), st.sampled_from(["", "", "", "fails", "asleep"])),
    min_size=2,
    max_size=5,
)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stretches=stretches, step_s=st.integers(1, 17))
def test_replay_of_any_floor_has_the_metrics_states_and_agents_that_were_live(
    redis: redis_py.Redis, board: Board, stretches: list, step_s: int
) -> None:
    redis.flushall()
    floor = Floor(redis, board)
    number = 0
    for seconds, begin, end, wrong in stretches:
        for passed in range(seconds):
            wait_s = begin + (end - begin) * passed // seconds
            floor.second(bodies(wait_s, number), fails=wrong == "fails", asked=wrong != "asleep")
            number += 1
    times = sorted(floor.live)[::step_s]
    replay = Replay(redis, board, times[0], times[-1], floor.now)
    for when in times:
        was, live = replay.shot(when, nothing_open, draw=False).frame, floor.live[when]
        assert was["metrics"] == live["metrics"], when
        assert was["agents"] == live["agents"], when
        assert was["source"].get("state") == live["source"].get("state"), when  # type: ignore[union-attr]
        assert _told(was) == _told(live), when
        for name in ("wait", "own"):
            assert was["widgets"][name] == live["widgets"][name], (when, name)  # type: ignore[index,call-overload]
        for feed_id, entry in live["feeds"].items():  # type: ignore[union-attr]
            kept = {key: value for key, value in entry.items() if key in ("state", "at", "failing", "stopped", "endpoint")}  # type: ignore[union-attr]
            assert kept.items() <= was["feeds"][feed_id].items(), when  # type: ignore[index,call-overload,union-attr]


def _told(frame: Frame) -> object:
    """What was wrong, without when it is tried again."""
    problem = frame["source"].get("problem", {})  # type: ignore[union-attr]
    return {key: problem.get(key) for key in ("kind", "message", "since")}  # type: ignore[union-attr]


def test_replay_by_the_minute_has_numbers_and_no_names_and_gaps_stay_gaps(redis: redis_py.Redis, board: Board) -> None:
    """Three days ago: 10 minutes known, 10 minutes nothing, then 10 minutes again."""
    start = NOW - timedelta(days=3)
    gap: list[float | None] = [None] * 10
    fill(QUEUE, {"longest_wait_time": [*[100.0] * 5, *[200.0] * 5, *gap, *[50.0] * 10], "calls_waiting": [4.0] * 10}, start)
    fill(AGENTS, {"agents_available": [3.0] * 30, "average_handle_time": [245.5] * 30}, start)
    replay = Replay(redis, board, start, start + timedelta(minutes=30), NOW)
    shots = [replay.shot(start + timedelta(minutes=each, seconds=30), nothing_open, draw=False) for each in range(30)]
    assert all(shot.is_minute for shot in shots)
    wait = [shot.frame["metrics"]["longest_wait_time"] for shot in shots]  # type: ignore[index,call-overload]
    assert [each["severity"] for each in wait[:10]] == ["ok"] * 5 + ["critical"] * 5  # type: ignore[index,call-overload]
    assert [each["state"] for each in wait] == ["live"] * 10 + ["stale"] * 10 + ["live"] * 10  # type: ignore[index,call-overload]
    assert {each["value"] for each in wait[10:20]} == {200.0}, "what was known last, and shown as the past"  # type: ignore[index,call-overload]
    for shot in shots:
        metrics = shot.frame["metrics"]
        assert metrics["agents_available"]["value"] == 3  # type: ignore[index,call-overload]
        assert metrics["average_handle_time"]["value"] == 245.5  # type: ignore[index,call-overload]
        assert shot.frame["agents"] == []
        assert shot.frame["board"]["names"] == "none", "so that tiles show the numbers, instead of an empty list"  # type: ignore[index,call-overload]


@pytest.mark.parametrize("lost", ["emptied", "away"])
def test_replay_of_what_redis_lost_comes_from_the_minutes(redis: redis_py.Redis, board: Board, lost: str) -> None:
    fill(QUEUE, {"longest_wait_time": [77.0] * 10}, NOW - timedelta(minutes=10))
    replay = Replay(None if lost == "away" else redis, board, NOW - timedelta(minutes=8), NOW - timedelta(minutes=5), NOW)
    shot = replay.shot(NOW - timedelta(minutes=7), nothing_open, draw=True)
    assert shot.is_minute
    assert shot.frame["metrics"]["longest_wait_time"]["value"] == 77  # type: ignore[index,call-overload]


def test_replay_after_a_loss_shows_minutes_and_then_readings(redis: redis_py.Redis, board: Board) -> None:
    fill(QUEUE, {"longest_wait_time": [77.0] * 9}, NOW - timedelta(minutes=9))
    floor = Floor(redis, board)
    for number in range(3):
        floor.second(bodies(20, number))
    replay = Replay(redis, board, NOW - timedelta(minutes=2), floor.now, floor.now)
    shots = [replay.shot(when, nothing_open, draw=False) for when in (NOW - timedelta(minutes=2), floor.now)]
    assert [shot.frame["metrics"]["longest_wait_time"]["value"] for shot in shots] == [77, 20]  # type: ignore[index,call-overload]


def test_replay_of_tables_has_the_rows_that_were_live_and_says_where_they_are_lost(redis: redis_py.Redis, board: Board) -> None:
    """A backlog and service levels, polled; then Redis is emptied of their rows; then all of it comes from the database."""
    board.widgets = [
        {"id": "backlog", "kind": "backlog", "x": 0, "y": 0, "w": 12, "h": 8, "options": {"most": 2}},
        {"id": "sla", "kind": "sla", "x": 12, "y": 0, "w": 12, "h": 8, "options": {}},
    ]
    board.save()
    tickets, sla = Feed("main", Endpoint.TICKETS), Feed("main", Endpoint.SLA)
    plans = {feed: Plan(15.0, True) for feed in board_feeds(board).values()}
    start = NOW.replace(minute=10)
    floor = Floor(redis, board)
    live: dict[datetime, Frame] = {}
    before: Frame | None = None
    for number in range(8):
        at = floor.now = start + timedelta(seconds=30 * number)
        rows = tuple(BacklogRow(each, f"Group {each}", new=(number * each) % 7, urgent=each) for each in range(25))
        targets = (PolicyRow(1, "Gold", "reply_time", breached=number % 3, met=9), PolicyRow(1, "Gold", "resolution_time", 0, number))
        bodies_now: dict[Feed, Body] = {
            tickets: TicketBacklog(tickets_unsolved=4 + number, rows=() if number == 5 else rows),
            sla: SlaState(sla_breached=number % 3, sla_breaching_in_60=number, rows=targets),
        }
        for feed, body in bodies_now.items():
            floor.poll(feed, body, plans[feed])
        before = live[at] = compose(board, gather.inputs(redis, board, plans, at, charts={}), at, before)
    times = sorted(live)

    def tiles(redis: redis_py.Redis | None, now: datetime) -> list[object]:
        replay = Replay(redis, board, times[0], times[-1], now)
        return [replay.shot(when, nothing_open, draw=False).frame["widgets"] for when in times]

    assert tiles(redis, times[-1]) == [live[at]["widgets"] for at in times]
    later = start + timedelta(hours=1)
    write_minutes(redis, later)
    while write_hours(redis, later):
        pass
    by_minute = tiles(None, later)
    assert [each["backlog"]["groups"] for each in by_minute] == [  # type: ignore[index,call-overload]
        live[times[number // 2 * 2 + 1]]["widgets"]["backlog"]["groups"]  # type: ignore[index,call-overload]
        for number in range(8)
    ], "a minute is shown by its last rows"
    for key in redis.scan_iter("ql:past_rows:*"):
        redis.delete(key)
    HourOfRows.objects.all().delete()
    for lost in (tiles(redis, later), tiles(None, later)):
        assert all(each["backlog"]["unrecorded"] and each["sla"]["unrecorded"] for each in lost)  # type: ignore[index,call-overload]
        assert all(not each["backlog"]["groups"] for each in lost), "nothing is made up"  # type: ignore[index,call-overload]


def test_replay_of_refused_credentials_is_down_as_it_was(redis: redis_py.Redis, board: Board) -> None:
    floor = Floor(redis, board)
    floor.second(bodies(20, 0))
    refused = SourceError(ErrorKind.AUTH, "Zendesk Talk refused the credentials.")
    account.after_failure(redis, QUEUE, refused, failures=1, now=floor.now + MOMENT, rng=lambda: 0.5, digest=lambda _: "digest")
    for _ in range(3):
        floor.second(bodies(20, 0), asked=False)
    account.try_again(redis, "main", floor.now + MOMENT)
    floor.second(bodies(20, 0))
    times = sorted(floor.live)
    replay = Replay(redis, board, times[0], times[-1], floor.now)
    for when in times:
        assert replay.shot(when, nothing_open, draw=False).frame["source"] == floor.live[when]["source"], when
