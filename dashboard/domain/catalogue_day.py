"""The phones' day: the account's totals and means from its own midnight on, and those of all agents.

In:  nothing. Out: DAY, entries of the catalogue.
"""

from __future__ import annotations

from dashboard.domain import derive
from dashboard.domain.catalogue_vendor import upto, vendor_number
from dashboard.domain.feeds import Endpoint
from dashboard.domain.metric import Better, Metric, Plan, Unit

_N, _S, _R = Unit.COUNT, Unit.SECONDS, Unit.RATIO
_PRO = Plan.PROFESSIONAL
_LOW, _HIGH = Better.LOWER, Better.HIGHER
_ACC, _TEAM = Endpoint.ACCOUNT, Endpoint.AGENTS_OVERVIEW

DAY: tuple[Metric, ...] = (
    # --- the account's day, from its own midnight
    vendor_number(_ACC, "total_calls", "Calls today", _N, "Inbound and outbound calls today."),
    vendor_number(_ACC, "total_inbound_calls", "Inbound today", _N, "Inbound calls today.", plan=_PRO),
    vendor_number(_ACC, "total_outbound_calls", "Outbound today", _N, "Outbound calls today.", plan=_PRO),
    vendor_number(
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
        upto(0.05, 0.05, 0.045, 0.10, 0.09),
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
    vendor_number(
        _ACC,
        "average_queue_wait_time",
        "Average queue wait today",
        _S,
        "Mean time in the queue before a call was routed to an agent, today.",
        better=_LOW,
    ),
    vendor_number(_ACC, "max_queue_wait_time", "Longest wait today", _S, "The longest queue wait today.", better=_LOW),
    vendor_number(
        _ACC,
        "max_calls_waiting",
        "Most waiting today",
        _N,
        "The most callers waiting at once today, on the line and for a callback.",
        better=_LOW,
    ),
    vendor_number(
        _ACC,
        "average_time_to_answer",
        "Time to answer, with greeting",
        _S,
        "Mean time from the system's answer to an agent's, greetings included.",
        plan=_PRO,
        better=_LOW,
    ),
    vendor_number(
        _ACC,
        "average_callback_wait_time",
        "Average callback wait",
        _S,
        "Mean wait of a callback in the queue, without the available-agents greeting.",
        plan=_PRO,
        better=_LOW,
    ),
    vendor_number(_ACC, "average_call_duration", "Average call", _S, "Mean duration of all calls today."),
    vendor_number(_ACC, "average_hold_time", "Average hold", _S, "Mean hold per call today.", plan=_PRO, better=_LOW),
    vendor_number(_ACC, "average_wrap_up_time", "Average wrap-up", _S, "Mean wrap-up per call today.", better=_LOW),
    vendor_number(_ACC, "total_call_duration", "Call time today", _S, "All call time today."),
    vendor_number(_ACC, "total_hold_time", "Hold time today", _S, "All hold time today.", plan=_PRO),
    vendor_number(_ACC, "total_wrap_up_time", "Wrap-up time today", _S, "All wrap-up time today."),
    vendor_number(_ACC, "total_voicemails", "Voicemails today", _N, "Calls that ended in voicemail today, for any reason.", better=_LOW),
    vendor_number(_ACC, "total_callback_calls", "Callbacks today", _N, "Callback requests today, successful or not.", plan=_PRO),
    vendor_number(
        _ACC,
        "total_embeddable_callback_calls",
        "Widget callbacks today",
        _N,
        "Callbacks requested in the Web Widget today, successful or not.",
        plan=_PRO,
    ),
    vendor_number(
        _ACC, "total_calls_outside_business_hours", "Out of hours today", _N, "Calls received outside business hours today.", plan=_PRO
    ),
    vendor_number(
        _ACC,
        "total_calls_with_exceeded_queue_wait_time",
        "Waited too long today",
        _N,
        "Calls sent to voicemail after the maximum queue wait today.",
        plan=_PRO,
        better=_LOW,
    ),
    vendor_number(
        _ACC, "total_calls_with_requested_voicemail", "Asked for voicemail today", _N, "Callers who chose voicemail today.", plan=_PRO
    ),
    vendor_number(_ACC, "total_textback_requests", "Textbacks today", _N, "Textback messages sent from the menu today.", plan=_PRO),
    # --- all agents' day
    vendor_number(_TEAM, "total_calls_accepted", "Accepted today", _N, "Calls that agents accepted today."),
    vendor_number(
        _TEAM,
        "total_calls_denied",
        "Declined today",
        _N,
        "Offers that agents declined today; one call can be declined by several.",
        better=_LOW,
    ),
    vendor_number(
        _TEAM,
        "total_calls_missed",
        "Missed offers today",
        _N,
        "Offers that agents did not answer today; one call can be missed by several.",
        better=_LOW,
    ),
    vendor_number(_TEAM, "total_talk_time", "Talk time today", _S, "All talk time of agents today."),
    vendor_number(
        _TEAM,
        "total_wrap_up_time",
        "Agents' wrap-up time today",
        _S,
        "All wrap-up time of agents today.",
        name="agents_overview_total_wrap_up_time",
    ),
    vendor_number(
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
    vendor_number(_TEAM, "average_calls_accepted", "Accepted per agent", _N, "Mean of accepted calls per agent.", plan=_PRO),
    vendor_number(_TEAM, "average_calls_denied", "Declined per agent", _N, "Mean of declined offers per agent.", plan=_PRO, better=_LOW),
    vendor_number(_TEAM, "average_calls_missed", "Missed per agent", _N, "Mean of missed offers per agent.", plan=_PRO, better=_LOW),
    vendor_number(_TEAM, "average_calls_put_on_hold", "Held per agent", _N, "Mean of calls put on hold per agent.", plan=_PRO),
    vendor_number(_TEAM, "average_accepted_transfers", "Transfers taken per agent", _N, "Mean of accepted transfers per agent.", plan=_PRO),
    vendor_number(_TEAM, "average_started_transfers", "Transfers made per agent", _N, "Mean of started transfers per agent.", plan=_PRO),
    vendor_number(_TEAM, "average_available_time", "Available per agent", _S, "Mean available time per agent.", plan=_PRO),
    vendor_number(_TEAM, "average_away_time", "Away per agent", _S, "Mean away time per agent.", plan=_PRO),
    vendor_number(_TEAM, "average_online_time", "Signed in per agent", _S, "Mean signed-in time per agent.", plan=_PRO),
    vendor_number(_TEAM, "average_transfers_only_time", "Transfers-only per agent", _S, "Mean transfers-only time per agent.", plan=_PRO),
    vendor_number(_TEAM, "average_talk_time", "Average talk", _S, "Mean talk time per call.", plan=_PRO),
    vendor_number(
        _TEAM,
        "average_hold_time",
        "Agents' average hold",
        _S,
        "Mean hold per call over all agents.",
        name="agents_overview_average_hold_time",
        plan=_PRO,
    ),
    vendor_number(
        _TEAM,
        "total_hold_time",
        "Agents' hold time today",
        _S,
        "All hold time of agents today.",
        name="agents_overview_total_hold_time",
        plan=_PRO,
    ),
    vendor_number(_TEAM, "total_accepted_transfers", "Transfers taken today", _N, "Transfers that agents accepted today.", plan=_PRO),
    vendor_number(_TEAM, "total_started_transfers", "Transfers made today", _N, "Transfers that agents started today.", plan=_PRO),
    vendor_number(_TEAM, "total_calls_put_on_hold", "Held today", _N, "Calls that agents put on hold today.", plan=_PRO),
)
