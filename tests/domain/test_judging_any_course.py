"""One rule by readings of any kind: values around the limits, unknown ones, gaps, stragglers, and a clock put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.judging import Held, Observed, What, step, watch
from dashboard.domain.rules import Limit, Limits, RuleSpec
from dashboard.domain.thresholds import Severity
from tests.domain.courses import GAP_S, SPEC, observed, run

VALUES = st.one_of(st.sampled_from([0.0, 164.0, 165.0, 166.0, 179.0, 180.0, 181.0, 269.0, 270.0, 271.0, 299.0, 300.0, 301.0]), st.none())
STEPS_S = st.sampled_from([0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 3.5, 3.6, 20.0, -1.0, -3600.0])
LIMIT_PAIRS = st.sampled_from([None, Limit(180, 165, 4), Limit(180, 180, 0), Limit(180, 165, 0)])


@st.composite
def specs(draw: st.DrawFn) -> RuleSpec:
    warning = draw(LIMIT_PAIRS)
    critical = draw(st.sampled_from([Limit(300, 270, 3), Limit(300, 300, 0), None] if warning else [Limit(300, 270, 3)]))
    return replace(SPEC, warning=warning, critical=critical, keep_s=draw(st.sampled_from([0.0, 3.0])))


@st.composite
def courses(draw: st.DrawFn) -> list[Observed]:
    """Runs of one value each, so that something is often long enough."""
    second, found = 0.0, []
    for value, pace_s, count, holds in draw(
        st.lists(st.tuples(VALUES, STEPS_S, st.integers(1, 8), st.sampled_from([True, True, True, False])), max_size=14)
    ):
        for number in range(count):
            second += pace_s if number == 0 or pace_s > 0 else 1.0
            found.append(observed(second, value, holds=holds))
    return found


@given(specs(), courses())
def test_events_follow_one_another_as_drawn(spec: RuleSpec, course: list[Observed]) -> None:
    held: Held | None = None
    opened, recovering = Severity.OK, False
    for reading in course:
        held, events = step(spec, held, reading, Limits(spec.warning, spec.critical))
        for event in events:
            match event.what:
                case What.OPENED:
                    assert opened is Severity.OK
                    opened, recovering = event.severity, False
                case What.WORSE:
                    assert (opened, recovering, event.severity) == (Severity.WARNING, False, Severity.CRITICAL)
                    opened = event.severity
                case What.EASED:
                    assert (opened, recovering, event.severity) == (Severity.CRITICAL, False, Severity.WARNING)
                    opened = event.severity
                case What.RECOVERING:
                    assert opened is not Severity.OK
                    assert not recovering
                    recovering = True
                case What.BACK:
                    assert recovering
                    recovering = False
                case What.RESOLVED:
                    assert recovering
                    opened, recovering = Severity.OK, False
            assert event.at == reading.at
            assert event.since <= event.at
        assert (held.opened, held.recovering) == (opened, recovering)
        assert held.opened is not Severity.OK or held.calm or held.pending


@given(specs(), courses())
def test_nothing_opens_or_resolves_but_by_unbroken_watched_time(spec: RuleSpec, course: list[Observed]) -> None:
    """Looking back from an event over the readings as they were taken: no gap, no unknown value, no calm one within its time."""
    held: Held | None = None
    taken: list[Observed] = []
    for reading in course:
        newer = held is None or reading.at > held.at or held.at - reading.at > timedelta(minutes=2)
        held, events = step(spec, held, reading, Limits(spec.warning, spec.critical))
        if not newer:
            assert events == ()
            continue
        taken.append(reading)
        for event in events:
            if event.what in (What.OPENED, What.WORSE):
                line = event.limit
                assert line is not None
                assert_unbroken(taken, line.for_s, lambda one, line=line: one.holds and is_in(one, line))  # type: ignore[misc]
            if event.what is What.RESOLVED:
                calm = min(line.enter for line in (spec.warning, spec.critical) if line)
                assert_unbroken(taken, spec.keep_s, lambda one, calm=calm: not one.holds or (one.value or 0) < calm)  # type: ignore[misc]


def is_in(one: Observed, line: Limit) -> bool:
    return one.value is not None and (one.value >= line.enter or one.value > line.leave)


def assert_unbroken(taken: Sequence[Observed], for_s: float, fits: object) -> None:
    """The newest readings span at least `for_s` without a gap, and each is known and as it must be."""
    assert callable(fits)
    newest = taken[-1]
    for later, one in zip([newest, *reversed(taken)], reversed(taken), strict=False):
        assert one.value is not None
        assert fits(one)
        assert 0 <= (later.at - one.at).total_seconds() <= GAP_S
        if (newest.at - one.at).total_seconds() >= for_s:
            return
    raise AssertionError("not watched for long enough")


@given(specs(), courses(), st.randoms(use_true_random=False))
def test_duplicates_and_stragglers_make_no_difference(spec: RuleSpec, course: list[Observed], random: object) -> None:
    forward = [reading for number, reading in enumerate(course) if all(reading.at > one.at for one in course[:number])]
    noisy: list[Observed] = []
    for number, reading in enumerate(forward):
        noisy += [reading, reading, *(old for old in forward[max(0, number - 2) : number] if reading.at - old.at <= timedelta(minutes=2))]
    limits = Limits(spec.warning, spec.critical)
    assert run(spec, noisy, limits) == run(spec, forward, limits)


@given(specs(), courses())
def test_below_is_the_mirror_of_above(spec: RuleSpec, course: list[Observed]) -> None:
    def turned(line: Limit | None) -> Limit | None:
        return Limit(-line.enter, -line.leave, line.for_s) if line else None

    mirrored = replace(spec, higher_is_worse=False, warning=turned(spec.warning), critical=turned(spec.critical))
    other = [replace(one, value=None if one.value is None else -one.value) for one in course]
    _, events = run(spec, course, Limits(spec.warning, spec.critical))
    _, mirror = run(mirrored, other, Limits(mirrored.warning, mirrored.critical))
    assert [(event.what, event.at, event.severity, event.since) for event in events] == [
        (event.what, event.at, event.severity, event.since) for event in mirror
    ]


@given(specs(), courses())
def test_an_outage_of_the_database_anywhere_delays_what_happens_and_loses_nothing(spec: RuleSpec, course: list[Observed]) -> None:
    """With every other reading only watched, what is open at the end is the same once the last reading is judged twice over."""
    forward = [reading for number, reading in enumerate(course) if all(reading.at > one.at for one in course[:number])]
    if not forward:
        return
    limits = Limits(spec.warning, spec.critical)
    held: Held | None = None
    for number, reading in enumerate(forward):
        held = watch(spec, held, reading, limits) if number % 2 else step(spec, held, reading, limits)[0]
    assert held is not None
    last = forward[-1]
    settled: Held = held
    for second in range(1, 12):
        settled, _ = step(spec, settled, replace(last, at=last.at + timedelta(seconds=second)), limits)
    straight, _ = run(spec, forward, limits)
    assert straight is not None
    for second in range(1, 12):
        straight, _ = step(spec, straight, replace(last, at=last.at + timedelta(seconds=second)), limits)
    if last.value is not None:
        assert (settled.level is Severity.OK) == (straight.level is Severity.OK)
        assert settled.opened is straight.opened
