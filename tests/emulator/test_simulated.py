"""The edge in front of the real simulation."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.emulator.asgi import build
from dashboard.emulator.clock import EmulatorClock
from dashboard.emulator.control import routes
from dashboard.emulator.faults import KINDS
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.simulated import SimulatedFloor
from tests.emulator.running import DAY, RunningEmulator, running
from tests.emulator.test_any_request import ACCOUNT

BASE = "/api/v2/channels/voice/stats/"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "emulator.md"


def test_reset_brings_the_same_day_again() -> None:
    with running(SimulatedFloor, EmulatorSettings(start=DAY, speed=0)) as emulator:
        emulator.control("clock", {"skip_world_s": 3600})
        first = emulator.control("truth?limit=50000")
        emulator.control("reset", {})
        assert emulator.control("state")["now"] == "2026-11-20T10:00:00.000Z"
        emulator.control("clock", {"skip_world_s": 3600})
        assert emulator.control("truth?limit=50000") == first
        assert len(first["calls"]) > 100


def test_all_pages_of_many_agents_are_all_agents_once() -> None:
    with running(SimulatedFloor, EmulatorSettings(start=DAY.replace(hour=0), speed=0, agents_count=250)) as emulator:
        met, url = [], BASE + "agents_activity.json"
        while url:
            body = emulator.get(url).json()
            met += [agent["agent_id"] for agent in body["agents_activity"]]
            url = body["next_page"]
    assert len(met) == len(set(met)) == body["count"] == 250
    assert met == sorted(met)


def test_day_goes_on_when_nobody_asks(emulator: RunningEmulator) -> None:
    before = emulator.control("state")["now"]
    emulator.control("speed", {"speed": 60})
    emulator.clock.skip(2)
    assert emulator.control("state")["now"] > before


@pytest.mark.parametrize("scenario", ["normal", "quiet_morning", "lunch_rush", "agents_missing", "storm"])
def test_every_scenario_can_be_switched_on(emulator: RunningEmulator, scenario: str) -> None:
    assert emulator.control("scenario", {"scenario": scenario})["scenario"] == scenario
    assert emulator.get(BASE + "current_queue_activity").status_code == 200


def test_unknown_scenario_in_the_settings_stops_the_start() -> None:
    with pytest.raises(ValueError, match="storm"):
        build(EmulatorSettings(scenario="sunny", start=DAY), SimulatedFloor, EmulatorClock(DAY))


def test_page_names_every_switch_and_every_fault() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []
    names = [route.path.strip("/") for route in routes(ACCOUNT)]
    assert [name for name in names if f"`{name}" not in text] == []
