"""Far more demand than the vendor grants, against a server that counts: not one 429."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.emulator.clock import EmulatorClock
from dashboard.polling.budget import Budget
from dashboard.polling.feeds import Plan
from dashboard.polling.poller import poll
from dashboard.sources.auth import BasicToken
from dashboard.sources.http import VendorClient
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_talk import ZendeskTalk
from tests.emulator.running import RunningEmulator, running
from tests.emulator.still_floor import StillFloor

QUEUE, ACCOUNT = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.ACCOUNT)


@dataclass(frozen=True)
class SkippingClock:
    """The emulator's own steady clock, which a test lets jump ahead: vendor and budget live in the same fast time."""

    clock: EmulatorClock
    boot_id: str = "skipping"

    def now_us(self) -> int:
        return int(self.clock.steady_s() * 1e6)


@pytest.fixture
def vendor() -> Iterator[RunningEmulator]:
    with running(StillFloor) as emulator:
        yield emulator


@pytest.fixture
def talk(vendor: RunningEmulator) -> Iterator[ZendeskTalk]:
    token = BasicToken(vendor.settings.email, Secret(vendor.settings.api_token))
    source = ZendeskTalk(VendorClient(vendor.url, token))
    yield source
    source.close()


def answers(vendor: RunningEmulator, endpoint: Endpoint) -> dict[str, int]:
    found: dict[str, int] = vendor.requests()["by_endpoint"].get(endpoint.value, {})
    return found


@pytest.mark.timeout(240)
def test_poller_at_fifty_times_the_demand_with_the_real_limits_never_meets_a_429(
    redis: redis_py.Redis, vendor: RunningEmulator, talk: ZendeskTalk
) -> None:
    clock = SkippingClock(vendor.clock)
    begin_s = vendor.clock.steady_s()
    turn = 0
    while vendor.clock.steady_s() - begin_s < 640:
        turn += 1
        outcome = poll(
            ACCOUNT if turn % 10 == 0 else QUEUE,
            redis=redis,
            source=talk,
            plan=Plan(1.0, True),
            clock=lambda: datetime.fromtimestamp(vendor.clock.wall_s(), UTC),
            sleep=vendor.clock.skip,
            digest=lambda _: "digest",
            host_clock=clock,
        )
        assert outcome.error_kind is None
        vendor.clock.skip(1.0 if outcome.waiting else 0.02)

    queue = answers(vendor, Endpoint.QUEUE)
    assert set(queue) == {"200"}
    assert set(answers(vendor, Endpoint.ACCOUNT)) == {"200"}
    assert queue["200"] > 2000  # it was the limit that held it back, not the test


@pytest.mark.timeout(120)
def test_many_threads_asking_without_pause_never_meet_a_429(redis: redis_py.Redis, vendor: RunningEmulator, talk: ZendeskTalk) -> None:
    vendor.control("limits", {"queue_limit": 50, "queue_window_s": 3.0})
    ended = threading.Event()
    failures: list[BaseException] = []

    def ask_on() -> None:
        budget = Budget(redis, account="main", bucket="queue", cap=40, reserve=10, window_s=3.0, transit_s=1.0)

        def permit() -> None:
            while (wait_s := budget.take()) > 0.0:
                if ended.wait(min(wait_s, 0.05)):
                    raise InterruptedError

        try:
            while not ended.is_set():
                talk.read(QUEUE, before_request=permit)
        except InterruptedError:
            pass
        except BaseException as error:  # noqa: BLE001 (a thread's failure is the test's)
            failures.append(error)

    threads = [threading.Thread(target=ask_on) for _ in range(6)]
    for thread in threads:
        thread.start()
    ended.wait(14)
    ended.set()
    for thread in threads:
        thread.join(15)

    assert failures == []
    queue = answers(vendor, Endpoint.QUEUE)
    assert set(queue) == {"200"}
    assert queue["200"] > 80
