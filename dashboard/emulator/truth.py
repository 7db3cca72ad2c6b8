"""The truth that no vendor tells: of each call its waits, its fate, its line, its agents; and which spikes were injected.

In:  a world. Out: the latest calls as plain values ready for JSON; the world keeps the last 50,000 (`WorldConfig.calls_kept`).
Estimates made from the vendor's answers are measured against this.
"""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile

from dashboard.emulator.calls import Call, Visit
from dashboard.emulator.days import to_datetime, to_ms
from dashboard.emulator.world import World


def calls(world: World, since: datetime | None, limit: int) -> list[dict[str, object]]:
    """Calls in order of arrival, at most `limit`: the first that arrived at or after `since` (aware), or without it the newest.

    Times are ISO 8601 in UTC with milliseconds. A call:
    `id`, `direction` (inbound, outbound), `origin` (phone, widget), `line_id`, `group_id`, `arrived_at`, `answered_at`, `ended_at`,
    `fate` (None while it is open: answered, abandoned, menu_hangup, textback, voicemail_requested, voicemail_max_wait,
    voicemail_no_agents, callback_answered, callback_failed, outbound_answered, outbound_unanswered), `wait_s` (all its time in the
    live queue, up to now), `agent_ids` in order, and `visits`, its stays in a queue: `kind` (live, callback, widget), `entered_at`,
    `left_at`, `wait_s`, `outcome` (None while it waits; answered, abandoned, callback_requested or a voicemail's reason), `agent_id`.
    ValueError for a limit below 0.
    """
    if limit < 0:
        raise ValueError("the limit is below 0")
    stage = world.stage
    if since is None:
        chosen = list(stage.calls)[max(0, len(stage.calls) - limit) :]
    else:
        since_ms = to_ms(since)
        chosen = [*takewhile(lambda call: call.arrived_ms >= since_ms, reversed(stage.calls))][::-1][:limit]
    return [_call(call, stage.now_ms) for call in chosen]


def spikes(world: World) -> list[dict[str, object]]:
    """What was injected, in the order of injection: `shape`, `size`, `from` and `to` (ISO 8601), `state` (to come, on, over)."""
    now_ms = world.stage.now_ms
    return [
        {
            "shape": spike.shape,
            "size": spike.size,
            "from": _iso(spike.from_ms),
            "to": _iso(spike.to_ms),
            "state": "to come" if now_ms < spike.from_ms else "on" if now_ms < spike.to_ms else "over",
        }
        for spike in world.spikes
    ]


def _iso(at_ms: int | None) -> str | None:
    return None if at_ms is None else to_datetime(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _wait_s(visit: Visit, now_ms: int) -> float:
    return ((now_ms if visit.left_ms is None else visit.left_ms) - visit.entered_ms) / 1000


def _call(call: Call, now_ms: int) -> dict[str, object]:
    return {
        "id": call.id,
        "direction": call.direction,
        "origin": call.origin,
        "line_id": call.line.id,
        "group_id": call.group_id,
        "arrived_at": _iso(call.arrived_ms),
        "answered_at": _iso(call.answered_ms),
        "ended_at": _iso(call.ended_ms),
        "fate": call.fate,
        "wait_s": round(sum(_wait_s(visit, now_ms) for visit in call.visits if visit.kind == "live"), 3),
        "agent_ids": list(call.agent_ids),
        "visits": [
            {
                "kind": visit.kind,
                "entered_at": _iso(visit.entered_ms),
                "left_at": _iso(visit.left_ms),
                "wait_s": _wait_s(visit, now_ms),
                "outcome": visit.outcome,
                "agent_id": visit.agent_id,
            }
            for visit in call.visits
        ],
    }
