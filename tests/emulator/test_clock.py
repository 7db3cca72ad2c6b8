"""Simulated time at other speeds, and jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboard.emulator.clock import EmulatorClock

START = datetime(2026, 3, 29, tzinfo=UTC)


class Hand:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@given(st.lists(st.tuples(st.floats(0, 3600), st.floats(0, 1000)), max_size=10))
def test_world_time_is_the_sum_of_speed_times_time_and_never_goes_back(steps: list[tuple[float, float]]) -> None:
    hand = Hand()
    clock = EmulatorClock(START, 1.0, wall=hand, steady=hand)
    expected_s = 0.0
    before = clock.world()
    for speed, seconds in steps:
        clock.set_speed(speed)
        assert clock.world() >= before - timedelta(microseconds=2)
        hand.now_s += seconds
        expected_s += speed * seconds
        before = clock.world()
    assert abs((clock.world() - START).total_seconds() - expected_s) < 0.001 + expected_s * 1e-9


def test_skip_moves_all_clocks_as_time_would() -> None:
    hand = Hand()
    clock = EmulatorClock(START, 60.0, wall=hand, steady=hand)
    clock.skip(10)
    assert (clock.wall_s(), clock.steady_s()) == (1010.0, 1010.0)
    assert clock.world() == START + timedelta(minutes=10)
    clock.unskip()
    assert clock.wall_s() == 1000.0
    assert clock.world() == START + timedelta(minutes=10)


def test_skip_world_moves_simulated_time_alone() -> None:
    hand = Hand()
    clock = EmulatorClock(START, 1.0, wall=hand, steady=hand)
    clock.skip_world(3600)
    assert clock.wall_s() == 1000.0
    assert clock.world() == START + timedelta(hours=1)


def test_no_start_begins_at_the_servers_time() -> None:
    clock = EmulatorClock(wall=lambda: 1_700_000_000.0, steady=lambda: 5.0)
    assert clock.world() == datetime.fromtimestamp(1_700_000_000, UTC)
