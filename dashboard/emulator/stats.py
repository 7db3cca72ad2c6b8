"""The vendor's four answers, computed from the one world, so that they agree with each other.

In:  a world and a filter (None: none; ids that do not exist match nothing). Out: the vendor's field names and values, those of all
plans; counts and whole seconds are integers >= 0. Means are cut, not rounded, and 0 where there is nothing to average.
A total of several lines or agents is the sum of their whole seconds, so that the parts always add up.
Must not know HTTP or plans; reading changes nothing but how far running times have been added up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from dashboard.emulator.calls import LIVE, WIDGET
from dashboard.emulator.people import Agent, Doing
from dashboard.emulator.world import World

PRO_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "current_queue_activity": frozenset(),
        "account_overview": frozenset(
            (
                "average_callback_wait_time",
                "average_hold_time",
                "average_time_to_answer",
                "total_callback_calls",
                "total_calls_abandoned_in_queue",
                "total_calls_outside_business_hours",
                "total_calls_with_exceeded_queue_wait_time",
                "total_calls_with_requested_voicemail",
                "total_embeddable_callback_calls",
                "total_hold_time",
                "total_inbound_calls",
                "total_outbound_calls",
                "total_textback_requests",
            )
        ),
        "agents_activity": frozenset(
            (
                "accepted_third_party_conferences",
                "accepted_transfers",
                "average_hold_time",
                "average_talk_time",
                "average_wrap_up_time",
                "calls_put_on_hold",
                "started_third_party_conferences",
                "started_transfers",
                "total_hold_time",
            )
        ),
        "agents_overview": frozenset(
            (
                "average_accepted_transfers",
                "average_available_time",
                "average_away_time",
                "average_calls_accepted",
                "average_calls_denied",
                "average_calls_missed",
                "average_calls_put_on_hold",
                "average_hold_time",
                "average_online_time",
                "average_started_transfers",
                "average_talk_time",
                "average_transfers_only_time",
                "total_accepted_transfers",
                "total_calls_put_on_hold",
                "total_hold_time",
                "total_started_transfers",
            )
        ),
    }
)
"""Per endpoint, the fields that only the Professional plan and above send."""


def _mean(total: int, count: int) -> int:
    return total // count if count else 0


def _mean_s(total_ms: int, count: int) -> int:
    return total_ms // count // 1000 if count else 0


def _seconds(times_ms: Iterable[int]) -> int:
    return sum(ms // 1000 for ms in times_ms)


def current_queue_activity(world: World, line_ids: Collection[int] | None) -> dict[str, int]:
    """The queue now. `agents_online` (online or away) is the account's under any filter: agents belong to groups, not to lines."""
    stage = world.stage
    waiting = [call for call in stage.waiting_calls.values() if line_ids is None or call.line.id in line_ids]
    waits_ms = [stage.now_ms - call.visit.entered_ms for call in waiting if call.visit.kind == LIVE]
    widget_count = sum(call.visit.kind == WIDGET for call in waiting)
    return {
        "agents_online": sum(agent.state in ("online", "away") for agent in stage.agents.values()),
        "average_wait_time": _mean_s(sum(waits_ms), len(waits_ms)),
        "callbacks_waiting": len(waiting) - len(waits_ms) - widget_count,
        "calls_waiting": len(waits_ms),
        "embeddable_callbacks_waiting": widget_count,
        "longest_wait_time": max(waits_ms, default=0) // 1000,
    }


def account_overview(world: World, line_ids: Collection[int] | None) -> dict[str, int]:
    """The day of the account, or of some of its lines, since midnight. The longest wait includes those who wait now."""
    stage = world.stage
    stage.settle()
    chosen = [line_id for line_id in world.line_ids if line_ids is None or line_id in line_ids]
    tallies = [stage.book.lines[line_id] for line_id in chosen]

    def count(field: str) -> int:
        return sum(getattr(tally, field) for tally in tallies)

    def seconds(field: str) -> int:
        return _seconds(getattr(tally, field) for tally in tallies)

    def mean_s(time: str, of: str) -> int:
        return _mean_s(count(time), count(of))

    inbound, outbound = count("inbound_count"), count("outbound_count")
    return {
        "average_call_duration": mean_s("call_ms", "call_count"),
        "average_callback_wait_time": mean_s("callback_wait_ms", "callback_wait_count"),
        "average_hold_time": mean_s("hold_ms", "leg_count"),
        "average_queue_wait_time": mean_s("queue_wait_ms", "queue_wait_count"),
        "average_time_to_answer": mean_s("answer_ms", "answer_count"),
        "average_wrap_up_time": mean_s("wrap_up_ms", "wrap_up_count"),
        "max_calls_waiting": stage.book.waiting.peak(chosen),
        "max_queue_wait_time": max(
            max((tally.max_queue_wait_ms for tally in tallies), default=0) // 1000,
            current_queue_activity(world, chosen)["longest_wait_time"],
        ),
        "total_call_duration": seconds("call_ms"),
        "total_callback_calls": count("callback_count"),
        "total_calls": inbound + outbound,
        "total_calls_abandoned_in_queue": count("abandoned_count"),
        "total_calls_outside_business_hours": count("outside_hours_count"),
        "total_calls_with_exceeded_queue_wait_time": count("exceeded_wait_count"),
        "total_calls_with_requested_voicemail": count("requested_voicemail_count"),
        "total_embeddable_callback_calls": count("widget_callback_count"),
        "total_hold_time": seconds("hold_ms"),
        "total_inbound_calls": inbound,
        "total_outbound_calls": outbound,
        "total_textback_requests": count("textback_count"),
        "total_voicemails": count("voicemail_count"),
        "total_wrap_up_time": seconds("wrap_up_ms"),
    }


def _call_status(agent: Agent) -> str | None:
    if agent.doing.on_call:
        return "on_call"
    return "wrap_up" if agent.doing is Doing.WRAP_UP else None


def agents_activity(world: World, group_ids: Collection[int] | None) -> list[dict[str, object]]:
    """Each agent's state and day, ordered by agent_id; with a filter, those who belong to at least one of the groups."""
    stage = world.stage
    stage.settle()
    chosen = [a for a in stage.agents.values() if group_ids is None or any(group_id in group_ids for group_id in a.group_ids)]
    return [_activity(agent) for agent in sorted(chosen, key=lambda agent: agent.id)]


def _activity(agent: Agent) -> dict[str, object]:
    tally = agent.tally
    return {
        "agent_id": agent.id,
        "agent_state": agent.state,
        "name": agent.name,
        "via": agent.via,
        "avatar_url": agent.avatar_url,
        "forwarding_number": agent.forwarding_number,
        "call_status": _call_status(agent),
        "accepted_third_party_conferences": tally.accepted_conference_count,
        "accepted_transfers": tally.accepted_transfer_count,
        "available_time": tally.available_ms // 1000,
        "average_hold_time": _mean_s(tally.hold_ms, tally.leg_count),
        "average_talk_time": _mean_s(tally.talk_ms, tally.leg_count),
        "average_wrap_up_time": _mean_s(tally.wrap_up_ms, tally.wrap_up_count),
        "away_time": tally.away_ms // 1000,
        "calls_accepted": tally.accepted_count,
        "calls_denied": tally.denied_count,
        "calls_missed": tally.missed_count,
        "calls_put_on_hold": tally.held_count,
        "online_time": tally.online_ms // 1000,
        "started_third_party_conferences": tally.started_conference_count,
        "started_transfers": tally.started_transfer_count,
        "total_call_duration": tally.call_ms // 1000,
        "total_hold_time": tally.hold_ms // 1000,
        "total_talk_time": tally.talk_ms // 1000,
        "total_wrap_up_time": tally.wrap_up_ms // 1000,
        "transfers_only_time": tally.transfers_only_ms // 1000,
    }


def agents_overview(world: World) -> dict[str, int]:
    """All agents together since midnight. Means per agent are over those who were signed in today, means per call over their calls."""
    stage = world.stage
    stage.settle()
    tallies = [agent.tally for agent in stage.agents.values()]
    present_count = sum(tally.online_ms > 0 for tally in tallies)

    def count(field: str) -> int:
        return sum(getattr(tally, field) for tally in tallies)

    def seconds(field: str) -> int:
        return _seconds(getattr(tally, field) for tally in tallies)

    def each(field: str) -> int:
        return _mean(count(field), present_count)

    def each_s(field: str) -> int:
        return _mean_s(count(field), present_count)

    return {
        "average_accepted_transfers": each("accepted_transfer_count"),
        "average_available_time": each_s("available_ms"),
        "average_away_time": each_s("away_ms"),
        "average_calls_accepted": each("accepted_count"),
        "average_calls_denied": each("denied_count"),
        "average_calls_missed": each("missed_count"),
        "average_calls_put_on_hold": each("held_count"),
        "average_hold_time": _mean_s(count("hold_ms"), count("leg_count")),
        "average_online_time": each_s("online_ms"),
        "average_started_transfers": each("started_transfer_count"),
        "average_talk_time": _mean_s(count("talk_ms"), count("leg_count")),
        "average_transfers_only_time": each_s("transfers_only_ms"),
        "average_wrap_up_time": _mean_s(count("wrap_up_ms"), count("wrap_up_count")),
        "total_accepted_transfers": count("accepted_transfer_count"),
        "total_calls_accepted": count("accepted_count"),
        "total_calls_denied": count("denied_count"),
        "total_calls_missed": count("missed_count"),
        "total_calls_put_on_hold": count("held_count"),
        "total_hold_time": seconds("hold_ms"),
        "total_started_transfers": count("started_transfer_count"),
        "total_talk_time": seconds("talk_ms"),
        "total_wrap_up_time": seconds("wrap_up_ms"),
    }
