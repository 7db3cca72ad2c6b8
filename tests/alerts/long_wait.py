"""The incident that letters and their words are tried on: the longest wait above 3:00, which began 4:42 before it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.models import Incident

SINCE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def long_wait(**changes: Any) -> Incident:
    """Not saved; the limit of the opening is the present one unless changed."""
    columns: dict[str, Any] = {
        "scope": "main:current_queue_activity",
        "rule_name": "Longest wait",
        "kind": "threshold",
        "account": "main",
        "metric": "longest_wait_time",
        "scope_name": "Support line",
        "direction": "above",
        "severity": "critical",
        "worst_severity": "critical",
        "limit": 180.0,
        "value": 462.0,
        "worst_value": 462.0,
        "since_at": SINCE,
        "opened_at": SINCE + timedelta(seconds=30),
        "last_seen_at": SINCE + timedelta(seconds=282),
    }
    columns |= changes
    return Incident(**({"opened_limit": columns["limit"], "limit_since_at": columns["since_at"]} | columns))
