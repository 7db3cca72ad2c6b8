"""The catalogue's numbers of the last 15, 30 and 60 minutes: differences of the day's totals, not averages of them.

In:  nothing. Out: `LATELY`, entries of the catalogue. How the differences come about is `lately.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.domain import derive
from dashboard.domain.feeds import Endpoint
from dashboard.domain.lately import TARGET_S, WINDOWS_S
from dashboard.domain.metric import Better, Metric, Plan, Unit
from dashboard.domain.thresholds import Threshold

_ACC, _AGENTS, _QUEUE = Endpoint.ACCOUNT, Endpoint.AGENTS, Endpoint.QUEUE


def _of_window(suffix: str, window_s: int) -> Iterator[Metric]:
    span, lately = f"the last {window_s // 60} minutes", f"last {window_s // 60} min"
    yield Metric(
        f"inbound_calls_{suffix}",
        f"Inbound, {lately}",
        Unit.COUNT,
        _ACC,
        f"Inbound calls in {span}: the arrival rate.",
        derive.field(_ACC, f"inbound_calls_{suffix}"),
        Plan.PROFESSIONAL,
        formula=f"growth of total_inbound_calls over {span}",
        window_s=window_s,
    )
    yield Metric(
        f"calls_{suffix}",
        f"Calls, {lately}",
        Unit.COUNT,
        _ACC,
        f"Inbound and outbound calls in {span}.",
        derive.field(_ACC, f"calls_{suffix}"),
        formula=f"growth of total_calls over {span}",
        window_s=window_s,
    )
    yield Metric(
        f"abandon_ratio_{suffix}",
        f"Abandoned, {lately}",
        Unit.RATIO,
        _ACC,
        f"Share of the inbound calls of {span} that hung up in the queue. A call counts when it comes, a hang-up when it happens.",
        derive.share(_ACC, f"abandoned_calls_{suffix}", f"inbound_calls_{suffix}"),
        Plan.PROFESSIONAL,
        Better.LOWER,
        f"growth of total_calls_abandoned_in_queue / growth of total_inbound_calls, over {span}, from 10 inbound calls",
        Threshold(0.05, 0.05, 0.045, 0.10, 0.09),
        window_s=window_s,
    )
    yield Metric(
        f"calls_accepted_{suffix}",
        f"Accepted, {lately}",
        Unit.COUNT,
        _AGENTS,
        f"Calls that agents accepted in {span}.",
        derive.field(_AGENTS, f"calls_accepted_{suffix}"),
        formula=f"growth of sum(calls_accepted) over {span}",
        window_s=window_s,
    )
    yield Metric(
        f"average_handle_time_{suffix}",
        f"AHT, {lately}",
        Unit.SECONDS,
        _AGENTS,
        f"Mean handle time of {span}: talk, hold and wrap-up of a handled call. Outbound talk counts too; no hold on the Team plan.",
        derive.handle_time_lately(suffix),
        better=Better.LOWER,
        formula=f"growth of sum(talk + hold + wrap-up) / growth of sum(calls_accepted), over {span}, from 10 calls",
        window_s=window_s,
    )
    yield Metric(
        f"occupancy_ratio_{suffix}",
        f"Occupancy, {lately}",
        Unit.RATIO,
        _AGENTS,
        f"Share of signed-in time that agents spent handling calls in {span}.",
        derive.occupancy_lately(suffix),
        formula=f"growth of sum(total_talk_time + total_hold_time + total_wrap_up_time) / growth of sum(online_time), over {span}",
        window_s=window_s,
    )


LATELY: tuple[Metric, ...] = (
    *(metric for suffix, window_s in WINDOWS_S.items() for metric in _of_window(suffix, window_s)),
    Metric(
        "in_target_ratio_60m",
        "Wait in target, last 60 min",
        Unit.RATIO,
        _QUEUE,
        f"Share of the last 60 minutes in which nobody waited longer than {TARGET_S // 60}:00. Its own thing: it is not service level.",
        derive.in_target_ratio,
        better=Better.HIGHER,
        formula=f"seconds with longest_wait_time <= {TARGET_S} s / seconds watched, from 30 minutes watched",
        window_s=3600,
    ),
    Metric(
        "expected_wait",
        "Expected wait",
        Unit.SECONDS,
        _QUEUE,
        "An estimate of how long a caller who comes now will wait, at the pace of the last 15 minutes.",
        derive.expected_wait,
        better=Better.LOWER,
        formula="calls_waiting / (growth of sum(calls_accepted) over the last 15 minutes / 900 s), from 10 calls",
        also=(Endpoint.AGENTS,),
    ),
)
