"""What boards wish to see of the past: drawn once per period, in the order of need, and never at the price of the numbers."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, cast

import pytest
import redis as redis_py
from django.db import OperationalError, connection

from dashboard.domain.minutes import Folded
from dashboard.live.gather import charts_due, wished_charts
from dashboard.live.past import drawn
from dashboard.live.publish import publish_boards
from dashboard.live.stored import load_frame
from dashboard.models import Board
from dashboard.store import keys
from dashboard.store.series import series_of
from dashboard.widgets.kind import Drawn, Wish
from tests.history.filled import fill
from tests.live.examples import ACCOUNT, NOW, QUEUE, ago, board

pytestmark = pytest.mark.django_db
HOUR_S, DAY_S = 3600, 86_400
WAIT = Wish("longest_wait_time", compare=True)


def draw(redis: redis_py.Redis, *wishes: Wish, seconds: float = 0, of: Board | None = None) -> dict[str, Any]:
    return drawn(redis, of or board(), {wish.key: wish for wish in wishes}, NOW + timedelta(seconds=seconds))


def line(figure: dict[str, Any], name: str = "line") -> list[float | None]:
    return next(cast("list[float | None]", trace["y"]) for trace in figure["data"] if trace["name"] == name)


def waits(redis: redis_py.Redis, *ages_s: float, value: int = 90) -> None:
    for age_s in ages_s:
        series_of(QUEUE, 1.0).append(redis, ago(age_s), {"longest_wait_time": value, "calls_waiting": 3})


def test_past_of_a_wish_is_a_figure_or_points(redis: redis_py.Redis) -> None:
    waits(redis, 3, 65)
    points = Wish("calls_waiting", HOUR_S, Drawn.POINTS)
    found = draw(redis, WAIT, points)
    assert set(found) == {"longest_wait_time", "calls_waiting:3600:points"}
    assert line(found["longest_wait_time"])[-2:] == [90, 90]
    assert len(line(found["longest_wait_time"])) == 121
    last = found[points.key]
    assert (last["at"], last["step_s"], len(last["values"]), last["values"][-3:]) == ("2026-11-21T09:00:00.000Z", 60, 61, [3, 3, 3])
    assert "then" not in last


def test_past_comes_back_from_the_minutes_when_redis_was_lost(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [50.0] * 118}, ago(7200))
    waits(redis, 1)
    values = line(draw(redis, WAIT)["longest_wait_time"])
    assert values[:118] == [50] * 118
    assert values[-1] == 90


def test_past_beside_the_same_weekday_shows_last_week(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [20.0] * 61}, ago(7 * DAY_S + HOUR_S))
    compared = Wish("longest_wait_time", HOUR_S, Drawn.FIGURE, compare=True)
    points = Wish("longest_wait_time", HOUR_S, Drawn.POINTS, compare=True)
    found = draw(redis, compared, points)
    assert line(found[compared.key], "then") == [20] * 61
    assert found[compared.key]["layout"]["meta"]["then"] == "2026-11-14"
    assert found[points.key]["then"] == [20] * 61


def test_past_of_a_total_is_broken_at_last_weeks_midnight_as_well(redis: redis_py.Redis) -> None:
    totals = [*map(float, range(500, 530)), Folded(0, 0, 0, 0, reset=True), *map(float, range(1, 30))]
    fill(ACCOUNT, {"total_calls": totals}, ago(7 * DAY_S + HOUR_S))
    wish = Wish("total_calls", HOUR_S, Drawn.FIGURE, compare=True)
    then = line(draw(redis, wish)[wish.key], "then")
    assert then[29:32] == [529, None, 1]


def test_past_with_own_limits_shows_those(redis: redis_py.Redis) -> None:
    own = Wish("longest_wait_time", limits=(30.0, 300.0))
    assert own.key == "longest_wait_time:7200:figure:30-300"
    found = draw(redis, WAIT, own)
    heights = {key: [shape["y0"] for shape in figure["layout"]["shapes"]] for key, figure in found.items()}
    assert heights == {"longest_wait_time": [120, 180], own.key: [30, 300]}


def test_past_is_drawn_once_per_period_for_all_boards_of_one_feed(redis: redis_py.Redis) -> None:
    waits(redis, 3)
    first = draw(redis, WAIT)
    waits(redis, 2, value=170)
    assert draw(redis, WAIT, seconds=7, of=board("second")) == first
    light = board("light")
    light.theme = "light"
    assert line(draw(redis, WAIT, seconds=7, of=light)["longest_wait_time"])[-1] == 170
    assert line(draw(redis, WAIT, seconds=8)["longest_wait_time"])[-1] == 170
    other = board("other")
    other.line_ids = [7]
    assert line(draw(redis, WAIT, of=other)["longest_wait_time"])[-1] is None


def test_past_of_weeks_is_drawn_by_one_worker_and_the_others_show_what_there_is(redis: redis_py.Redis) -> None:
    month = Wish("longest_wait_time", 28 * DAY_S)
    first = draw(redis, month, seconds=0)
    (claim,) = [key.decode() for key in redis.keys(f"{keys.PREFIX}drawn:*")]
    redis.set(f"{claim}:claim", 1)
    assert draw(redis, month, seconds=700) == first
    redis.delete(claim)
    assert draw(redis, month, seconds=700) == {}
    redis.delete(f"{claim}:claim")
    assert draw(redis, month, seconds=700)[month.key]["layout"]["xaxis"]["range"] == [-28 * 1440, 0]
    assert not redis.exists(f"{claim}:claim")


def test_past_that_cannot_be_drawn_leaves_the_others_and_is_not_tried_each_second(
    redis: redis_py.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    moon = board()
    moon.time_zone = "Moon/Sea"
    assert draw(redis, WAIT, Wish("calls_waiting", HOUR_S, Drawn.POINTS), of=moon).keys() == {"calls_waiting:3600:points"}
    assert draw(redis, WAIT, of=moon, seconds=1) == {}
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_past_without_the_database_is_that_of_the_ring_and_asked_for_again_soon(
    redis: redis_py.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    waits(redis, 3)
    fill(QUEUE, {"longest_wait_time": [50.0] * 100}, ago(7200))
    with connection.execute_wrapper(_away):
        assert set(line(draw(redis, WAIT)["longest_wait_time"])) == {None, 90}
    assert "do not answer" in caplog.text
    assert line(draw(redis, WAIT, seconds=8)["longest_wait_time"])[:100] == [50] * 100


def _away(*_: Any) -> Any:
    raise OperationalError("no such server")


@pytest.mark.parametrize("kept", [b"{", b"[]", b'{"at":1}'])
def test_past_that_was_kept_badly_is_drawn_anew(redis: redis_py.Redis, kept: bytes) -> None:
    draw(redis, WAIT)
    (place,) = redis.keys(f"{keys.PREFIX}drawn:*")
    redis.set(place, kept)
    assert "longest_wait_time" in draw(redis, WAIT)


def test_a_chart_that_is_put_on_a_board_is_drawn_at_once_and_one_that_is_taken_off_goes(redis: redis_py.Redis) -> None:
    chart = {"id": "c", "kind": "chart", "x": 0, "y": 0, "w": 12, "h": 8, "options": {"metric": "calls_waiting", "span_s": 28 * DAY_S}}
    found, _ = Board.objects.update_or_create(slug="main", defaults={"title": "Support line"})
    publish_boards(redis, NOW)
    Board.objects.filter(slug="main").update(widgets=[chart])
    publish_boards(redis, NOW + timedelta(seconds=1))
    stored = load_frame(redis, "main")
    assert stored is not None
    frame = cast("Any", stored.frame)
    assert list(frame["charts"]) == [frame["widgets"]["c"]["chart"]] == ["calls_waiting:2419200:figure:weekday"]
    found.refresh_from_db()
    assert not charts_due(stored, wished_charts(found), NOW + timedelta(seconds=2))
    assert json.loads(stored.text)["charts"] == frame["charts"]
