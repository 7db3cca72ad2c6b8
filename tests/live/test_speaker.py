"""Who speaks for a board: the phone wherever a phone is shown, else whoever's numbers are; and how far a first reading is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import Reading
from dashboard.domain.readings_tickets import KayakoCases, TicketBacklog
from dashboard.live.frames import compose
from dashboard.live.inputs import Inputs
from dashboard.polling.feeds import Plan
from dashboard.store.snapshots import Outcome, Stop
from tests.live.examples import NOW, QUEUE, ago, board, inputs

CASES, TICKETS = Feed("kayako", Endpoint.CASES), Feed("main", Endpoint.TICKETS)


def number(metric: str, place: int) -> dict[str, Any]:
    cells = {"x": 5 * place, "y": 0, "w": 5, "h": 5}
    return {"id": metric.replace("_", "-"), "kind": "number", **cells, "portrait": cells, "options": {"metric": metric}}


def frame(found: Inputs, *metrics: str) -> Any:
    shown = board()
    shown.widgets = [number(name, place) for place, name in enumerate(metrics)]
    return compose(shown, found, NOW, None)


def beside_the_phone(body: KayakoCases | None = None, *, age_s: float = 20, outcome: Outcome | None = None) -> Inputs:
    whole = inputs()
    readings = {} if body is None else {CASES: Reading(body, ago(age_s))}
    return replace(
        whole,
        plans={**whole.plans, CASES: Plan(60, True), TICKETS: Plan(15, True)},
        readings={**whole.readings, **readings, TICKETS: Reading(TicketBacklog(tickets_open=4), ago(9))},
        outcomes={CASES: outcome or Outcome(ago(age_s))},
        elsewhere={"kayako": None},
    )


@pytest.mark.parametrize(
    ("metrics", "speaker", "name"),
    [
        (["cases_unresolved"], "kayako_cases", "Kayako"),
        (["cases_unresolved", "tickets_open"], "tickets", "Zendesk"),
        (["cases_unresolved", "calls_waiting"], None, "Zendesk Talk"),
        ([], None, "Zendesk Talk"),
    ],
)
def test_source_is_of_what_the_board_shows(metrics: list[str], speaker: str | None, name: str) -> None:
    source = frame(beside_the_phone(KayakoCases(cases_unresolved=3)), *metrics)["source"]
    assert (source.get("endpoint"), source["name"], source["state"], "problem" in source) == (speaker, name, "live", False)


def test_source_of_kayakos_board_does_not_go_down_with_the_phone() -> None:
    broken = Outcome(ago(1), "timeout", "No answer.", failures=9, failing_since=ago(400))
    found = beside_the_phone(KayakoCases(cases_unresolved=3))
    found = replace(found, outcomes={**found.outcomes, QUEUE: broken}, stop=Stop("auth", "Refused.", ago(5), "digest"))
    assert frame(found, "cases_unresolved")["source"] == {"name": "Kayako", "state": "live", "emulated": False, "endpoint": "kayako_cases"}
    assert frame(found, "calls_waiting")["source"]["state"] == "down"


def test_trouble_of_kayako_is_the_boards_where_nothing_else_is_shown_and_beside_it_elsewhere() -> None:
    outcome = Outcome(ago(1), "forbidden", "…", failures=9, failing_since=ago(400), retry_at=ago(-60))
    found = beside_the_phone(KayakoCases(cases_unresolved=3), age_s=400, outcome=outcome)
    own = frame(found, "cases_unresolved")["source"]
    text = "Kayako has not let these credentials read its numbers (403) since 08:53:20."
    assert (own["state"], own["problem"]["message"], "beside" in own) == ("down", text, False)
    mixed = frame(found, "cases_unresolved", "calls_waiting")["source"]
    assert (mixed["state"], "problem" in mixed, mixed["beside"]) == ("live", False, own)
    once = Outcome(ago(1), "server", "…", failures=1, failing_since=ago(1), retry_at=ago(-60))
    early = replace(
        found,
        readings={**found.readings, CASES: Reading(KayakoCases(cases_unresolved=3), ago(70))},
        outcomes={**found.outcomes, CASES: once},
    )
    assert "beside" not in frame(early, "cases_unresolved", "calls_waiting")["source"], "one failure, and the numbers are still of now"


def test_first_reading_says_how_far_it_is_and_shows_only_what_is_whole() -> None:
    reading = Outcome(ago(2), done_count=40, total_count=208)
    found = frame(beside_the_phone(KayakoCases(cases_unresolved=31), outcome=reading), "cases_unresolved", "cases_resolved_7d")
    assert found["feeds"][CASES.id]["reading"] == {"done": 40, "total": 208}
    assert (found["metrics"]["cases_unresolved"]["value"], found["metrics"]["cases_unresolved"]["state"]) == (31, "live")
    assert (found["metrics"]["cases_resolved_7d"]["state"], "value" in found["metrics"]["cases_resolved_7d"]) == ("unknown", False)
    unknown = Outcome(ago(2), waiting=True, done_count=100)
    assert frame(beside_the_phone(outcome=unknown), "cases_unresolved")["feeds"][CASES.id]["reading"] == {"done": 100}
    whole = frame(beside_the_phone(KayakoCases(), outcome=Outcome(NOW - timedelta(seconds=1))), "cases_unresolved")
    assert "reading" not in whole["feeds"][CASES.id]
