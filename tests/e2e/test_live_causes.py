"""Why a board is not live, in words: static/js/live/causes.js, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import LIVE

CAUSES = """async ([base, changes]) => {
    const { notLive } = await import(base + "causes.js");
    const now_ms = Date.parse("2026-11-21T14:32:07.000Z"), at = (age_s) => new Date(now_ms - age_s * 1000).toISOString();
    const frame = { board: { time_zone: "Europe/Berlin" }, source: { name: "Zendesk Talk", state: "live" }, metrics: {}, feeds: {
        "main:q": { endpoint: "current_queue_activity", interval_s: 1,
            failing: Boolean(changes.failing), stopped: Boolean(changes.stopped) } } };
    if (changes.age_s !== null) frame.feeds["main:q"].at = at(changes.age_s || 0);
    if (changes.speaks) {   // Kayako alone is on the board; the phone, which is nowhere to be seen, has failed for long
        frame.feeds["kayako:c"] = Object.assign(frame.feeds["main:q"], { endpoint: "kayako_cases", interval_s: 60 }, changes.feed);
        frame.feeds["main:q"] = { endpoint: "current_queue_activity", interval_s: 1, failing: true, stopped: true };
        frame.source = { name: "Kayako", state: "live", endpoint: "kayako_cases" };
    }
    const retry = changes.retry_s ? { retry_at: at(-changes.retry_s) } : {};
    if (changes.problem) frame.source.problem = Object.assign({}, changes.problem, retry);
    const line = Object.assign({ open: true, started_at: 90000, closed_at: null, heard_at: 100000, refused: null }, changes.line);
    const found = notLive({ frame: changes.no_frame ? null : frame, line, line_now_ms: 100500 + (changes.silent_ms || 0),
        cause: changes.cause || null, failed: Boolean(changes.failed), now_ms: changes.no_clock ? null : now_ms });
    return found && [found.cause].concat(found.lines);
}"""
LAST = "These are the last values. "
WEB = ["web", "Queuelight's own server does not answer.", LAST + "Trying again every few seconds."]
OPENING = ["opening", "Waiting for the first picture.", "Connecting to Queuelight."]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"age_s": 4}, None),
        ({"problem": {"kind": "timeout", "message": "It stutters."}, "failing": True}, None),
        ({"silent_ms": 7000}, None),
        ({"silent_ms": 8000}, WEB),
        ({"line": {"open": False, "closed_at": 99500}}, None),
        (
            {"line": {"open": False, "closed_at": 98000}},
            WEB,
        ),
        (
            {"cause": "redis"},
            ["redis", "Queuelight's memory (Redis) does not answer.", LAST + "The board comes back by itself when it does."],
        ),
        (
            {"cause": "worker", "age_s": 60},
            [
                "worker",
                "Queuelight's worker has stopped: nobody asks Zendesk Talk.",
                LAST + "The board comes back by itself when it runs again.",
            ],
        ),
        (
            {"cause": "beat", "age_s": 60},
            [
                "beat",
                "Queuelight's scheduler has stopped: nobody asks Zendesk Talk.",
                LAST + "The board comes back by itself when it runs again.",
            ],
        ),
        ({"age_s": 6, "silent_ms": 4000}, ["source", "Nothing new from Zendesk Talk since 15:32:01.", LAST + "Trying again by itself."]),
        ({"age_s": 6, "silent_ms": 5000}, WEB),
        ({"line": {"heard_at": None, "started_at": 97000}}, OPENING),
        ({"line": {"heard_at": None, "started_at": 96000}}, WEB),
        ({"age_s": 60}, ["source", "Nothing new from Zendesk Talk since 15:31:07.", LAST + "Trying again by itself."]),
        (
            {"age_s": 60, "failing": True, "problem": {"kind": "timeout", "message": "Zendesk Talk has not answered since 15:31:08."}},
            ["source", "Zendesk Talk has not answered since 15:31:08.", LAST + "Trying again by itself."],
        ),
        (
            {"age_s": 60, "failing": True, "retry_s": 30, "problem": {"kind": "rate_limit", "message": "A pause."}},
            ["source", "A pause.", LAST + "Trying again at 15:32:37."],
        ),
        (
            {"stopped": True, "problem": {"kind": "auth", "message": "Refused (401). Polling has stopped until the settings change."}},
            ["source", "Refused (401). Polling has stopped until the settings change.", LAST.strip()],
        ),
        ({"age_s": None}, ["source", "Zendesk Talk has not answered yet.", "Trying again by itself."]),
        ({"speaks": True, "age_s": 90}, None),
        ({"speaks": True, "age_s": 600}, ["source", "Nothing new from Kayako since 15:22:07.", LAST + "Trying again by itself."]),
        (
            {"speaks": True, "age_s": 600, "problem": {"kind": "forbidden", "message": "", "since": "2026-11-21T14:20:00Z"}},
            ["source", "Kayako has not let these credentials read its numbers (403) since 15:20:00.", LAST + "Trying again by itself."],
        ),
        (
            {"speaks": True, "age_s": None, "feed": {"waiting": True, "reading": {"done": 1200, "total": 20000}}},
            ["reading", "Kayako is being read for the first time: 1,200 of 20,000.", "Numbers come as they are known."],
        ),
        (
            {"speaks": True, "age_s": None, "feed": {"failing": True, "reading": {"done": 1200}}},
            ["source", "Kayako has not answered yet.", "Trying again by itself."],
        ),
        ({"no_frame": True}, OPENING),
        ({"no_clock": True}, OPENING),
        (
            {"line": {"refused": "revoked"}},
            ["refused", "This screen may not show this board any more.", "An administrator can give it a new address."],
        ),
        ({"failed": True, "cause": "redis"}, ["page", "This page has failed.", LAST + "It reloads itself in a moment."]),
    ],
)
def test_not_live_names_the_nearest_broken_part(modules: Page, changes: dict[str, Any], expected: list[str] | None) -> None:
    assert modules.evaluate(CAUSES, [LIVE, changes]) == expected
