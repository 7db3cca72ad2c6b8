"""The numbers of Kayako's conversations: of what they are, what is unknown, and what an error or another reader leaves of them."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from dashboard.domain.readings_tickets import KayakoCases
from dashboard.mirror import cases_body, cases_measured, cases_rows, streams
from dashboard.models import KnownCase
from dashboard.sources.errors import ErrorKind, SourceError
from tests.mirror.kayako_site import ACCOUNT, FEED, NOW, Conversation, Site, known, resolved, truth


@pytest.mark.django_db
def test_numbers_are_of_what_was_resolved_today_and_in_seven_days() -> None:
    site = Site()
    site.there = {
        1: resolved(
            1, agent_first_calendar_response_time=600, is_first_contact_resolved=True, replies_to_resolution=1, agent_touch_count=2
        ),
        2: resolved(2, agent_first_calendar_response_time=0, average_calendar_response_time=900, resolution_calendar_time=7200),
        3: resolved(
            30, agent_first_calendar_response_time=60, reopen_count=2, is_first_contact_resolved=True, customer_calendar_wait_time=50
        ),
        4: resolved(20 * 24),
        5: Conversation(NOW, "OPEN", NOW),
        6: Conversation(NOW, "CUSTOM", NOW - timedelta(days=2), {"last_assignment_at": "1970-01-01T00:00:00+05:00"}),
        7: resolved(3, last_reopen_at=(NOW - timedelta(hours=2)).isoformat()),
        8: Conversation(NOW, "OPEN", NOW - timedelta(days=1), {"resolution_at": NOW.isoformat()}),
    }
    site.there[7].status = "CUSTOM"
    answered = site.answered()
    body = answered.reading.body
    assert isinstance(body, KayakoCases)
    assert (body.cases_unresolved, body.cases_created_today) == (4, 1)
    assert (body.cases_resolved_today, body.cases_resolved_7d) == (2, 3)
    assert (body.first_contact_resolved_today, body.first_contact_resolved_7d) == (1, 2)
    assert (body.case_first_response_median_today, body.case_first_response_median_7d, body.case_first_response_p90_7d) == (600, 60, 600)
    assert (body.case_response_median_7d, body.case_resolution_p90_7d, body.case_customer_wait_median_7d) == (900, 7200, 50)
    assert (body.case_agent_wait_median_7d, body.case_resolution_median_today) == (None, 7200)
    assert (body.case_reopens_7d, body.case_touches_7d, body.case_replies_7d) == (2, 2, 1)
    assert answered.reading.at == site.now


@pytest.mark.django_db
def test_numbers_of_nothing_are_zero_and_times_unknown() -> None:
    body = cases_body.body(ACCOUNT, NOW, cases_measured.measured(ACCOUNT))
    assert (body.cases_unresolved, body.cases_resolved_7d, body.case_resolution_median_7d) == (0, 0, None)


@pytest.mark.django_db
def test_source_keeps_what_came_before_an_error_and_goes_on_after_it() -> None:
    site = Site(150)

    def fails() -> None:
        if len(site.asked) == 1:
            raise httpx.ReadTimeout("")

    site.meanwhile = fails
    with pytest.raises(SourceError) as caught:
        site.source().read(FEED)
    assert caught.value.kind is ErrorKind.TIMEOUT
    assert len(known()) == 100
    site.meanwhile = lambda: None
    site.answered()
    assert known() == truth(site)


@pytest.mark.django_db
def test_page_that_another_has_written_is_thrown_away() -> None:
    site = Site(150)

    def another() -> None:
        site.meanwhile = lambda: None
        site.read()

    site.meanwhile = another
    answered = site.answered()
    assert answered.reading.at == site.now
    assert known() == truth(site)


@pytest.mark.django_db
def test_forgetting_takes_a_bounded_number_at_a_time() -> None:
    long_ago = NOW - cases_rows.KEPT_FOR - timedelta(days=1)
    count = cases_rows.FORGOTTEN_AT_ONCE + 1
    common = {"account": ACCOUNT, "status": "closed", "created_at": long_ago, "moved_at": long_ago, "resolved_at": long_ago}
    KnownCase.objects.bulk_create([KnownCase(case_id=number, **common) for number in range(count)])
    with streams.writing(ACCOUNT, NOW):
        cases_rows.forget_within(ACCOUNT, NOW)
    assert KnownCase.objects.count() == 1
