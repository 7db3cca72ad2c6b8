"""A frame says what is known, how old it is, and never more than that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from dashboard.domain.agents import InState
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import TALK, Endpoint, Feed
from dashboard.domain.readings import AccountOverview, AgentActivity, Body
from dashboard.domain.readings_tickets import BacklogRow, PolicyRow, SlaState, TicketBacklog
from dashboard.live.frames import compose
from dashboard.live.inputs import BudgetUse
from dashboard.live.patch import Json, same, without_nulls
from dashboard.polling.feeds import Plan
from dashboard.store.snapshots import Outcome
from dashboard.widgets.registry import KINDS
from tests.live.examples import ACCOUNT, AMARA, NOW, NOW_TEXT, QUEUE, ZOE, ago, board, bodies, failing, frame, inputs


def test_compose_with_everything_fresh_has_every_part_of_the_contract() -> None:
    found = frame(inputs())
    assert list(found) == [
        "board",
        "source",
        "metrics",
        "thresholds",
        "incidents",
        "agents",
        "feeds",
        "budget",
        "charts",
        "quality",
        "widgets",
    ]
    shown = {name: found["board"][name] for name in ("slug", "title", "theme", "distance_m", "time_zone", "language", "profile", "names")}
    assert list(shown.values()) == ["main", "Support line", "dark", 5, "UTC", "en", "supervisor", "full"]
    assert [widget["id"] for widget in found["board"]["widgets"]] == ["wait", "waiting", "callbacks", "today", "abandoned", "agents"]
    assert found["widgets"].keys() == {widget["id"] for widget in found["board"]["widgets"]}
    assert (found["board"]["problems"], found["board"]["revision"]) == ([], 1)
    assert found["source"] == {"name": "Zendesk Talk", "state": "live", "emulated": False}
    assert found["metrics"]["calls_waiting"] == {"value": 3, "state": "live", "at": NOW_TEXT, "severity": "ok"}
    assert set(found["metrics"]) == {metric.name for metric in CATALOGUE.values() if metric.endpoint in TALK}


def test_compose_has_of_the_tickets_what_its_tiles_show_and_their_rows() -> None:
    feeds = {endpoint: Feed("main", endpoint) for endpoint in (Endpoint.TICKETS, Endpoint.SLA)}
    rows = (BacklogRow(1, "Support", new=2), PolicyRow(1, "Gold", "reply_time", breached=3))
    found = inputs(
        {
            **bodies(),
            feeds[Endpoint.TICKETS]: TicketBacklog(tickets_unsolved=2, tickets_new=2, tickets_low=1, rows=rows[:1]),
            feeds[Endpoint.SLA]: SlaState(sla_breached=3, sla_met_7d=9, sla_missed_7d=0, rows=rows[1:]),
        }
    )
    found = replace(found, plans={**found.plans, **dict.fromkeys(feeds.values(), Plan(15.0, watched=True))})
    widgets = [
        {"id": name, "kind": name, "x": 12 * place, "y": 0, "w": 12, "h": 7, "options": {}} for place, name in enumerate(("sla", "backlog"))
    ]
    shown_on = board()
    shown_on.widgets = widgets
    made = cast("Any", compose(shown_on, found, NOW, None))
    shown = {name for name in made["metrics"] if CATALOGUE[name].endpoint not in TALK}
    assert shown == set(KINDS["sla"].metrics({})) | set(KINDS["backlog"].metrics({"columns": "both"}))
    assert set(made["thresholds"]) & shown == {"sla_breached", "sla_next_breach_left", "sla_ratio_7d"}
    assert (made["metrics"]["sla_breached"]["severity"], made["widgets"]["sla"]["severity"]) == ("warning", "warning")
    assert (made["metrics"]["sla_ratio_7d"]["have"], made["metrics"]["sla_ratio_7d"]["needs"]) == (9, 10)
    assert made["metrics"]["sla_next_breach_left"]["state"] == "unknown"
    assert made["widgets"]["backlog"]["groups"] == [{"id": 1, "name": "Support", "counts": [2, 2, 0, 0, 0, 0, 0]}]
    assert same(without_nulls(made), made)


def test_compose_holds_no_null_outside_arrays() -> None:
    for one in (inputs(), inputs({}), inputs(bodies(professional=False)), inputs({}, outcomes={QUEUE: Outcome(NOW, "tls", None)})):
        found = cast("dict[str, Json]", frame(one))
        assert same(without_nulls(found), found)


def test_compose_without_any_reading_knows_nothing_and_says_so() -> None:
    found = frame(inputs({}))
    assert {(entry["state"], entry["severity"]) for entry in found["metrics"].values()} == {("unknown", "ok")}
    assert not any("value" in entry or "at" in entry for entry in found["metrics"].values())
    assert found["source"]["state"] == "unknown"
    assert found["agents"] == []


@pytest.mark.parametrize(
    ("age_s", "is_failing", "state", "shown_as_now"),
    [(1, False, "live", True), (3, False, "late", True), (3, True, "late", True), (9, False, "stale", False), (9, True, "down", False)],
)
def test_compose_with_an_old_reading_keeps_its_value_and_ages_its_state(
    age_s: float, is_failing: bool, state: str, shown_as_now: bool
) -> None:
    found = frame(inputs(bodies(longest_wait_time=200), ages_s={QUEUE: age_s}, outcomes={QUEUE: failing(since_s=2)} if is_failing else {}))
    metric = found["metrics"]["longest_wait_time"]
    assert (metric["value"], metric["state"]) == (200, state)
    assert metric["severity"] == ("critical" if shown_as_now else "ok")
    assert ("severity_since" in metric) is shown_as_now
    assert found["source"]["state"] == found["feeds"][QUEUE.id]["state"] == state
    assert found["metrics"]["agents_on_call"]["state"] == "live"  # another feed, another age


def test_compose_for_a_first_viewer_judges_what_it_holds_by_the_interval_that_was_told_with_it() -> None:
    unwatched = inputs(ages_s={QUEUE: 4})
    before = frame(replace(unwatched, plans={**unwatched.plans, QUEUE: Plan(5.0, False)}))
    assert before["feeds"][QUEUE.id]["state"] == "live"
    looked = frame(unwatched, before)
    assert (looked["source"]["state"], looked["feeds"][QUEUE.id]["interval_s"]) == ("live", 5.0)
    answered = frame(inputs(ages_s={QUEUE: 0}), looked)
    assert answered["feeds"][QUEUE.id]["interval_s"] == 1.0
    assert (
        frame(inputs(ages_s={QUEUE: 4}, outcomes={QUEUE: failing(since_s=2)}), before)["source"]["state"] == "late"
    )  # the first answer was none
    assert frame(unwatched, looked, NOW + timedelta(seconds=7))["source"]["state"] == "late"


def test_compose_with_a_true_zero_shows_zero() -> None:
    assert frame(inputs(bodies(longest_wait_time=0)))["metrics"]["longest_wait_time"]["value"] == 0


def test_compose_on_the_team_plan_tells_not_on_plan_from_unknown() -> None:
    team: dict[Feed, Body] = {**bodies(professional=False), ACCOUNT: AccountOverview(total_calls=None)}
    metrics = frame(inputs(team))["metrics"]
    assert metrics["total_inbound_calls"] == {"state": "not_on_plan", "severity": "ok", "at": NOW_TEXT}
    assert metrics["abandon_ratio"]["state"] == "not_on_plan"
    assert metrics["total_calls"]["state"] == "unknown"  # every plan sends it: missing is a riddle, not a price


def test_compose_on_the_professional_plan_calls_a_missing_field_unknown() -> None:
    assert frame(inputs())["metrics"]["average_time_to_answer"]["state"] == "unknown"


def test_compose_without_agents_says_that_there_are_none_and_not_that_nothing_was_sent() -> None:
    metrics = frame(inputs(bodies(agents=())))["metrics"]
    assert metrics["occupancy_ratio"] == {"state": "unknown", "severity": "ok", "at": NOW_TEXT, "no_agents": True}
    assert "no_agents" not in frame(inputs())["metrics"]["average_time_to_answer"]


def test_compose_with_a_stale_missing_value_is_stale_not_unknown() -> None:
    metric = frame(inputs(ages_s={ACCOUNT: 600}))["metrics"]["average_time_to_answer"]
    assert metric["state"] == "stale"
    assert "value" not in metric


def test_compose_with_too_few_calls_says_how_many_there_are() -> None:
    few: dict[Feed, Body] = {**bodies(), ACCOUNT: AccountOverview(total_inbound_calls=6, total_calls_abandoned_in_queue=1)}
    assert frame(inputs(few))["metrics"]["abandon_ratio"] == {
        "state": "too_few",
        "severity": "ok",
        "at": NOW_TEXT,
        "have": 6,
        "needs": 10,
    }
    assert frame(inputs(few, ages_s={ACCOUNT: 600}))["metrics"]["abandon_ratio"]["state"] == "stale"


def test_compose_holds_a_severity_until_its_leave_value_and_keeps_its_beginning() -> None:
    previous, seen = None, []
    for second, wait in enumerate([100, 130, 110, 105, 130, 190, 170, 160]):
        now = NOW + timedelta(seconds=second)
        previous = frame(inputs(bodies(longest_wait_time=wait), at=now), previous, now)
        metric = previous["metrics"]["longest_wait_time"]
        seen.append((metric["severity"], metric.get("severity_since", "")[17:19]))
    assert seen == [
        ("ok", ""),
        ("warning", "01"),
        ("warning", "01"),
        ("ok", ""),
        ("warning", "04"),
        ("critical", "05"),
        ("critical", "05"),
        ("warning", "07"),
    ]


def test_compose_after_stale_begins_the_severity_anew() -> None:
    before = frame(inputs(bodies(longest_wait_time=130)))
    stale = frame(inputs(bodies(longest_wait_time=130), ages_s={QUEUE: 60}), before)
    again = frame(inputs(bodies(longest_wait_time=110)), stale)
    assert again["metrics"]["longest_wait_time"]["severity"] == "ok"


@pytest.mark.parametrize("previous", [{}, {"metrics": 3}, {"metrics": {"longest_wait_time": {"severity": "purple"}}}])
def test_compose_upon_a_frame_of_another_release_begins_anew(previous: Any) -> None:
    assert frame(inputs(bodies(longest_wait_time=130)), previous)["metrics"]["longest_wait_time"]["severity"] == "warning"


def test_compose_lists_agents_by_name_whatever_their_case_marks_and_order() -> None:
    twin, marked = AgentActivity(3, "Amara Okafor", "transfers_only"), AgentActivity(4, "Łukasz Nowak", "online")
    assert [agent["id"] for agent in frame(inputs(bodies(agents=(ZOE, marked, AMARA, twin))))["agents"]] == [3, 123, 4, 7]


def test_compose_gives_an_agent_the_time_that_watching_has_told() -> None:
    states = {123: InState("online", "on_call", ago(95), True), 7: InState("online", None, ago(40), True)}
    assert frame(inputs(agents=states))["agents"] == [
        {
            "id": 123,
            "name": "Amara Okafor",
            "state": "online",
            "call_status": "on_call",
            "since": "2026-11-21T08:58:25.120Z",
            "since_exact": True,
        },
        # What was followed is of another state than the reading's: then nothing is known but the reading.
        {"id": 7, "name": "zoë Lind", "state": "away", "since": NOW_TEXT, "since_exact": False},
    ]


def test_compose_keeps_markup_in_a_name_as_it_is() -> None:
    name = "<img src=x onerror=alert(1)> & “Zoë”"
    assert frame(inputs(bodies(agents=(replace(AMARA, name=name),))))["agents"][0]["name"] == name


def test_compose_shows_thresholds_in_the_metrics_own_unit() -> None:
    assert frame(inputs())["thresholds"]["longest_wait_time"] == {
        "target": 120,
        "warning_enter": 120,
        "critical_enter": 180,
        "higher_is_worse": True,
    }


def test_compose_shows_the_budget_by_bucket() -> None:
    found = frame(replace(inputs(), budget={"queue": BudgetUse(12, 2000, 2500, 300)}))
    assert found["budget"] == {"queue": {"used": 12, "cap": 2000, "limit": 2500, "window_s": 300}}


def test_compose_twice_from_the_same_inputs_gives_the_same_frame() -> None:
    one = inputs(bodies(longest_wait_time=130))
    first = frame(one)
    assert frame(one, first) == first


def test_compose_shows_no_performance_and_no_phone_of_an_agent() -> None:
    agents = frame(inputs())["agents"]
    assert {key for agent in agents for key in agent} <= {"id", "name", "state", "call_status", "since", "since_exact"}
