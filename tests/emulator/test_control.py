"""The switches, and that a wrong body changes nothing and says what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dashboard.emulator.options import EmulatorSettings
from tests.emulator.running import DAY, RunningEmulator, running
from tests.emulator.still_floor import GROUPS, LINES, StillFloor

BASE = "/api/v2/channels/voice/stats/"


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("scenario", "{", "JSON"),
        ("scenario", "[]", "object"),
        ("scenario", "{}", "scenario"),
        ("scenario", '{"scenario":"sunny"}', "storm"),
        ("scenario", '{"scenario":"storm","more":1}', "more"),
        ("fault", '{"fault":"explode"}', "wrong_types"),
        ("fault", "{}", "fault"),
        ("fault", '{"fault":"500","endpoint":"telephones"}', "current_queue_activity"),
        ("fault", '{"fault":"500","probability":2}', "probability"),
        ("fault", '{"fault":"500","count":0}', "count"),
        ("fault", '{"fault":"500","for_s":-1}', "for_s"),
        ("fault", '{"fault":"500","delay_s":"long"}', "delay_s"),
        ("fault", '{"fault":"500","delay_s":NaN}', "delay_s"),
        ("plan", '{"plan":"gold"}', "professional"),
        ("plan", '{"plan":7}', "plan"),
        ("speed", '{"speed":4000}', "3600"),
        ("speed", '{"speed":true}', "speed"),
        ("speed", "{}", "speed"),
        ("limits", '{"queue_limit":-1}', "queue_limit"),
        ("limits", '{"per_minute":1.5}', "per_minute"),
        ("limits", '{"headers":"morse"}', "2024"),
        ("limits", '{"clear":1}', "clear"),
        ("agents", "{}", "count"),
        ("agents", '{"count":0}', "count"),
        ("agents", '{"count":2001}', "2000"),
        ("agents", '{"set":{"x":{}}}', "agent_id"),
        ("agents", '{"set":{"1":2}}', "agent_id"),
        ("override", '{"endpoint":"agents_activity","values":{}}', "endpoint"),
        ("override", '{"endpoint":"agents_overview","values":7}', "values"),
        ("clock", '{"skip_s":-5}', "skip_s"),
        ("clock", '{"skip_world_s":1e9}', "skip_world_s"),
        ("tokens", "{}", "revoke"),
        ("reset", '{"really":true}', "really"),
        ("fault", " " * 70_000, "65536"),
    ],
)
def test_wrong_body_answers_400_with_a_sentence_and_changes_nothing(still: RunningEmulator, path: str, body: str, word: str) -> None:
    still.control("speed", {"speed": 0})
    still.control("clock", {})

    def state() -> dict[str, object]:
        return {name: value for name, value in still.control("state").items() if name != "server_at"}

    before = state()
    answer = still.http.post(f"/_emulator/{path}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert word in answer.json()["error"]
    assert state() == before


@pytest.mark.parametrize("query", ["truth?since=yesterday", "truth?limit=-1", "truth?limit=50001", "requests?limit=x", "truth?since=1e999"])
def test_wrong_query_answers_400(still: RunningEmulator, query: str) -> None:
    assert still.http.get(f"/_emulator/{query}").status_code == 400


def test_unknown_switch_and_wrong_method_are_refused(still: RunningEmulator) -> None:
    assert still.http.post("/_emulator/nothing", json={}).status_code == 404
    assert still.http.get("/_emulator/scenario").status_code == 405
    assert still.http.post("/_emulator/state", json={}).status_code == 405


def test_state_tells_the_account(still: RunningEmulator) -> None:
    state = still.control("state")
    assert state["line_ids"] == list(LINES)
    assert state["group_ids"] == list(GROUPS)
    assert (state["plan"], state["speed"], state["scenario"], state["agents_count"]) == ("professional", 1.0, "normal", 18)
    assert not any(secret in str(state) for secret in (still.settings.api_token, still.settings.password))


def test_scenario_is_switched_while_it_runs(still: RunningEmulator) -> None:
    assert still.control("scenario", {"scenario": "storm"})["scenario"] == "storm"
    assert still.control("calm", {})["scenario"] == "normal"


def test_speed_and_skips_move_simulated_time() -> None:
    with running(StillFloor, EmulatorSettings(start=DAY, speed=0)) as emulator:

        def now() -> datetime:
            return datetime.fromisoformat(emulator.control("state")["now"])

        assert now() == DAY
        emulator.control("clock", {"skip_world_s": 3600})
        assert now() == DAY + timedelta(hours=1)
        emulator.control("clock", {"skip_s": 600})
        assert now() == DAY + timedelta(hours=1)
        emulator.control("speed", {"speed": 3600})
        emulator.control("clock", {"skip_s": 2})
        assert now() >= DAY + timedelta(hours=3)
        emulator.control("reset", {})
        assert now() == DAY


def test_agents_count_and_values_can_be_set(still: RunningEmulator) -> None:
    first = still.get(BASE + "agents_activity").json()["agents_activity"][0]["agent_id"]
    state = still.control("agents", {"count": 120, "set": {str(first): {"name": "<b>Bobby</b>", "call_status": "null"}}})
    assert state["agents_count"] == 120
    page = still.get(BASE + "agents_activity").json()
    assert (page["count"], len(page["agents_activity"])) == (120, 100)
    assert page["agents_activity"][0]["name"] == "<b>Bobby</b>"
    assert page["agents_activity"][0]["call_status"] == "null"
    still.control("reset", {})
    page = still.get(BASE + "agents_activity").json()
    assert (page["count"], page["agents_activity"][0]["name"]) == (18, "Agent 0")


def test_override_forces_values_of_an_endpoint_until_lifted(still: RunningEmulator) -> None:
    still.control("override", {"endpoint": "current_queue_activity", "values": {"calls_waiting": 42, "ai_agent_calls": 1}})
    forced = still.get(BASE + "current_queue_activity").json()["current_queue_activity"]
    assert (forced["calls_waiting"], forced["ai_agent_calls"], forced["longest_wait_time"]) == (42, 1, 30)
    still.control("override", {"endpoint": "current_queue_activity", "values": None})
    assert still.get(BASE + "current_queue_activity").json()["current_queue_activity"]["calls_waiting"] == 6


def test_truth_tells_calls(still: RunningEmulator) -> None:
    truth = still.control("truth?since=2026-11-20T00:00:00%2B00:00&limit=10")
    assert truth["calls"][0]["fate"] == "answered"
    assert truth["calls"][0]["arrived_at"].endswith("Z")
    assert still.control("truth?since=1763600000.5&limit=0")["calls"] == []


def test_requests_are_counted_by_endpoint_and_outcome(still: RunningEmulator) -> None:
    still.get(BASE + "agents_overview")
    still.get(BASE + "agents_overview.json")
    still.get("/nowhere")
    still.fault("429", count=1)
    still.get(BASE + "agents_overview")
    found = still.requests()
    assert found["by_endpoint"] == {"agents_overview": {"200": 2, "429": 1}, "other": {"404": 1}}
    assert found["total"] == 4
    assert [one["outcome"] for one in found["recent"]] == ["200", "200", "404", "429"]
    assert [one["at"] for one in found["recent"]] == sorted(one["at"] for one in found["recent"])
    assert found["most_at_once"] == {"agents_overview": 1, "other": 1}
    assert len(still.requests("other")["recent"]) == 1
    assert len(still.control("requests?limit=2")["recent"]) == 2


def test_calm_takes_everything_back(still: RunningEmulator) -> None:
    before = still.control("state")
    still.control("plan", {"plan": "team"})
    still.control("limits", {"queue_limit": 1, "queue_window_s": 5, "per_minute": 3, "headers": "none"})
    still.fault("500")
    still.control("override", {"endpoint": "agents_overview", "values": {"x": 1}})
    still.control("agents", {"set": {"1": {"name": "x"}}})
    still.clock.skip(7200)
    after = still.control("calm", {})
    moving = {"now", "server_at"}
    assert {name: value for name, value in after.items() if name not in moving} == {
        name: value for name, value in before.items() if name not in moving
    }
