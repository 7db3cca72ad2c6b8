"""A frame says of its source whether it answers, since when it does not, and what would help."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import Reading
from dashboard.domain.readings_tickets import KayakoCases
from dashboard.live.status import SENTENCES
from dashboard.polling.feeds import Plan
from dashboard.store.snapshots import Outcome, Pause, Stop
from tests.live.examples import ACCOUNT, AGENTS, NOW, NOW_TEXT, QUEUE, TEAM, ago, failing, frame, inputs


def test_compose_tells_each_feed_with_its_last_error() -> None:
    found = frame(inputs(outcomes={ACCOUNT: failing("server")}))
    assert found["feeds"][ACCOUNT.id] == {
        "endpoint": "account_overview",
        "interval_s": 15.0,
        "state": "down",
        "failing": True,
        "stopped": False,
        "failures": 3,
        "at": NOW_TEXT,
        "failing_since": "2026-11-21T08:59:50.120Z",
        "error": {"kind": "server", "message": "The source says so.", "at": "2026-11-21T08:59:59.120Z"},
        "retry_at": "2026-11-21T09:00:04.120Z",
    }
    assert list(found["feeds"]) == [feed.id for feed in sorted((QUEUE, AGENTS, ACCOUNT, TEAM))]
    assert "problem" not in found["source"]  # the queue, for which the wall is there, answers


def test_compose_with_a_failing_queue_says_since_when_in_the_accounts_zone() -> None:
    problem = frame(inputs(outcomes={QUEUE: failing()}, time_zone="Europe/Berlin"))["source"]["problem"]
    assert problem == {
        "kind": "timeout",
        "message": "Zendesk Talk has not answered since 09:59:50.",
        "since": "2026-11-21T08:59:50.120Z",
        "retry_at": "2026-11-21T09:00:04.120Z",
    }


def test_compose_with_a_failure_of_yesterday_names_the_day() -> None:
    problem = frame(inputs(outcomes={QUEUE: failing("network", since_s=86_400)}))["source"]["problem"]
    assert problem["message"] == "Zendesk Talk has been out of reach since 20 November, 09:00."


def test_compose_with_refused_credentials_is_down_at_once_and_says_what_helps() -> None:
    found = frame(inputs(stop=Stop("auth", "raw text of the vendor", ago(2), "digest")))
    assert found["source"] == {
        "name": "Zendesk Talk",
        "state": "down",
        "emulated": False,
        "problem": {
            "kind": "auth",
            "message": "Zendesk Talk refused the credentials (401). Polling has stopped until the settings change.",
            "since": "2026-11-21T08:59:58.120Z",
        },
    }
    assert {feed["state"] for feed in found["feeds"].values()} == {"down"}
    assert all(feed["stopped"] for feed in found["feeds"].values())
    assert found["metrics"]["calls_waiting"] == {"value": 3, "state": "down", "at": NOW_TEXT, "severity": "ok"}


def test_compose_keeps_the_stops_of_two_accounts_apart() -> None:
    elsewhere, refused = Feed("kayako", Endpoint.CASES), Stop("auth", "Kayako refused the credentials.", ago(2), "digest")
    whole = inputs(outcomes={elsewhere: Outcome(NOW)})
    whole = replace(
        whole, plans={**whole.plans, elsewhere: Plan(60, True)}, readings={**whole.readings, elsewhere: Reading(KayakoCases(), NOW)}
    )
    theirs = frame(replace(whole, elsewhere={"kayako": refused}))
    assert (theirs["source"]["state"], "problem" in theirs["source"], theirs["feeds"][QUEUE.id]["stopped"]) == ("live", False, False)
    told = theirs["feeds"][elsewhere.id]
    assert (told["stopped"], told["state"], told["error"]["message"]) == (True, "down", "Kayako refused the credentials.")
    ours = frame(replace(whole, stop=refused, pause=Pause("auth", "", NOW, NOW), elsewhere={"kayako": None}))
    assert (ours["source"]["state"], ours["feeds"][elsewhere.id]["state"], "error" in ours["feeds"][elsewhere.id]) == (
        "down",
        "live",
        False,
    )


@pytest.mark.parametrize("kind", [*SENTENCES, "something_new"])
def test_compose_has_one_plain_sentence_for_every_kind_of_error(kind: str) -> None:
    message = frame(inputs(outcomes={QUEUE: failing(kind)}))["source"]["problem"]["message"]
    assert message.startswith(("Zendesk Talk ", "The settings of Zendesk Talk ", "The database of Queuelight "))
    assert message.endswith(".")
    assert "{" not in message


def test_compose_while_another_feed_has_made_the_pause_longer_promises_no_earlier_attempt() -> None:
    found = replace(inputs(ages_s={QUEUE: 30}), outcomes={QUEUE: failing("server", 30)})
    pause = Pause("network", "raw", ago(1), ago(-40))
    early, later = frame(found), frame(replace(found, pause=pause))
    for part in (later["source"]["problem"], later["feeds"][QUEUE.id]):
        assert part["retry_at"] == "2026-11-21T09:00:40.120Z"
    assert early["source"]["problem"]["retry_at"] == "2026-11-21T09:00:04.120Z"
    shorter = frame(replace(found, pause=replace(pause, until=ago(-2))))
    assert shorter["source"]["problem"]["retry_at"] == "2026-11-21T09:00:04.120Z"


def test_compose_while_the_account_pauses_says_why_the_numbers_stand_still() -> None:
    pause = Pause("rate_limit", "raw", ago(20), ago(-40))
    stale = replace(inputs(ages_s={QUEUE: 30}), pause=pause)
    assert frame(stale)["source"]["problem"] == {
        "kind": "rate_limit",
        "message": "Zendesk Talk has asked for a pause (429) since 08:59:40.",
        "since": "2026-11-21T08:59:40.120Z",
        "retry_at": "2026-11-21T09:00:40.120Z",
    }
    assert "problem" not in frame(replace(inputs(), pause=pause))["source"]


def test_compose_while_another_feed_of_the_account_fails_takes_a_late_feed_down_and_names_the_cause() -> None:
    """The account is left alone for a while after a failure, so that nobody asks the slow feed, which would else be late for minutes."""
    away = {QUEUE: failing("server", since_s=31)}
    late = frame(inputs(ages_s={QUEUE: 33, ACCOUNT: 32}, outcomes=away))["feeds"][ACCOUNT.id]
    answered_since = frame(inputs(ages_s={QUEUE: 33, ACCOUNT: 30.9}, outcomes=away))["feeds"][ACCOUNT.id]
    of_its_own = frame(inputs(ages_s={QUEUE: 33, ACCOUNT: 32}, outcomes={QUEUE: failing("forbidden", since_s=31)}))["feeds"][ACCOUNT.id]

    assert (late["state"], late["failing"], late["failing_since"]) == ("down", False, "2026-11-21T08:59:29.120Z")
    assert (answered_since["state"], "failing_since" in answered_since) == ("late", False)
    assert (of_its_own["state"], "failing_since" in of_its_own) == ("late", False)
