"""`manage.py backtest`: the sentence, the picture, and what is wrong with what was typed."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.polling.feeds import base_interval_s
from dashboard.store import connection
from dashboard.store.series import series_of
from tests.incidents.floor import a_rule, remembered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]


def told(*arguments: str) -> str:
    out = io.StringIO()
    call_command("backtest", *arguments, stdout=out)
    return out.getvalue()


def test_command_runs_a_saved_rule() -> None:
    remembered(2, spikes={500 + minute: 250.0 for minute in range(5)})
    found = told(str(a_rule().pk), "--days", "2")
    assert "this rule would have told once" in found
    assert "worst 4:10" in found
    assert "^" in found


def test_command_runs_a_typed_rule() -> None:
    remembered(2, spikes={500 + minute: 250.0 for minute in range(5)})
    assert "told once" in told("--metric", "longest_wait_time", "--above", "4:00", "--for", "30", "--days", "2")
    assert "told nobody anything" in told("--metric", "longest_wait_time", "--above", "5:00", "--days", "2")
    assert "told" in told("--metric", "longest_wait_time", "--below", "10", "--days", "2")


def test_command_with_minutes_of_history_tells_what_it_found_in_them() -> None:
    # From a whole minute on: blocks are minutes, and one that has just begun counts for one.
    feed, start = Feed("main", Endpoint.QUEUE), datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=20)
    for second in range(1200):
        value = 250.0 if 300 <= second < 600 else 20.0
        series_of(feed, 1.0).append(connection.client(), start + timedelta(seconds=second), {"longest_wait_time": value})
    found = told("--metric", "longest_wait_time", "--above", "4:00", "--for", "30")
    assert "this rule would have told once: too short a time to say how often a week" in found
    assert "There is data for 20 min of it only." in found


def test_command_draws_a_difference_that_falls_below_nothing() -> None:
    feed, start = Feed("main", Endpoint.TICKETS), datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=30)
    for minute in range(30):
        flow = {"tickets_created_today": 44.0, "tickets_solved_today": 40.0 if minute < 10 else 84.0}
        series_of(feed, base_interval_s(feed.endpoint)).append(connection.client(), start + timedelta(minutes=minute), flow)
    found = told("--metric", "tickets_net_flow_today", "--below", "0", "--days", "1")
    assert "this rule would have told once" in found
    assert "worst -40" in found


def test_command_without_history_says_so() -> None:
    assert "There is no history of this metric in the last 28 days." in told("--metric", "longest_wait_time", "--above", "3:00")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Give a rule's number, or --metric"),
        (("99",), "There is no rule 99. There are: none."),
        (("--metric", "made_up", "--above", "3"), "Give a rule's number, or --metric"),
        (("--metric", "longest_wait_time"), "Give one limit"),
        (("--metric", "longest_wait_time", "--above", "3", "--below", "2"), "Give one limit"),
        (("--metric", "longest_wait_time", "--above", "soon"), "“soon” is not a time"),
        (("--metric", "longest_wait_time", "--above", "3:00", "--leave", "4:00"), "it would never be over"),
        (("--metric", "longest_wait_time", "--above", "3:00", "--for", "2 days"), "a day"),
        (("--metric", "longest_wait_time", "--above", "3:00", "--days", "0"), "--days must be from 1 to 400"),
    ],
)
def test_command_says_in_one_sentence_what_is_wrong(arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        told(*arguments)
    assert sentence in str(refused.value)


def test_command_of_a_rule_about_the_data_itself_says_that_it_has_no_past() -> None:
    rule = a_rule(kind="lost", metric="", warning_enter=60.0, warning_leave=60.0)
    with pytest.raises(CommandError, match="no past"):
        told(str(rule.pk))
