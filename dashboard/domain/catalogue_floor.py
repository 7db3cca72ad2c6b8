"""The floor of the phones as it is: who waits, and what the agents do and did today.

In:  nothing. Out: FLOOR, entries of the catalogue.
"""

from __future__ import annotations

from dashboard.domain import derive
from dashboard.domain.catalogue_vendor import upto, vendor_number
from dashboard.domain.feeds import Endpoint
from dashboard.domain.metric import Better, Metric, Unit

_N, _S, _R = Unit.COUNT, Unit.SECONDS, Unit.RATIO
_LOW, _HIGH = Better.LOWER, Better.HIGHER
_Q, _A = Endpoint.QUEUE, Endpoint.AGENTS

FLOOR: tuple[Metric, ...] = (
    # --- the live queue
    vendor_number(
        _Q,
        "longest_wait_time",
        "Longest wait",
        _S,
        "The longest wait of the callers waiting now.",
        better=_LOW,
        threshold=upto(120, 120, 105, 180, 165),
    ),
    vendor_number(_Q, "average_wait_time", "Average wait", _S, "The mean wait so far of the callers waiting now.", better=_LOW),
    vendor_number(_Q, "calls_waiting", "Calls waiting", _N, "Callers in the live queue now.", better=_LOW, threshold=upto(6, 7, 6, 13, 11)),
    vendor_number(
        _Q, "callbacks_waiting", "Callbacks waiting", _N, "Callers in the callback queue now.", better=_LOW, threshold=upto(4, 5, 4, 10, 8)
    ),
    vendor_number(
        _Q,
        "embeddable_callbacks_waiting",
        "Widget callbacks waiting",
        _N,
        "Callbacks requested in the Web Widget that wait now.",
        better=_LOW,
    ),
    vendor_number(
        _Q, "agents_online", "Agents online", _N, "Agents online or away now, those on a call or wrapping up included.", better=_HIGH
    ),
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
)
