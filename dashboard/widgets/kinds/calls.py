"""The calls of the day: the account's totals since its midnight, as a list."""

from __future__ import annotations

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint
from dashboard.widgets.kind import Form, Group, Kind, Option, Options

ROWS = ("total_inbound_calls", "total_outbound_calls", "total_calls_abandoned_in_queue", "total_voicemails", "total_callback_calls")


def _is_of_the_day(name: str) -> bool:
    return CATALOGUE[name].endpoint in (Endpoint.ACCOUNT, Endpoint.AGENTS_OVERVIEW)


def _metrics(options: Options) -> tuple[str, ...]:
    rows = options["rows"]
    return tuple(map(str, rows)) if isinstance(rows, list) else ()


KIND = Kind(
    name="calls",
    label="Calls of the day",
    about="What has happened since the account's midnight.",
    group=Group.QUEUE,
    size=(8, 6),
    least=(5, 4),
    options=(
        Option("label", "Name on the tile", Form.TEXT, most=40),
        Option("rows", "Rows", Form.METRICS, default=list(ROWS), only=_is_of_the_day),
    ),
    numbers=1,
    metrics=_metrics,
)
