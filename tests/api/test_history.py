"""A metric over time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import redis as redis_py
from django.test import Client
from django.utils import timezone

from dashboard.api.answers import ApiError
from dashboard.api.history import parse
from dashboard.api.schemas import SCHEMAS
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.derive import TooFew
from dashboard.domain.feeds import TALK, Endpoint, Feed
from dashboard.domain.minutes import Folded
from dashboard.domain.readings import TOTALS, number_fields
from dashboard.domain.totals import totals, value_of
from dashboard.models import Board, Role
from dashboard.store.series import series_of
from tests.api.shapes import check
from tests.history.filled import fill
from tests.live.examples import ACCOUNT, AGENTS, NOW, QUEUE, bodies

LogIn = Callable[[Role], Client]


def path(metric: str = "longest_wait_time", **parameters: object) -> tuple[str, dict[str, object]]:
    return f"/api/v1/metrics/{metric}/history", parameters


def test_history_gives_what_was_polled_by_step(polled: redis_py.Redis, log_in: LogIn) -> None:
    start = timezone.now().replace(microsecond=0) - timedelta(minutes=5)
    series = series_of(QUEUE, 1.0)
    for second, wait in ((0, 10), (1, 30), (2, 20), (61, 5)):
        series.append(polled, start + timedelta(seconds=second), {"longest_wait_time": wait})
    address, parameters = path(**{"from": start.timestamp(), "to": start.timestamp() + 180, "step": 60})
    found = log_in(Role.VIEWER).get(address, parameters).json()
    first, second, third = found["points"]
    assert {name: first[name] for name in ("count", "min", "mean", "max", "last")} == {
        "count": 3,
        "min": 10,
        "mean": 20,
        "max": 30,
        "last": 20,
    }
    assert (second["count"], second["last"]) == (1, 5)
    assert set(third) == {"at", "count"}, "a step without a value has none"
    assert (found["unit"], found["step_s"], found["feed"]) == ("s", 60, "main:current_queue_activity")


def last_of(found: dict[str, Any]) -> float:
    """The last value that there is: in the first minute of an hour nothing was noted in it yet."""
    return float(next(point["last"] for point in reversed(found["points"]) if "last" in point))


def test_history_of_a_formula_is_computed_for_each_moment(polled: redis_py.Redis, log_in: LogIn) -> None:
    at = timezone.now() - timedelta(minutes=1)
    series_of(AGENTS, 5.0).append(polled, at, totals(bodies()[AGENTS]))
    found = log_in(Role.VIEWER).get(*path("average_handle_time", step=3600)).json()
    assert last_of(found) == pytest.approx((4000 + 600 + 900 + 100) / 24, abs=0.001)
    assert last_of(log_in_again(log_in).get(*path("agents_on_call", step=3600)).json()) == 1


@pytest.mark.parametrize("given", [{}, {"account": "kayako"}, {"board": "main"}])
def test_history_of_conversations_is_kayakos_whatever_the_boards_account(
    polled: redis_py.Redis, log_in: LogIn, given: dict[str, object]
) -> None:
    cases = Feed("kayako", Endpoint.CASES)
    series_of(cases, 60.0).append(polled, timezone.now() - timedelta(minutes=1), {"cases_unresolved": 7})
    viewer = log_in(Role.VIEWER)
    found = viewer.get(*path("cases_unresolved", step=3600, **given)).json()
    assert (found["feed"], last_of(found)) == (cases.id, 7)
    assert viewer.get(*path("calls_waiting", account="kayako")).status_code == 404


def test_history_of_last_year_is_served_by_the_minute(polled: redis_py.Redis, log_in: LogIn) -> None:
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(days=300)
    fill(ACCOUNT, {"total_calls": [10, 12, Folded(11, 12, 13, 11, corrected=True), Folded(2, 2, 2, 2, reset=True), None, 7]}, start)
    address, parameters = path("total_calls", **{"from": start.timestamp(), "to": start.timestamp() + 300, "step": 60})
    found = log_in(Role.VIEWER).get(address, parameters).json()
    check(found, SCHEMAS["History"])
    known = [
        {name: value for name, value in point.items() if name not in ("at", "min", "mean", "max", "last")} for point in found["points"]
    ]
    assert known == [
        {"count": 1, "live_ratio": 1.0},
        {"count": 1, "live_ratio": 1.0, "increase": 2},
        {"count": 1, "live_ratio": 1.0, "increase": 0, "corrected": True},
        {"count": 1, "live_ratio": 1.0, "increase": 2, "reset": True},
        {"count": 0},
    ]


def test_history_of_a_screen_is_its_boards_by_the_minute_too(polled: redis_py.Redis, log_in: LogIn) -> None:
    Board.objects.create(slug="sales", title="Sales", line_ids=[3, 1])
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(days=30)
    fill(Feed("main", Endpoint.QUEUE, (1, 3)), {"calls_waiting": [4]}, start)
    fill(QUEUE, {"calls_waiting": [9]}, start)
    address, parameters = path("calls_waiting", board="sales", **{"from": start.timestamp(), "to": start.timestamp() + 60, "step": 60})
    assert log_in(Role.VIEWER).get(address, parameters).json()["points"][0]["last"] == 4


def log_in_again(log_in: LogIn) -> Client:
    return log_in(Role.SUPERVISOR)


@pytest.mark.parametrize("metric", sorted(CATALOGUE))
def test_every_metric_of_the_catalogue_has_the_same_value_in_history_as_now(metric: str) -> None:
    entry = CATALOGUE[metric]
    found = {feed.endpoint: body for feed, body in bodies().items()}
    found |= {endpoint: kind(**dict.fromkeys(number_fields(kind), 12)) for endpoint, kind in TOTALS.items() if endpoint not in found}
    now = entry.value(found)
    then = value_of(entry)(totals(found[entry.endpoint]))
    assert then == (None if isinstance(now, TooFew) else pytest.approx(now) if now is not None else None)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"from": "yesterday"}, "from must be a time such as 2026-11-21T09:00:00Z, or Unix seconds."),
        ({"to": "2026-11-21T09:00:00"}, "to must be a time such as 2026-11-21T09:00:00Z, or Unix seconds."),
        ({"to": "1e99"}, "to must be a time such as 2026-11-21T09:00:00Z, or Unix seconds."),
        ({"to": "nan"}, "to must be a time such as 2026-11-21T09:00:00Z, or Unix seconds."),
        ({"from": "2026-13-41T09:00:00Z"}, "from must be a time such as 2026-11-21T09:00:00Z, or Unix seconds."),
        ({"from": "2026-11-21T09:00:00Z", "to": "2026-11-21T09:00:00Z"}, "from must be earlier than to."),
        (
            {"from": "2025-10-01T09:00:00Z", "to": "2026-11-21T09:00:00Z"},
            "from and to may be at most 400 days apart: so much is kept.",
        ),
        (
            {"step": "10", "from": "2026-11-19T08:00:00Z", "to": "2026-11-19T09:00:00Z"},
            "step must be 60 or more when from is over 48 hours ago: only minutes are kept for longer.",
        ),
        ({"step": "0"}, "step must be a number of seconds from 1 to 86400."),
        ({"step": "one"}, "step must be a number of seconds from 1 to 86400."),
        ({"step": "inf"}, "step must be a number of seconds from 1 to 86400."),
        (
            {"step": "1", "from": "2026-11-21T01:00:00Z", "to": "2026-11-21T09:00:00Z"},
            "step is too small: it would make more than 5000 points.",
        ),
    ],
)
def test_wrong_parameter_gets_one_sentence(parameters: dict[str, str], message: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse(parameters, NOW, 1.0)
    assert (refused.value.status, refused.value.error, str(refused.value)) == (400, "bad_parameter", message)


@pytest.mark.parametrize(
    ("metric", "parameters", "status"),
    [("nothing", {}, 404), ("calls_waiting", {"account": "other"}, 404), ("calls_waiting", {"board": "nothing"}, 404),
     ("calls_waiting", {"board": "main", "account": "other"}, 400), ("calls_waiting", {"board": "main"}, 200),
     ("calls_waiting", {"account": "main"}, 200)],
)  # fmt: skip
def test_whose_numbers_are_asked_for(polled: redis_py.Redis, log_in: LogIn, metric: str, parameters: dict[str, str], status: int) -> None:
    assert log_in(Role.VIEWER).get(*path(metric, **parameters)).status_code == status


def test_history_of_a_board_reads_its_own_filter(polled: redis_py.Redis, log_in: LogIn) -> None:
    Board.objects.create(slug="sales", title="Sales", line_ids=[3, 1])
    found = log_in(Role.VIEWER).get(*path("calls_waiting", board="sales")).json()
    assert found["feed"] == "main:current_queue_activity:1,3"


def test_history_reads_its_defaults() -> None:
    query = parse({}, NOW, 1.0)
    assert (query.end, query.start.timestamp() % query.step_s) == (NOW, 0)
    assert timedelta(hours=2) <= query.end - query.start < timedelta(hours=2, seconds=query.step_s)
    assert query.step_s == 10
    assert parse({}, NOW, 30.0).step_s == 30
    assert parse({"from": "2026-11-12T09:00:00Z", "to": "2026-11-12T10:00:00Z"}, NOW, 1.0).step_s == 60
    assert parse({"from": "2025-10-20T09:00:00Z"}, NOW, 1.0).step_s == 86_400
    assert parse({"from": str(NOW.timestamp() - 2 * 86_400 - 5), "step": "60"}, NOW, 1.0).step_s == 60
    assert parse({"from": str(NOW.timestamp() - 2 * 86_400 - 5), "to": str(NOW.timestamp() - 86_400 * 2 + 5), "step": "1"}, NOW, 1.0)


def test_series_of_every_endpoint_holds_what_history_asks_for() -> None:
    for endpoint in TALK:
        assert any(metric.endpoint is endpoint for metric in CATALOGUE.values())
