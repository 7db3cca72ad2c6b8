"""The boards that everybody begins with: the phone's (the longest wait, four numbers, the agents; for executives two charts in the agents'
place), and that of tickets.

In:  whether tiles about single agents may be shown. Out: widgets in the form that is kept. A board without widgets of its own shows the
phone's.
"""

from __future__ import annotations

from dashboard.widgets.kind import Json


def standard(*, people: bool = True) -> list[Json]:
    """The standard layout, lying and upright. Without `people` no tile is about single agents: its place would be empty."""
    return [
        _widget("wait", "wait", (0, 0, 14, 10), (0, 0, 16, 9)),
        _widget("waiting", "number", (14, 0, 5, 5), (0, 9, 8, 4), metric="calls_waiting", beside="max_calls_waiting"),
        _widget("callbacks", "number", (19, 0, 5, 5), (8, 9, 8, 4), metric="callbacks_waiting", beside="embeddable_callbacks_waiting"),
        _widget("today", "number", (14, 5, 5, 5), (0, 13, 8, 4), metric="total_calls", beside="total_inbound_calls"),
        _widget("abandoned", "number", (19, 5, 5, 5), (8, 13, 8, 4), metric="abandon_ratio", beside="total_calls_abandoned_in_queue"),
        *(
            [_widget("agents", "agents", (0, 10, 24, 6), (0, 17, 16, 7))]
            if people
            else [
                _widget("inbound", "chart", (0, 10, 12, 6), (0, 17, 8, 7), metric="total_inbound_calls", span_s=86400),
                _widget("queue", "chart", (12, 10, 12, 6), (8, 17, 8, 7), metric="calls_waiting", span_s=28800),
            ]
        ),
    ]


def tickets() -> list[Json]:
    """Service levels, the backlog, and what comes and goes; lying and upright."""
    return [
        _widget("sla", "sla", (0, 0, 12, 11), (0, 0, 16, 8)),
        _widget("backlog", "backlog", (12, 0, 12, 6), (0, 8, 16, 6)),
        _widget("unsolved", "chart", (12, 6, 12, 5), (8, 18, 8, 6), metric="tickets_unsolved", span_s=14400),
        _widget("flow", "number", (0, 11, 8, 5), (0, 14, 8, 4), metric="tickets_net_flow_today", beside="tickets_created_today"),
        _widget("reply", "number", (8, 11, 8, 5), (8, 14, 8, 4), metric="first_reply_median_today", beside="first_reply_p90_today"),
        _widget("oldest", "number", (16, 11, 8, 5), (0, 18, 8, 6), metric="oldest_unsolved_age", beside="tickets_unassigned"),
    ]


def kayako() -> list[Json]:
    """What waits in Kayako, and how well conversations were answered; lying and upright."""
    return [
        _widget("unresolved", "chart", (0, 0, 12, 6), (0, 0, 16, 6), metric="cases_unresolved", span_s=28800),
        _widget("new", "number", (12, 0, 6, 6), (0, 6, 8, 5), metric="cases_created_today"),
        _widget("contact", "number", (18, 0, 6, 6), (8, 6, 8, 5), metric="first_contact_ratio_7d", beside="cases_resolved_7d"),
        _widget(
            "reply", "number", (0, 6, 6, 5), (0, 11, 8, 4), metric="case_first_response_median_7d", beside="case_first_response_p90_7d"
        ),
        _widget("response", "number", (6, 6, 6, 5), (8, 11, 8, 4), metric="case_response_median_7d", beside="case_response_median_today"),
        _widget("wait", "number", (12, 6, 6, 5), (0, 15, 8, 4), metric="case_customer_wait_median_7d", beside="case_agent_wait_median_7d"),
        _widget("resolution", "number", (18, 6, 6, 5), (8, 15, 8, 4), metric="case_resolution_median_7d", beside="case_resolution_p90_7d"),
        _widget("resolved", "number", (0, 11, 8, 5), (0, 19, 6, 5), metric="cases_resolved_today", beside="first_contact_resolved_today"),
        _widget("reopens", "number", (8, 11, 8, 5), (6, 19, 5, 5), metric="case_reopen_ratio_7d", beside="case_reopens_7d"),
        _widget("touches", "number", (16, 11, 8, 5), (11, 19, 5, 5), metric="case_touches_per_case_7d", beside="case_replies_per_case_7d"),
    ]


def _widget(name: str, kind: str, lying: tuple[int, int, int, int], upright: tuple[int, int, int, int], **options: Json) -> Json:
    cells, portrait = (dict(zip("xywh", place, strict=True)) for place in (lying, upright))
    return {"id": name, "kind": kind, **cells, "portrait": portrait, "options": options}
