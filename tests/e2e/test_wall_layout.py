"""Nothing leaves its tile and nothing scrolls: every state at every size and distance."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.frames import CALM, CONTRADICTION, CRITICAL, FEEDS, NAMES, QUIET, STRESS, TEAM_PLAN, TOO_FEW, WARNING, Scene, crowd
from tests.e2e.wall_server import WallServer

SIZES = [(1920, 1080), (3840, 2160), (1366, 768), (1280, 720), (1080, 1920), (2160, 3840), (2560, 1080), (1024, 768), (1280, 1024)]
LONG = "Zendesk Talk refused the credentials (401). Polling has stopped until the settings change."
DOWN = CALM.but(ages_s=dict.fromkeys(FEEDS, 124.0), failing=frozenset(FEEDS))
MOST = STRESS.but(
    values={**STRESS.values, "longest_wait_time": 359_000, "calls_waiting": 999_999, "total_calls": 999_999, "abandon_ratio": 9.987}
)
BEYOND = STRESS.but(
    values={**dict.fromkeys(CALM.values, 9_999_999_999), "longest_wait_time": 9_999_999_999, "abandon_ratio": 9_999_999_999},
    severities=dict.fromkeys(STRESS.severities, ("critical", 900000.0)),
)
SCENES = {
    "calm": CALM,
    "warning": WARNING,
    "critical": CRITICAL,
    "stress": STRESS,
    "quiet": QUIET,
    "team plan": TEAM_PLAN,
    "too few": TOO_FEW,
    "down": DOWN.but(
        problem={"kind": "timeout", "message": "Zendesk Talk has not answered since 14:30:03.", "since": "2026-11-21T14:30:03.000Z"}
    ),
    "refused": STRESS.but(stopped=True, problem={"kind": "auth", "message": LONG, "since": "2026-11-21T14:30:03.000Z"}),
    "down for days": STRESS.but(ages_s=dict.fromkeys(FEEDS, 300_000.0)),
    "late": CALM.but(ages_s=dict.fromkeys(FEEDS, 3.5)),
    "no answer yet": CALM.but(ages_s=dict.fromkeys(FEEDS, -1.0)),
    "nobody": crowd(0),
    "one agent": crowd(1),
    "32 agents": crowd(32),
    "200 agents": crowd(200),
    "six states": CALM.but(agents="ttaooawxxxooo---?o"),
    "ten minutes": WARNING.but(values={**WARNING.values, "longest_wait_time": 1394}),
    "twenty minutes": STRESS.but(
        values={**STRESS.values, "longest_wait_time": 1394}, severities={**STRESS.severities, "longest_wait_time": ("critical", 1214)}
    ),
    "two hours": STRESS.but(
        values={**STRESS.values, "longest_wait_time": 8000}, severities={**STRESS.severities, "longest_wait_time": ("critical", 7820)}
    ),
    "many free": crowd(200, "a").but(values={**CALM.values, "longest_wait_time": 50_000, "calls_waiting": 1234}),
    "long names": WARNING.but(names=("W" * 200, "Wilhelmina Wolkenstein-Wittgenstein", "😀" * 40, *NAMES[3:]), title="W" * 200),
    "calm, 8 m": CALM.but(distance_m=8),
    "critical, 8 m": CRITICAL.but(distance_m=8),
    "stress, 8 m": STRESS.but(distance_m=8),
    "stale agents, 8 m": CALM.but(ages_s={"agents_activity": 300_000.0}, distance_m=8),
    "stale agents": crowd(200).but(ages_s={"agents_activity": 300_000.0}),
    "stale account": CALM.but(ages_s={"account_overview": 300_000.0}),
    "down, 8 m": DOWN.but(distance_m=8),
    "too few, 8 m": TOO_FEW.but(distance_m=8),
    "200 agents, 8 m": crowd(200).but(distance_m=8),
    "six states, 8 m": CALM.but(agents="ttaooawxxxooo---?o", distance_m=8),
    "calm, 3 m": CALM.but(distance_m=3),
    "stress, 3 m": STRESS.but(distance_m=3),
    "most": MOST,
    "beyond": BEYOND,
    "beyond, calm": BEYOND.but(severities={}),
    "beyond, 8 m": BEYOND.but(distance_m=8),
    "beyond, 3 m": BEYOND.but(distance_m=3, severities={}),
    "beyond, down": BEYOND.but(ages_s=dict.fromkeys(FEEDS, 300_000.0)),
    "2000 agents": crowd(2000),
    "down, 3 m": DOWN.but(distance_m=3),
}

CHECK = (Path(__file__).parent.parent / "js" / "layout_check.js").read_text()


@pytest.mark.parametrize(("width", "height"), SIZES, ids=str)
@pytest.mark.timeout(240)
def test_layout_no_state_leaves_its_tile(page: Page, wall: WallServer, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(wall.address)
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    wall.playing = False
    found: list[str] = []
    for name, scene in SCENES.items():
        show(page, wall, scene, name)
        found += [f"{name}: {what}" for what in page.evaluate(CHECK)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("width", "height"), SIZES, ids=str)
def test_layout_contradiction_stays_in_its_tiles_and_is_read_whole(page: Page, wall: WallServer, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for distance_m in (3, 5, 8):
        wall.scene = CONTRADICTION.but(distance_m=distance_m, started=datetime.now(UTC))
        page.goto(wall.address)
        expect(page.locator("[data-metric=calls_waiting] .limit")).to_have_text("contradictory", timeout=8000)
        assert page.evaluate(CHECK) == []


LONG_NAMES = ("Karolína Nováková", "Oleksandr Petrenko", "Daniel Roth", "Daniel Weber", "Alexandra Ivanova")


@pytest.mark.parametrize(("width", "height"), SIZES, ids=str)
def test_layout_small_chips_keep_ordinary_first_names_whole(page: Page, wall: WallServer, width: int, height: int) -> None:
    wall.scene = CALM.but(names=(*LONG_NAMES, *(f"Ana {chr(65 + i)}" for i in range(27))), agents="o" * 32, started=datetime.now(UTC))
    page.set_viewport_size({"width": width, "height": height})
    page.goto(wall.address)
    expect(page.locator(".agent")).to_have_count(32)
    cut = "nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.textContent)"
    assert page.locator(".agent .first").evaluate_all(cut) == []


def show(page: Page, wall: WallServer, scene: Scene, name: str) -> None:
    wall.show(scene.but(started=datetime.now(UTC), title=scene.title if len(scene.title) > 20 else name))
    page.wait_for_function(
        "seq => Number(document.documentElement.dataset.seq) >= seq && document.fonts.status === 'loaded'", arg=wall.seq, timeout=5000
    )
