"""A Kayako in memory, with conversations that move, vanish and fail as a test wants; and what the mirror should know of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import httpx

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.mirror import cases_stream
from dashboard.mirror.cases import CasesSource
from dashboard.mirror.pace import NotYet, Pace
from dashboard.models import KnownCase
from dashboard.sources.auth import StaticBearer
from dashboard.sources.http import VendorClient
from dashboard.sources.kayako import Kayako
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_talk import Answered

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ACCOUNT = "kayako"
FEED = Feed(ACCOUNT, Endpoint.CASES)


class CrashError(Exception):
    """The process ends here."""


@dataclass
class Conversation:
    active_at: datetime
    status: str = "OPEN"
    created_at: datetime | None = None
    metrics: dict[str, object] = field(default_factory=dict)


class Site(httpx.BaseTransport):
    """A Kayako: conversations by last activity. `meanwhile` is called before each answer."""

    def __init__(self, count: int = 0, *, page: int = 100) -> None:
        self.now, self.page = NOW, page
        self.there = {number: Conversation(NOW - timedelta(minutes=number)) for number in range(1, count + 1)}
        self.next_id = count + 1
        self.meanwhile: Callable[[], None] = lambda: None
        self.asked: list[str] = []
        self.is_ordered = True
        self.without_metrics: set[int] = set()
        self.measures_the_deleted = False
        client = VendorClient("https://x.kayako.com", StaticBearer(Secret("token-sentinel")), transport=self, clock=lambda: self.now)
        self.client = Kayako(client)

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def new(self) -> int:
        number, self.next_id = self.next_id, self.next_id + 1
        self.there[number] = Conversation(self.tick())
        return number

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.meanwhile()
        self.asked.append(request.url.path)
        if request.url.path.endswith("metrics.json"):
            number = int(request.url.path.split("/")[4])
            there = Conversation(self.now) if self.measures_the_deleted else None
            found = None if number in self.without_metrics else self.there.get(number, there)
            body: dict[str, object] = (
                {"status": 200, "data": found.metrics} if found else {"status": 404, "errors": [{"code": "RESOURCE_NOT_FOUND"}]}
            )
        else:
            query = dict(parse_qsl(request.url.query.decode()))
            offset, limit = int(query["offset"]), min(int(query["limit"]), self.page)
            order = sorted(
                self.there, key=lambda number: (self.there[number].active_at, number) if self.is_ordered else number, reverse=True
            )
            rows = [self._row(number) for number in order[offset : offset + limit]]
            body = {"status": 200, "data": rows, "offset": offset, "limit": limit, "total_count": len(order)}
        raw = httpx.ByteStream(json.dumps(body).encode())
        return httpx.Response(200, headers={"content-type": "application/json"}, stream=raw, request=request)

    def _row(self, number: int) -> dict[str, object]:
        one = self.there[number]
        created_at = one.created_at or min(one.active_at, NOW - timedelta(days=1))
        status = {"id": 1, "type": one.status}
        return {"id": number, "status": status, "created_at": created_at.isoformat(), "updated_at": one.active_at.isoformat()}

    def read(self, pages: int = 20, *, before: Callable[[], None] = lambda: None) -> None:
        cases_stream.read(ACCOUNT, self.client, Pace(before, pages), self.now)

    def read_all(self) -> None:
        for _ in range(50):
            try:
                return self.read()
            except NotYet:
                continue
        raise AssertionError("the first reading does not end")

    def answered(self) -> Answered:
        """After as many polls as it takes."""
        for _ in range(50):
            try:
                found = self.source().read(FEED)
            except NotYet:
                continue
            if found.done_count is None:
                return found
        raise AssertionError("the first reading does not end")

    def measured(self) -> list[int]:
        """Whose metrics were asked for, in order."""
        return [int(path.split("/")[4]) for path in self.asked if path.endswith("metrics.json")]

    def source(self) -> CasesSource:
        return CasesSource(kayako=lambda: self.client, site=lambda _: "https://one.example", clock=lambda: self.now)


class Permit:
    """Half of the budget is there for so many requests more."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> None:
        self.left -= 1

    def has_half_left(self) -> bool:
        return self.left > 0


def known() -> dict[int, datetime]:
    rows = list(KnownCase.objects.filter(account=ACCOUNT).values_list("case_id", "moved_at"))
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def truth(site: Site) -> dict[int, datetime]:
    return {number: one.active_at for number, one in site.there.items()}


def resolved(hours_ago: float, **told: object) -> Conversation:
    at = NOW - timedelta(hours=hours_ago)
    return Conversation(at, "COMPLETED", NOW - timedelta(days=6), {"resolution_at": at.isoformat(), **told})
