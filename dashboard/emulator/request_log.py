"""What was asked, bounded: counts by endpoint and outcome, arrival times, how many at once.

In:  each request's arrival and outcome. Out: `GET /_emulator/requests`, from which a test counts 429s and spacing.
Never holds a header, a body or a query: no credential can end up here.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

KEPT = 20_000


@dataclass(slots=True)
class Entry:
    """One request. `at_s` is Unix time of arrival; `outcome` the status, or what was done instead, None while under way."""

    at_s: float
    endpoint: str
    outcome: str | None = None
    took_s: float | None = None


class RequestLog:
    """The last 20,000 requests, and counts over all of them."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything; requests under way are forgotten too."""
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._counts: dict[str, Counter[str]] = {}
        self._under_way: Counter[str] = Counter()
        self._most_at_once: dict[str, int] = {}

    def arrived(self, endpoint: str, at_s: float) -> Entry:
        """Note a request."""
        entry = Entry(at_s, endpoint)
        self._entries.append(entry)
        self._under_way[endpoint] += 1
        self._most_at_once[endpoint] = max(self._most_at_once.get(endpoint, 0), self._under_way[endpoint])
        return entry

    def left(self, entry: Entry, outcome: str, at_s: float) -> None:
        """Note how it ended."""
        entry.outcome, entry.took_s = outcome, at_s - entry.at_s
        self._counts.setdefault(entry.endpoint, Counter())[outcome] += 1
        if self._under_way[entry.endpoint] > 0:
            self._under_way[entry.endpoint] -= 1

    def described(self, endpoint: str | None, limit: int) -> dict[str, object]:
        """Counts, and the newest `limit` requests, oldest first, of one endpoint or of all (None)."""
        chosen = [entry for entry in self._entries if endpoint in {None, entry.endpoint}]
        return {
            "total": sum(counts.total() for counts in self._counts.values()),
            "by_endpoint": {name: dict(counts) for name, counts in sorted(self._counts.items())},
            "under_way": {name: count for name, count in sorted(self._under_way.items()) if count},
            "most_at_once": dict(sorted(self._most_at_once.items())),
            "kept": KEPT,
            "recent": [
                {"at": round(entry.at_s, 6), "endpoint": entry.endpoint, "outcome": entry.outcome, "took_s": entry.took_s}
                for entry in chosen[-limit:]
            ]
            if limit
            else [],
        }
