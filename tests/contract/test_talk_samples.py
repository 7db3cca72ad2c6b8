"""The emulator against the vendor's documents and one recording of a live account; and our readings against both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.domain import readings
from tests.contract.talk_schemas import faults_of, shape
from tests.emulator.running import RunningEmulator

BASE = "/api/v2/channels/voice/stats/"
SAMPLE = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "agents_activity_record.json"
PLANS = ("team", "professional", "enterprise")


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("endpoint", ["current_queue_activity", "account_overview", "agents_overview"])
def test_object_has_exactly_the_fields_of_the_plan(emulator: RunningEmulator, endpoint: str, plan: str) -> None:
    emulator.control("plan", {"plan": plan})
    body = emulator.get(BASE + endpoint).json()
    assert list(body) == [endpoint]
    assert faults_of(body[endpoint], shape(endpoint, plan)) == []


@pytest.mark.parametrize("plan", PLANS)
def test_every_agent_has_exactly_the_fields_of_the_plan(emulator: RunningEmulator, plan: str) -> None:
    emulator.control("plan", {"plan": plan})
    body = emulator.get(BASE + "agents_activity").json()
    assert list(body) == ["agents_activity", "count", "next_page", "previous_page"]
    assert len(body["agents_activity"]) == body["count"] == 18
    for agent in body["agents_activity"]:
        assert faults_of(agent, shape("agents_activity", plan)) == []


def test_agents_have_the_shape_of_the_recorded_one(emulator: RunningEmulator) -> None:
    if not SAMPLE.is_file():
        pytest.skip("the folder of recorded answers is not beside the project; the shapes written by hand hold the same")
    recorded: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))["record"]
    assert faults_of(recorded, shape("agents_activity", "professional")) == []
    nullable = {"forwarding_number", "call_status", "avatar_url"}
    for agent in emulator.get(BASE + "agents_activity").json()["agents_activity"]:
        assert agent.keys() == recorded.keys()
        assert {name for name in agent if type(agent[name]) is not type(recorded[name])} <= nullable


@pytest.mark.parametrize(
    ("endpoint", "reading", "dropped"),
    [
        ("current_queue_activity", readings.QueueActivity, set()),
        ("account_overview", readings.AccountOverview, set()),
        ("agents_overview", readings.AgentsOverview, set()),
        ("agents_activity", readings.AgentActivity, {"avatar_url", "forwarding_number"}),
    ],
)
def test_our_readings_name_every_field_of_the_documents(endpoint: str, reading: type, dropped: set[str]) -> None:
    assert set(readings.vendor_fields(reading)) == shape(endpoint, "professional").keys() - dropped


def test_all_four_speak_of_one_floor(emulator: RunningEmulator) -> None:
    emulator.control("speed", {"speed": 0})
    queue = emulator.get(BASE + "current_queue_activity").json()["current_queue_activity"]
    agents = emulator.get(BASE + "agents_activity").json()["agents_activity"]
    overview = emulator.get(BASE + "agents_overview").json()["agents_overview"]
    assert queue["agents_online"] == sum(agent["agent_state"] in {"online", "away"} for agent in agents)
    for total, part in (("total_calls_accepted", "calls_accepted"), ("total_talk_time", "total_talk_time")):
        assert overview[total] == sum(agent[part] for agent in agents)


def test_lines_add_up_to_the_whole(emulator: RunningEmulator) -> None:
    lines = emulator.control("speed", {"speed": 0})["line_ids"]
    whole = emulator.get(BASE + "current_queue_activity").json()["current_queue_activity"]["calls_waiting"]
    parts = [
        emulator.get(BASE + "current_queue_activity", phone_number_ids=str(line)).json()["current_queue_activity"]["calls_waiting"]
        for line in lines
    ]
    assert sum(parts) == whole
