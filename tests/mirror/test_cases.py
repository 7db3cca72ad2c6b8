"""Kayako's conversations in the mirror: nothing lost or doubled while the list shifts, metrics of what moved, and the numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dashboard.domain.readings_tickets import KayakoCases
from dashboard.mirror import cases, cases_stream
from dashboard.mirror.cases_stream import Round
from dashboard.mirror.pace import NotYet
from dashboard.models import KnownCase
from dashboard.sources.errors import SourceError
from tests.mirror.kayako_site import FEED, NOW, Conversation, CrashError, Permit, Site, known, resolved, truth

# --- the stream


class Anything(TestCase):
    """Whatever moves, comes, leaves or crashes while pages are read: afterwards everything that is there is known, once."""

    @settings(max_examples=12)
    @given(st.data())
    def test_round_under_changes_and_crashes_loses_nothing(self, data: st.DataObject) -> None:
        site = Site(data.draw(st.integers(0, 60)), page=data.draw(st.integers(7, 20)))
        site.measures_the_deleted = True  # metrics are not what this is about
        for one in site.there.values():
            one.status, one.active_at = "CLOSED", one.active_at - timedelta(days=9)
        changes = data.draw(st.lists(st.sampled_from(["move", "new", "leave", "leave", "crash", "stay", "stay"]), max_size=30))
        deleted: set[int] = set()

        def meanwhile() -> None:
            change = changes.pop() if changes else "stay"
            somebody = [number for number in site.there if number % 3 != 0]
            if change == "crash":
                raise CrashError
            if change == "new":
                site.new()
            elif change == "move" and somebody:
                site.there[data.draw(st.sampled_from(somebody))].active_at = site.tick()
            elif change == "leave":
                for number in somebody[: data.draw(st.integers(1, 12))]:
                    del site.there[number]
                    deleted.add(number)

        site.meanwhile = meanwhile
        pages = data.draw(st.integers(1, 4))
        for _ in range(200):
            try:
                site.read(pages=pages)
            except (CrashError, NotYet):
                continue
            if not changes:
                break
        site.meanwhile = lambda: None
        site.read_all()
        found = known()
        assert {number: at for number, at in found.items() if number not in deleted} == truth(site)


@pytest.mark.django_db
def test_first_reading_tells_how_far_it_is_and_goes_on_where_it_stopped() -> None:
    site = Site(450)
    with pytest.raises(NotYet) as told:
        site.read(pages=2)
    assert (told.value.done_count, told.value.total_count) == (190, 450)
    assert "conversations: 190 of about 450" in str(told.value)
    assert [(each.is_first, each.share_ratio) for each in cases.progress()] == [(True, 190 / 450), (True, None)]
    site.there[449].active_at = site.tick()
    site.read_all()
    assert known() == truth(site)
    assert [each.is_first for each in cases.progress()] == [False, False]


@pytest.mark.django_db
def test_round_reads_what_changed_and_not_what_exists() -> None:
    site = Site(450)
    for one in site.there.values():
        one.status, one.active_at = "CLOSED", one.active_at - timedelta(days=9)
    site.read_all()
    site.asked.clear()
    site.read()
    site.there[300].active_at = site.tick()
    site.new()
    site.read()
    assert site.asked.count("/api/v1/cases.json") == 2
    assert sorted(site.asked)[2:] == ["/api/v1/cases/300/metrics.json", "/api/v1/cases/451/metrics.json"]
    assert known() == truth(site)


@pytest.mark.django_db
def test_list_in_another_order_is_read_whole_each_time() -> None:
    site = Site(230)
    site.is_ordered = False
    site.read_all()
    for number in (1, 3):
        site.there[number].active_at = site.tick()
        site.asked.clear()
        site.read_all()
        assert known() == truth(site)
        assert site.asked.count("/api/v1/cases.json") == 3
    site.is_ordered = True
    site.read_all()
    site.asked.clear()
    site.read_all()
    assert site.asked.count("/api/v1/cases.json") == 1


@pytest.mark.django_db
def test_time_to_come_hides_nothing_that_moves_later() -> None:
    site = Site(5)
    site.there[5].active_at = NOW + timedelta(days=3)
    site.read()
    site.there[2].active_at = site.tick()
    site.now += timedelta(minutes=10)
    site.read()
    assert known() == truth(site)


def test_round_survives_between_two_processes() -> None:
    way = Round(95, NOW - timedelta(hours=1), NOW + timedelta(microseconds=1), is_ordered=False)
    assert Round.parse(way.cursor) == way
    assert Round.parse("") == Round() == Round.parse(Round().cursor)
    assert way.next == Round(is_whole=True) == Round.parse(way.next.cursor)


# --- metrics


@pytest.mark.django_db
def test_metrics_are_asked_newest_first_and_again_only_after_a_move() -> None:
    site = Site(80)
    for number in range(11, 81):
        site.there[number].status = "COMPLETED"
    listed = site.source().read(FEED)
    assert (listed.done_count, listed.total_count, site.measured()) == (0, 70, []), "what the list tells is told at once"
    partial = site.source().read(FEED)
    assert (partial.done_count, partial.total_count, site.measured()) == (6, 70, [*range(11, 17)])
    assert [(each.name, each.is_first, each.done_count, each.behind_count) for each in cases.progress()] == [
        ("cases", False, 80, 0),
        ("metrics", True, 6, 64),
    ]
    site.answered()
    assert cases.progress()[1].is_first is False
    assert site.measured() == [*range(11, 81), 1, 2], "the open ones, which no number waits for, come last"
    assert site.asked.count("/api/v1/cases.json") == 1, "not again so soon"
    site.asked.clear()
    site.read()
    assert site.measured() == [*range(3, 11)]
    site.asked.clear()
    site.read()
    assert site.measured() == []


@pytest.mark.django_db
def test_numbers_come_as_they_are_known_whole_and_never_of_a_part() -> None:
    """What the list tells with the list, those of today before those of the week, and after a long absence the same once more."""
    site = Site(90)
    for number, one in site.there.items():
        one.status, one.active_at = "COMPLETED", NOW - timedelta(minutes=number if number <= 50 else 3000 + number)
        one.metrics = {"resolution_at": one.active_at.isoformat(), "resolution_calendar_time": 60 * number}
    site.there[90].status = "CUSTOM"
    body = KayakoCases(cases_created_today=0)
    listed = site.source().read(FEED)
    assert (listed.reading.body, listed.done_count, listed.total_count) == (body, 0, 90), "nobody knows what CUSTOM is"
    for done_count in range(6, 54, 6):
        found = site.source().read(FEED)
        assert (found.reading.body, found.done_count) == (replace(body, cases_unresolved=0), done_count), "it was asked about first"
    today = site.source().read(FEED)
    body = today.reading.body  # type: ignore[assignment]
    assert (today.done_count, body.cases_resolved_today, body.case_resolution_median_today) == (54, 50, 1500)
    assert (body.cases_resolved_7d, body.case_resolution_median_7d, body.case_reopens_7d) == (None, None, None)
    body = site.answered().reading.body  # type: ignore[assignment]
    assert (body.cases_resolved_7d, body.case_resolution_median_7d, body.case_reopens_7d, body.cases_unresolved) == (90, 2700, 0, 0)

    site.now += timedelta(hours=8)
    for number in range(1, 81):
        site.there[number].active_at = site.tick()
    absent = site.source().read(FEED, before_request=Permit(5))
    body = absent.reading.body  # type: ignore[assignment]
    assert (absent.done_count, absent.total_count, body.cases_resolved_7d, body.cases_unresolved) == (14, 90, None, 0)
    few = site.source().read(FEED, before_request=Permit(20))
    assert few.done_count is None, "few are left: they come with the next poll"


@pytest.mark.django_db
def test_conversation_that_moves_while_it_is_asked_about_stays_behind() -> None:
    site = Site(1)

    def moves() -> None:
        if site.asked and site.asked[-1] == "/api/v1/cases.json":
            KnownCase.objects.update(moved_at=site.tick())

    site.meanwhile = moves
    site.read()
    assert KnownCase.objects.get().is_behind


@pytest.mark.django_db
def test_deleted_conversation_is_looked_for_after_a_day_and_forgotten() -> None:
    site = Site(3)
    site.answered()
    site.read()
    del site.there[2]
    site.read()
    assert set(known()) == {1, 2, 3}
    site.now += cases_stream.LOOK_AGAIN_AFTER + timedelta(minutes=1)
    site.read()
    assert known() == truth(site)


@pytest.mark.django_db
def test_kayako_that_knows_no_metrics_of_anybody_empties_nothing() -> None:
    """A 404 of one conversation is its end; of all, it is Kayako's trouble."""
    site = Site(12)
    for one in site.there.values():
        one.status = "COMPLETED"
    site.answered()
    everything = known()
    for number in range(1, 11):
        site.there[number].active_at = site.tick()
    site.without_metrics = set(site.there)
    site.asked.clear()
    with pytest.raises(SourceError, match="404"):
        site.source().read(FEED)
    assert (len(site.measured()), set(known())) == (3 + 2, set(everything)), "three, and two whose metrics came before"
    site.without_metrics = {8, 9, 10}
    site.source().read(FEED)
    assert set(known()) == set(everything) - {8, 9, 10}


@pytest.mark.django_db
def test_last_conversation_of_all_is_forgotten_when_the_list_is_empty() -> None:
    site = Site(2)
    site.answered()
    site.there[1].active_at = site.tick()
    site.read()
    site.there.clear()
    site.now += cases_stream.LOOK_AGAIN_AFTER + timedelta(minutes=1)
    site.read()
    assert known() == {}


@pytest.mark.django_db
def test_one_conversation_whose_metrics_cannot_be_read_holds_up_no_other() -> None:
    site = Site(4)
    for one in site.there.values():
        one.status, one.metrics = "COMPLETED", {"resolution_at": NOW.isoformat(), "resolution_calendar_time": 60}
    site.there[1].metrics = {"resolution_calendar_time": "soon"}
    body = site.answered().reading.body
    assert isinstance(body, KayakoCases)
    assert (body.cases_resolved_today, body.case_resolution_median_today) == (3, 60)
    site.there[1].active_at = site.tick()
    site.answered()
    assert not KnownCase.objects.filter(is_behind=True).exists(), "also where it alone has moved"


@pytest.mark.django_db
def test_clock_of_kayako_that_is_ahead_hides_nothing_that_was_just_resolved() -> None:
    site = Site()
    site.there = {
        1: resolved(-0.2, resolution_calendar_time=60),
        2: Conversation(NOW + timedelta(minutes=12), "OPEN", NOW + timedelta(minutes=12)),
    }
    body = site.answered().reading.body
    assert isinstance(body, KayakoCases)
    assert (body.cases_resolved_today, body.cases_created_today, body.cases_unresolved) == (1, 1, 1)


@pytest.mark.django_db
def test_what_is_over_is_measured_only_if_a_number_asks_for_it_and_forgotten_in_the_end() -> None:
    site = Site(4)
    for number, days in ((1, 1), (2, 20), (3, 60)):
        site.there[number].status, site.there[number].active_at = "COMPLETED", NOW - timedelta(days=days)
    site.there[4].active_at = NOW - timedelta(days=60)
    site.answered()
    site.read()
    assert [path.split("/")[4] for path in site.asked if "metrics" in path] == ["1", "4"]
    assert set(known()) == {1, 2, 4}, "closed long ago, it is in no number; open, it is"
    site.now += timedelta(days=30)
    site.read()
    assert set(known()) == {1, 4}


@pytest.mark.django_db
def test_metrics_wait_while_half_of_the_budget_is_used() -> None:
    site = Site(3)
    site.read()
    site.asked.clear()
    site.read(before=Permit(1))
    assert len(site.asked) == 1
    site.asked.clear()
    site.read(before=Permit(2))
    assert len(site.asked) == 2
    assert KnownCase.objects.filter(is_behind=True).count() == 2
