"""A mirror of a vendor in memory."""

from __future__ import annotations

from typing import Any, cast

import pytest

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.mirror.pace import NotYet
from dashboard.mirror.source import MirrorSource
from dashboard.models import KnownTicket
from tests.mirror.fake_desk import FakeDesk, FakeMetrics


class Mirror:
    """One account's mirror of `desk`."""

    def __init__(self, desk: FakeDesk, account: str = "main") -> None:
        self.desk, self.account, self.site = desk, account, "https://one.example"
        vendor: Any = desk
        self.metrics = metrics = cast("Any", FakeMetrics(desk))
        self.source = MirrorSource(
            account, tickets=lambda _: vendor, metrics=lambda _: metrics, site=lambda _: self.site, clock=lambda: desk.now
        )

    def poll(self, endpoint: Endpoint, **how: Any) -> Any:
        return self.source.read(Feed(self.account, endpoint), **how).reading.body

    def catch_up(self) -> None:
        """As many polls as it takes until nothing is left to read."""
        for endpoint in (Endpoint.TICKETS, Endpoint.TICKET_METRICS, Endpoint.SLA):
            for _ in range(100):
                try:
                    self.poll(endpoint)
                except NotYet:
                    continue
                if endpoint is not Endpoint.TICKET_METRICS or not self.behind:
                    break
            else:
                raise AssertionError(f"{endpoint} does not end")

    @property
    def behind(self) -> bool:
        return KnownTicket.objects.filter(account=self.account, is_behind=True).exists()


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def mirror(desk: FakeDesk, db: None, redis: object) -> Mirror:
    return Mirror(desk)
