"""The last minutes as differences of totals."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.feeds import Endpoint
from dashboard.domain.lately import Sample, lately, needed

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
ZONE = zoneinfo.ZoneInfo("Europe/Berlin")


def account(minutes_before: float, inbound: float, abandoned: float | None = 0, *, live_s: float = 60) -> Sample:
    values = {"total_calls": inbound, "total_inbound_calls": inbound, "total_calls_abandoned_in_queue": abandoned}
    return Sample((NOW - timedelta(minutes=minutes_before)).timestamp(), live_s, values)


def steady(minutes: int, a_minute: int, start: int = 100) -> list[Sample]:
    return [account(back, start + a_minute * (minutes - back), minutes - back) for back in range(minutes, -1, -1)]


def test_lately_after_a_steady_hour_is_the_growth_of_each_window() -> None:
    found = lately(Endpoint.ACCOUNT, steady(65, 2), NOW, ZONE)
    assert {name: found[name] for name in found if name.startswith("inbound")} == {
        "inbound_calls_15m": 30,
        "inbound_calls_30m": 60,
        "inbound_calls_60m": 120,
    }
    assert found["abandoned_calls_60m"] == 60


def test_lately_shortly_after_a_start_says_only_what_was_watched() -> None:
    found = lately(Endpoint.ACCOUNT, steady(20, 2), NOW, ZONE)
    assert "inbound_calls_15m" in found
    assert "inbound_calls_30m" not in found
    assert "inbound_calls_60m" not in found


def test_lately_with_a_gap_at_an_edge_leaves_out_the_windows_that_begin_in_it() -> None:
    samples = [each for each in steady(65, 2) if not NOW.timestamp() - 33 * 60 < each.at_s < NOW.timestamp() - 25 * 60]
    found = lately(Endpoint.ACCOUNT, samples, NOW, ZONE)
    assert found["inbound_calls_15m"] == 30
    assert "inbound_calls_30m" not in found


def test_lately_over_midnight_counts_both_days() -> None:
    midnight = datetime(2026, 11, 21, tzinfo=ZONE).astimezone(UTC)
    now = midnight + timedelta(minutes=10)
    samples = [
        Sample((now - timedelta(minutes=back)).timestamp(), 60, {"total_calls": 700 - back if back > 10 else 10 - back})
        for back in range(65, -1, -1)
    ]
    # 54 before midnight are seen as growth, the call of the last minute before it came unseen, and 10 after it.
    assert lately(Endpoint.ACCOUNT, samples, now, ZONE)["calls_60m"] in (59, 60)


def test_lately_with_a_correction_is_never_negative() -> None:
    samples = [account(65, 500), account(40, 500, live_s=1500), account(20, 400, live_s=1500), account(0, 405, live_s=1500)]
    samples = [Sample(each.at_s, 1500, each.values) for each in samples]
    assert lately(Endpoint.ACCOUNT, samples, NOW, ZONE)["inbound_calls_60m"] == 5


def test_lately_of_agents_adds_up_handling_and_takes_a_missing_hold_for_none() -> None:
    def sample(back: int, calls: int, talk: int) -> Sample:
        values = {
            "calls_accepted": calls,
            "total_talk_time": talk,
            "total_hold_time": None,
            "total_wrap_up_time": calls * 10,
            "online_time": 0,
        }
        return Sample((NOW - timedelta(minutes=back)).timestamp(), 60, values)

    found = lately(Endpoint.AGENTS, [sample(back, 100 - back, 60 * (100 - back)) for back in range(65, -1, -1)], NOW, ZONE)
    assert (found["calls_accepted_15m"], found["handle_time_15m"]) == (15, 15 * 70)


@pytest.mark.parametrize(("slow_min", "share"), [(0, 1.0), (6, 0.9), (60, 0.0)])
def test_lately_of_the_queue_shares_the_watched_time(slow_min: int, share: float) -> None:
    samples = [
        Sample(NOW.timestamp() - second, 2, {"longest_wait_time": 300 if second < 60 * slow_min else 12}) for second in range(3700, 0, -1)
    ]
    found = lately(Endpoint.QUEUE, samples, NOW, ZONE)
    assert found["watched_60m"] == pytest.approx(3600, abs=2)
    assert found["in_target_60m"] / found["watched_60m"] == pytest.approx(share, abs=0.002)


def test_lately_of_the_queue_after_a_few_minutes_says_nothing() -> None:
    samples = [Sample(NOW.timestamp() - second, 2, {"longest_wait_time": 5}) for second in range(600, 0, -1)]
    assert lately(Endpoint.QUEUE, samples, NOW, ZONE) == {}


def test_lately_of_an_endpoint_without_totals_that_help_is_nothing() -> None:
    assert needed(Endpoint.AGENTS_OVERVIEW) == ()
    assert lately(Endpoint.AGENTS_OVERVIEW, [], NOW, ZONE) == {}


@given(grown=st.lists(st.integers(0, 50), min_size=66, max_size=66))
def test_lately_with_nothing_missing_is_the_plain_difference(grown: list[int]) -> None:
    totals, total = [], 0
    for each in grown:
        total += each
        totals.append(total)
    noon = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    samples = [Sample((noon - timedelta(minutes=65 - index)).timestamp(), 60, {"total_calls": value}) for index, value in enumerate(totals)]
    found = lately(Endpoint.ACCOUNT, samples, noon, ZONE)
    assert found == {"calls_15m": totals[65] - totals[50], "calls_30m": totals[65] - totals[35], "calls_60m": totals[65] - totals[5]}
