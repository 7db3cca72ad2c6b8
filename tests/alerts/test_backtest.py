"""A rule over the past: the same events as judged live, and figures that add up."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.alerts import backtest
from dashboard.alerts.judge import longest_gap_s
from dashboard.alerts.past import Block, Past, Sample, of_minute, of_samples
from dashboard.alerts.usual import Usual
from dashboard.domain.freshness import live_for_s
from dashboard.domain.judging import Happened, Held, Observed, step
from dashboard.domain.quiet_hours import QuietHours
from dashboard.domain.rules import Limit, RuleKind, RuleSpec, Spike, limits_of
from dashboard.domain.thresholds import Severity
from dashboard.history.reader import MinuteValue

START = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday
INTERVAL_S = 2.0
ZONE = zoneinfo.ZoneInfo("UTC")
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
ABOVE = RuleSpec(RuleKind.THRESHOLD, "longest_wait_time", warning=Limit(180, 160, 30), critical=Limit(300, 280), keep_s=60)
BELOW = RuleSpec(RuleKind.THRESHOLD, "agents_online", higher_is_worse=False, warning=Limit(2, 3, 5), keep_s=20)
SPIKE = RuleSpec(RuleKind.SPIKE, "longest_wait_time", warning=Limit(0, 0, 4), critical=Limit(400, 380), spike=Spike(60, 60, 6), keep_s=30)


def minute(number: int, low: float, high: float | None = None, *, live_ratio: float = 1.0) -> MinuteValue:
    top = low if high is None else high
    return MinuteValue(START + timedelta(minutes=number), low, (low + top) / 2, top, low, live_ratio, False, False)


def past(blocks: Sequence[Block], *, before: Sequence[Block] = (), length: timedelta = timedelta(days=7)) -> Past:
    return Past(START, START + length, blocks, before, START + length)


def calm_with(spikes: dict[int, float], *, minutes: int = 7 * 1440, usual: float = 20) -> list[Block]:
    """A week of minutes at 20 s, but for those given."""
    return [of_minute(minute(number, spikes.get(number, usual)), holds=True) for number in range(minutes)]


def live(spec: RuleSpec, samples: Sequence[Sample], usual: Usual | None = None) -> list[Happened]:
    """What stepping through every single reading says."""
    held: Held | None = None
    found: list[Happened] = []
    for sample in samples:
        at = datetime.fromtimestamp(sample.at_s, UTC)
        observed = Observed(at, sample.value, longest_gap_s(INTERVAL_S), sample.holds)
        held, happened = step(spec, held, observed, limits_of(spec, usual.at(at) if usual else None))
        found.extend(happened)
    return found


SAMPLES = st.lists(
    st.tuples(
        st.sampled_from([1.0, 1.0, 1.0, 2.0, 5.0, 45.0]),
        st.sampled_from([None, 0.0, 2.0, 3.0, 50.0, 100.0, 170.0, 180.0, 250.0, 300.0, 500.0]),
        st.booleans(),
        st.integers(1, 40),
    ),
    max_size=60,
)


def readings(drawn: list[tuple[float, float | None, bool, int]]) -> list[Sample]:
    at_s, found = START.timestamp(), []
    for gap_s, value, holds, times in drawn:
        for _ in range(times):
            at_s += gap_s
            found.append(Sample(at_s, live_for_s(INTERVAL_S), value, holds))
    return found


@pytest.mark.parametrize("spec", [ABOVE, BELOW, SPIKE])
@given(drawn=SAMPLES)
def test_backtest_over_readings_gives_the_events_that_judging_each_of_them_gives(
    spec: RuleSpec, drawn: list[tuple[float, float | None, bool, int]]
) -> None:
    samples = readings(drawn)
    whole = past(list(of_samples(samples)))
    usual = Usual(whole, ZONE, higher_is_worse=spec.higher_is_worse) if spec.spike else None
    assert list(backtest.events(spec, whole, ZONE)) == live(spec, samples, usual)


def test_backtest_of_a_calm_week_tells_nothing() -> None:
    found = backtest.run(ABOVE, past(calm_with({})), zone=ZONE)
    assert (found.incidents, found.per_week, found.median_s, found.longest_s) == ([], 0.0, None, None)
    assert found.data_ratio == pytest.approx(1.0)


def test_backtest_counts_how_often_how_long_and_when() -> None:
    spikes = {540 + n: 200.0 for n in range(5)} | {1440 + 1380 + n: 350.0 for n in range(10)}  # 9:00 Monday, 23:00 Tuesday
    found = backtest.run(ABOVE, past(calm_with(spikes)), zone=ZONE)
    assert [incident.severity for incident in found.incidents] == [Severity.WARNING, Severity.CRITICAL]
    assert [incident.worst_value for incident in found.incidents] == [200, 350]
    assert (found.by_hour[9], found.by_hour[23], sum(found.by_hour)) == (1, 1, 2)
    assert found.per_week == pytest.approx(2, abs=0.01)
    assert found.longest_s == pytest.approx(11 * 60, abs=60)
    assert (found.in_quiet_count, found.quiet_words) == (1, "between 22:00 and 7:00")


def test_backtest_counts_hours_and_quiet_hours_in_their_zones() -> None:
    spikes = {360 + n: 200.0 for n in range(5)}  # 6:00 UTC is 7:00 in Berlin in November
    quiet = QuietHours(time(20), time(8), BERLIN)
    found = backtest.run(ABOVE, past(calm_with(spikes)), zone=BERLIN, quiets=[quiet])
    assert found.by_hour[7] == 1
    assert (found.in_quiet_count, found.quiet_words) == (1, "in the quiet hours of those it tells")


def test_backtest_over_a_gap_counts_no_time_and_says_how_much_it_knew() -> None:
    blocks = [block for block in calm_with({100: 200.0, 102: 200.0}, minutes=204) if block.at != START + timedelta(minutes=101)]
    spec = RuleSpec(RuleKind.THRESHOLD, "longest_wait_time", warning=Limit(180, 160, 90), keep_s=60)
    found = backtest.run(spec, past(blocks, length=timedelta(minutes=406)), zone=ZONE)
    assert found.incidents == []
    assert found.data_ratio == pytest.approx(0.5)


def test_backtest_of_what_is_open_at_the_end_says_so() -> None:
    found = backtest.run(ABOVE, past(calm_with(dict.fromkeys(range(10_000, 10_080), 200.0))), zone=ZONE)
    assert [incident.resolved_at for incident in found.incidents] == [None]
    assert found.longest_s == pytest.approx(80 * 60, abs=120)


def test_backtest_of_a_spike_compares_with_the_weeks_before() -> None:
    """A daily rush of 150 s from 8:00 to 11:00 is usual there; the same at 15:00 is a spike."""
    rush = {day * 1440 + 480 + n: 150.0 for day in range(35) for n in range(180)}
    weeks = [of_minute(minute(n - 28 * 1440, rush.get(n, 10.0)), holds=True) for n in range(35 * 1440)]
    odd = {900 + n: 150.0 for n in range(15)}
    blocks = [of_minute(minute(n, odd.get(n, rush.get(n, 10.0))), holds=True) for n in range(1440)]
    found = backtest.run(SPIKE, past(blocks, before=weeks[: 28 * 1440], length=timedelta(days=1)), zone=ZONE)
    assert [incident.opened_at.hour for incident in found.incidents] == [15]


@given(
    low=st.integers(0, 400),
    height=st.integers(0, 400),
    last=st.floats(0, 1),
    before=st.none() | st.integers(0, 800),
    live_ratio=st.sampled_from([0.2, 1.0]),
)
def test_stored_minute_is_laid_out_within_itself_and_shows_its_extremes(
    low: int, height: int, last: float, before: int | None, live_ratio: float
) -> None:
    stored = MinuteValue(START, low, low + height / 2, low + height, low + height * last, live_ratio, False, False)
    found = of_minute(stored, holds=True).lay_out(before)
    values = [each.value for each in found]
    assert min(value for value in values if value is not None) == low
    assert max(value for value in values if value is not None) == low + height
    assert values[-1] == stored.last
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert found[-1].at < START + timedelta(minutes=1)
    assert (found[0].longest_gap_s == 0) == (live_ratio < 0.5)
