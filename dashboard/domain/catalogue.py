"""The catalogue: every number Queuelight knows, once. Widgets, frames, history, API and docs/metrics.md all read it.

A new metric is one new entry. A vendor's number keeps the vendor's field name; where two endpoints use one name for two
things, the agents overview's gets the prefix `agents_overview_`. Formulas live in `derive.py`, the last minutes in `catalogue_lately.py`;
tickets, service levels and conversations in files of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.domain import derive
from dashboard.domain.catalogue_cases import CASES
from dashboard.domain.catalogue_lately import LATELY
from dashboard.domain.catalogue_sla import SLA
from dashboard.domain.catalogue_tickets import TICKETS
from dashboard.domain.feeds import Endpoint
from dashboard.domain.metric import Better, Metric, Plan, Unit
from dashboard.domain.thresholds import Threshold

__all__ = ["CATALOGUE", "Better", "Metric", "Plan", "Unit"]


def _upto(target: float, warning: float, warning_leave: float, critical: float, critical_leave: float) -> Threshold:
    return Threshold(target, warning, warning_leave, critical, critical_leave)


def _vendor(
    endpoint: Endpoint,
    field: str,
    label: str,
    unit: Unit,
    definition: str,
    *,
    name: str = "",
    plan: Plan = Plan.TEAM,
    better: Better = Better.NEITHER,
    threshold: Threshold | None = None,
) -> Metric:
    value, total = derive.field(endpoint, field), field.startswith("total_")
    return Metric(name or field, label, unit, endpoint, definition, value, plan, better, None, threshold, total)


_N, _S, _R = Unit.COUNT, Unit.SECONDS, Unit.RATIO
_PRO = Plan.PROFESSIONAL
_LOW, _HIGH = Better.LOWER, Better.HIGHER
_Q, _A, _ACC, _TEAM = Endpoint.QUEUE, Endpoint.AGENTS, Endpoint.ACCOUNT, Endpoint.AGENTS_OVERVIEW

_ENTRIES: tuple[Metric, ...] = (
    # --- the live queue
    _vendor(
        _Q,
        "longest_wait_time",
        "Longest wait",
        _S,
        "The longest wait of the callers waiting now.",
        better=_LOW,
        threshold=_upto(120, 120, 105, 180, 165),
    ),
    _vendor(_Q, "average_wait_time", "Average wait", _S, "The mean wait so far of the callers waiting now.", better=_LOW),
    _vendor(_Q, "calls_waiting", "Calls waiting", _N, "Callers in the live queue now.", better=_LOW, threshold=_upto(6, 7, 6, 13, 11)),
    _vendor(
        _Q, "callbacks_waiting", "Callbacks waiting", _N, "Callers in the callback queue now.", better=_LOW, threshold=_upto(4, 5, 4, 10, 8)
    ),
    _vendor(
        _Q,
        "embeddable_callbacks_waiting",
        "Widget callbacks waiting",
        _N,
        "Callbacks requested in the Web Widget that wait now.",
        better=_LOW,
    ),
    _vendor(_Q, "agents_online", "Agents online", _N, "Agents online or away now, those on a call or wrapping up included.", better=_HIGH),
    # --- the agents now
    Metric(
        "agents_available",
        "Available",
        _N,
        _A,
        "Agents online who are neither on a call nor wrapping up.",
        derive.agents_in(derive.Presence.AVAILABLE),
        better=_HIGH,
        formula="count(agent_state = online and call_status is null)",
    ),
    Metric(
        "agents_on_call",
        "On call",
        _N,
        _A,
        "Agents on a call.",
        derive.agents_in(derive.Presence.ON_CALL),
        formula="count(call_status = on_call)",
    ),
    Metric(
        "agents_wrap_up",
        "Wrap-up",
        _N,
        _A,
        "Agents in after-call work.",
        derive.agents_in(derive.Presence.WRAP_UP),
        formula="count(call_status = wrap_up)",
    ),
    Metric(
        "agents_away",
        "Away",
        _N,
        _A,
        "Agents away who are not on a call.",
        derive.agents_in(derive.Presence.AWAY),
        formula="count(agent_state = away and call_status is null)",
    ),
    Metric(
        "agents_transfers_only",
        "Transfers only",
        _N,
        _A,
        "Agents who take transfers alone and are not on a call.",
        derive.agents_in(derive.Presence.TRANSFERS_ONLY),
        formula="count(agent_state = transfers_only and call_status is null)",
    ),
    Metric(
        "average_handle_time",
        "AHT today",
        _S,
        _A,
        "Mean handle time today: talk, hold and wrap-up of a handled call. Outbound talk counts too; no hold on the Team plan.",
        derive.average_handle_time,
        better=_LOW,
        formula="sum(total_talk_time + total_hold_time + total_wrap_up_time) / sum(calls_accepted)",
    ),
    Metric(
        "occupancy_ratio",
        "Occupancy today",
        _R,
        _A,
        "Share of signed-in time that agents spent handling calls; above 85 % for long is burn-out.",
        derive.occupancy_ratio,
        formula="sum(total_talk_time + total_hold_time + total_wrap_up_time) / sum(online_time)",
    ),
    # --- the account's day, from its own midnight
    _vendor(_ACC, "total_calls", "Calls today", _N, "Inbound and outbound calls today."),
    _vendor(_ACC, "total_inbound_calls", "Inbound today", _N, "Inbound calls today.", plan=_PRO),
    _vendor(_ACC, "total_outbound_calls", "Outbound today", _N, "Outbound calls today.", plan=_PRO),
    _vendor(
        _ACC,
        "total_calls_abandoned_in_queue",
        "Abandoned today",
        _N,
        "Callers who hung up while they were in the queue today.",
        plan=_PRO,
        better=_LOW,
    ),
    Metric(
        "abandon_ratio",
        "Abandoned today",
        _R,
        _ACC,
        "Share of today's inbound calls that hung up in the queue.",
        derive.abandon_ratio,
        _PRO,
        _LOW,
        "total_calls_abandoned_in_queue / total_inbound_calls, from 10 inbound calls",
        _upto(0.05, 0.05, 0.045, 0.10, 0.09),
    ),
    Metric(
        "voicemail_ratio",
        "Voicemails today",
        _R,
        _ACC,
        "Share of today's inbound calls that ended in voicemail, for any reason.",
        derive.share(_ACC, "total_voicemails", "total_inbound_calls"),
        _PRO,
        _LOW,
        "total_voicemails / total_inbound_calls, from 10 inbound calls",
    ),
    Metric(
        "overflow_ratio",
        "Waited too long today",
        _R,
        _ACC,
        "Share of today's inbound calls that were sent to voicemail after the maximum queue wait.",
        derive.share(_ACC, "total_calls_with_exceeded_queue_wait_time", "total_inbound_calls"),
        _PRO,
        _LOW,
        "total_calls_with_exceeded_queue_wait_time / total_inbound_calls, from 10 inbound calls",
    ),
    _vendor(
        _ACC,
        "average_queue_wait_time",
        "Average queue wait today",
        _S,
        "Mean time in the queue before a call was routed to an agent, today.",
        better=_LOW,
    ),
    _vendor(_ACC, "max_queue_wait_time", "Longest wait today", _S, "The longest queue wait today.", better=_LOW),
    _vendor(
        _ACC,
        "max_calls_waiting",
        "Most waiting today",
        _N,
        "The most callers waiting at once today, on the line and for a callback.",
        better=_LOW,
    ),
    _vendor(
        _ACC,
        "average_time_to_answer",
        "Time to answer, with greeting",
        _S,
        "Mean time from the system's answer to an agent's, greetings included.",
        plan=_PRO,
        better=_LOW,
    ),
    _vendor(
        _ACC,
        "average_callback_wait_time",
        "Average callback wait",
        _S,
        "Mean wait of a callback in the queue, without the available-agents greeting.",
        plan=_PRO,
        better=_LOW,
    ),
    _vendor(_ACC, "average_call_duration", "Average call", _S, "Mean duration of all calls today."),
    _vendor(_ACC, "average_hold_time", "Average hold", _S, "Mean hold per call today.", plan=_PRO, better=_LOW),
    _vendor(_ACC, "average_wrap_up_time", "Average wrap-up", _S, "Mean wrap-up per call today.", better=_LOW),
    _vendor(_ACC, "total_call_duration", "Call time today", _S, "All call time today."),
    _vendor(_ACC, "total_hold_time", "Hold time today", _S, "All hold time today.", plan=_PRO),
    _vendor(_ACC, "total_wrap_up_time", "Wrap-up time today", _S, "All wrap-up time today."),
    _vendor(_ACC, "total_voicemails", "Voicemails today", _N, "Calls that ended in voicemail today, for any reason.", better=_LOW),
    _vendor(_ACC, "total_callback_calls", "Callbacks today", _N, "Callback requests today, successful or not.", plan=_PRO),
    _vendor(
        _ACC,
        "total_embeddable_callback_calls",
        "Widget callbacks today",
        _N,
        "Callbacks requested in the Web Widget today, successful or not.",
        plan=_PRO,
    ),
    _vendor(
        _ACC, "total_calls_outside_business_hours", "Out of hours today", _N, "Calls received outside business hours today.", plan=_PRO
    ),
    _vendor(
        _ACC,
        "total_calls_with_exceeded_queue_wait_time",
        "Waited too long today",
        _N,
        "Calls sent to voicemail after the maximum queue wait today.",
        plan=_PRO,
        better=_LOW,
    ),
    _vendor(_ACC, "total_calls_with_requested_voicemail", "Asked for voicemail today", _N, "Callers who chose voicemail today.", plan=_PRO),
    _vendor(_ACC, "total_textback_requests", "Textbacks today", _N, "Textback messages sent from the menu today.", plan=_PRO),
    # --- all agents' day
    _vendor(_TEAM, "total_calls_accepted", "Accepted today", _N, "Calls that agents accepted today."),
    _vendor(
        _TEAM,
        "total_calls_denied",
        "Declined today",
        _N,
        "Offers that agents declined today; one call can be declined by several.",
        better=_LOW,
    ),
    _vendor(
        _TEAM,
        "total_calls_missed",
        "Missed offers today",
        _N,
        "Offers that agents did not answer today; one call can be missed by several.",
        better=_LOW,
    ),
    _vendor(_TEAM, "total_talk_time", "Talk time today", _S, "All talk time of agents today."),
    _vendor(
        _TEAM,
        "total_wrap_up_time",
        "Agents' wrap-up time today",
        _S,
        "All wrap-up time of agents today.",
        name="agents_overview_total_wrap_up_time",
    ),
    _vendor(
        _TEAM,
        "average_wrap_up_time",
        "Agents' average wrap-up",
        _S,
        "Mean wrap-up per call over all agents.",
        name="agents_overview_average_wrap_up_time",
        better=_LOW,
    ),
    Metric(
        "miss_ratio",
        "Missed offers today",
        _R,
        _TEAM,
        "Share of today's offers that agents did not answer; one call can be missed by several.",
        derive.miss_ratio,
        better=_LOW,
        formula="total_calls_missed / (total_calls_accepted + total_calls_missed + total_calls_denied), from 10 offers",
    ),
    _vendor(_TEAM, "average_calls_accepted", "Accepted per agent", _N, "Mean of accepted calls per agent.", plan=_PRO),
    _vendor(_TEAM, "average_calls_denied", "Declined per agent", _N, "Mean of declined offers per agent.", plan=_PRO, better=_LOW),
    _vendor(_TEAM, "average_calls_missed", "Missed per agent", _N, "Mean of missed offers per agent.", plan=_PRO, better=_LOW),
    _vendor(_TEAM, "average_calls_put_on_hold", "Held per agent", _N, "Mean of calls put on hold per agent.", plan=_PRO),
    _vendor(_TEAM, "average_accepted_transfers", "Transfers taken per agent", _N, "Mean of accepted transfers per agent.", plan=_PRO),
    _vendor(_TEAM, "average_started_transfers", "Transfers made per agent", _N, "Mean of started transfers per agent.", plan=_PRO),
    _vendor(_TEAM, "average_available_time", "Available per agent", _S, "Mean available time per agent.", plan=_PRO),
    _vendor(_TEAM, "average_away_time", "Away per agent", _S, "Mean away time per agent.", plan=_PRO),
    _vendor(_TEAM, "average_online_time", "Signed in per agent", _S, "Mean signed-in time per agent.", plan=_PRO),
    _vendor(_TEAM, "average_transfers_only_time", "Transfers-only per agent", _S, "Mean transfers-only time per agent.", plan=_PRO),
    _vendor(_TEAM, "average_talk_time", "Average talk", _S, "Mean talk time per call.", plan=_PRO),
    _vendor(
        _TEAM,
        "average_hold_time",
        "Agents' average hold",
        _S,
        "Mean hold per call over all agents.",
        name="agents_overview_average_hold_time",
        plan=_PRO,
    ),
    _vendor(
        _TEAM,
        "total_hold_time",
        "Agents' hold time today",
        _S,
        "All hold time of agents today.",
        name="agents_overview_total_hold_time",
        plan=_PRO,
    ),
    _vendor(_TEAM, "total_accepted_transfers", "Transfers taken today", _N, "Transfers that agents accepted today.", plan=_PRO),
    _vendor(_TEAM, "total_started_transfers", "Transfers made today", _N, "Transfers that agents started today.", plan=_PRO),
    _vendor(_TEAM, "total_calls_put_on_hold", "Held today", _N, "Calls that agents put on hold today.", plan=_PRO),
)

CATALOGUE: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in (*_ENTRIES, *LATELY, *TICKETS, *SLA, *CASES)})
