"""What each kind adds to the frame, and that each has its element and its style."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.domain.readings import AgentActivity
from dashboard.widgets.kind import Kind, Wish
from dashboard.widgets.registry import KINDS
from tests.widgets.seen import AT, LIMITS, part, seen, widget

STATIC = Path(__file__).resolve().parents[2] / "static"
AGENTS = (
    AgentActivity(1, "Ana Pérez", "online", calls_accepted=9, total_talk_time=100),
    AgentActivity(2, "Bo Li", "online", calls_accepted=0),
    AgentActivity(3, "Cem Ak", "away", calls_accepted=12, total_talk_time=50),
    AgentActivity(4, "Ana Soto", "offline"),
)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_kind_has_its_element_and_its_style(kind: Kind) -> None:
    script = STATIC / "js" / "widgets" / f"{kind.name}.js"
    assert f'customElements.define("ql-tile-{kind.name}"' in script.read_text(encoding="utf-8")
    assert (STATIC / "css" / "widgets" / f"{kind.name}.css").exists()


@pytest.mark.parametrize("kind", ["number", "gauge", "sparkline", "chart"])
def test_number_is_coloured_by_the_widgets_own_limits_with_their_leave_values(kind: str) -> None:
    options: dict[str, Any] = {"metric": "calls_waiting", "threshold": LIMITS}
    first = part(kind, seen(calls_waiting=5), **options)
    assert (first["severity"], first["severity_since"]) == ("warning", AT)
    assert first["threshold"] == {"target": 3, "warning_enter": 5, "critical_enter": 10, "higher_is_worse": True}
    earlier = {**first, "severity_since": "2026-11-22T08:00:00.000Z"}
    assert part(kind, seen(earlier, calls_waiting=4.5), **options)["severity_since"] == "2026-11-22T08:00:00.000Z"
    assert part(kind, seen(earlier, calls_waiting=4), **options)["severity"] == "ok"
    assert part(kind, seen(earlier, calls_waiting=10), **options)["severity_since"] == AT
    stale = {"value": 99, "state": "stale", "at": AT}
    assert part(kind, seen(earlier, calls_waiting=stale), **options)["severity"] == "ok"


def test_number_without_own_limits_is_as_the_frame_has_judged() -> None:
    judged = {"value": 20, "state": "live", "at": AT, "severity": "critical", "severity_since": AT}
    found = part("number", seen(calls_waiting=judged), metric="calls_waiting")
    assert (found["severity"], found["severity_since"]) == ("critical", AT)
    assert part("number", seen(total_calls=5), metric="total_calls", trend=False) == {"severity": "ok"}


def test_kinds_name_the_charts_that_they_wish_for() -> None:
    for kind, name in (("chart", "chart"), ("wait", "chart"), ("sparkline", "points"), ("number", "trend")):
        options = {} if kind == "wait" else {"metric": "calls_waiting"}
        made = widget(kind, **options)
        (wish,) = KINDS[kind].wishes(made.options)
        assert KINDS[kind].part(made, seen())[name] == wish.key
    assert KINDS["wait"].wishes(widget("wait", chart=False).options) == ()
    own = KINDS["wait"].wishes(widget("wait", threshold=LIMITS).options)
    assert own == (Wish("longest_wait_time", compare=True, limits=(5.0, 10.0)),)


def test_trend_of_a_total_is_against_the_same_weekday() -> None:
    assert KINDS["number"].wishes(widget("number", metric="total_calls").options)[0].compare
    assert not KINDS["number"].wishes(widget("number", metric="calls_waiting").options)[0].compare


def test_leaders_are_off_unless_somebody_switched_them_on() -> None:
    assert part("leaders", replace(seen(), agents=AGENTS)) == {"off": True}


def test_leaders_are_ranked_named_as_the_board_names_and_nobody_with_nothing_is_listed() -> None:
    found = part("leaders", replace(seen(), agents=AGENTS), is_on=True)
    assert found == {"unit": "count", "leaders": [{"name": "Cem Ak", "value": 12}, {"name": "Ana Pérez", "value": 9}]}
    by_time = part("leaders", replace(seen(), agents=AGENTS, names="first"), is_on=True, by="total_talk_time", most=1)
    assert by_time == {"unit": "s", "leaders": [{"name": "Ana P.", "value": 100}]}
    assert part("leaders", replace(seen(), agents=AGENTS, names="none"), is_on=True) == {"unit": "count", "leaders": []}
    assert part("leaders", seen(), is_on=True) == {"unit": "count", "leaders": []}
