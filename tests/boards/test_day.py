"""The account's day: every number of the day once, explained in the vendor's words."""

from __future__ import annotations

from dashboard.boards.day import groups, term
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint


def test_day_has_every_number_of_both_overviews_once() -> None:
    names = [each.name for group in groups() for each in group.terms]
    assert len(names) == len(set(names))
    wanted = {metric.name for metric in CATALOGUE.values() if metric.endpoint in (Endpoint.ACCOUNT, Endpoint.AGENTS_OVERVIEW)}
    assert wanted <= set(names)
    assert all(group.terms for group in groups())


def test_day_calls_no_two_numbers_the_same() -> None:
    labels = [each.label for group in groups() for each in group.terms]
    assert sorted(labels) == sorted(set(labels))


def test_term_says_what_it_means_and_where_it_is_from() -> None:
    sent = term(CATALOGUE["agents_overview_total_wrap_up_time"])
    assert sent.origin == "total_wrap_up_time of agents_overview"
    assert sent.definition == CATALOGUE["agents_overview_total_wrap_up_time"].definition
    assert term(CATALOGUE["abandon_ratio"]).origin.startswith("total_calls_abandoned_in_queue / total_inbound_calls")
