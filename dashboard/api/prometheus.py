"""/metrics: this installation in Prometheus' words.

In:  Redis, each time somebody asks. Out: text. Numbers of the floor are not here, /api has them; these say how well they arrive.
Who may ask: a Bearer token, or somebody logged in (as everywhere in the API, no screens). Not "anybody from this machine": behind a
proxy on the same machine, everybody comes from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import redis as redis_py
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from dashboard.accounts.access import Viewer
from dashboard.api.guard import Allowed, api
from dashboard.api.health import readiness
from dashboard.live.routing import SOCKETS
from dashboard.live.stored import load_frame
from dashboard.models import Board
from dashboard.store.connection import client


@api(Allowed.PEOPLE)
def prometheus(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(Installation(client(), timezone.now(), getattr(request, "scope", {}).get(SOCKETS)))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class Installation(Collector):
    """What Redis knows at `now`, and how many `sockets` the asked process holds (None: it holds none, it is not the web server).

    Without Redis there are only the `queuelight_ready` gauges and the sockets, and they say so.
    """

    def __init__(self, redis: redis_py.Redis, now: datetime, sockets: int | None) -> None:
        self._redis, self._now, self._sockets = redis, now, sockets

    def collect(self) -> Iterable[Metric]:
        parts = readiness(self._redis, self._now)
        ready = GaugeMetricFamily("queuelight_ready", "Whether a part does its work (as on /readyz).", labels=["part"])
        for name, part in parts.items():
            ready.add_metric([name], float(part.ok))
        yield ready
        if self._sockets is not None:
            yield GaugeMetricFamily("queuelight_sockets", "Open WebSockets of this web process.", value=self._sockets)
        if parts["redis"].ok and parts["database"].ok:
            yield from self._boards()

    def _boards(self) -> Iterator[Metric]:
        def gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
            return GaugeMetricFamily(f"queuelight_{name}", text, labels=labels)

        frame_age = gauge("frame_age_seconds", "Time since a board's picture last changed.", "board")
        frame_seq = gauge("frame_seq", "Number of a board's picture; it grows with every change.", "board")
        age = gauge("feed_age_seconds", "Age of a feed's last good answer.", "feed")
        interval = gauge("feed_interval_seconds", "How often a feed is asked now.", "feed")
        failures = gauge("feed_failures", "Failed attempts in a row.", "feed")
        used = gauge("budget_used", "Requests granted within the window.", "account", "bucket")
        cap = gauge("budget_cap", "Our own share of the vendor's limit.", "account", "bucket")
        limit = gauge("budget_limit", "The vendor's limit within the window.", "account", "bucket")
        feeds: dict[str, dict[str, Any]] = {}
        budgets: dict[tuple[str, str], dict[str, Any]] = {}
        for board in Board.objects.order_by("slug"):
            stored = load_frame(self._redis, board.slug)
            if stored is None:
                continue
            frame_age.add_metric([board.slug], self._age_s(stored.at))
            frame_seq.add_metric([board.slug], stored.seq)
            feeds |= cast("dict[str, dict[str, Any]]", stored.frame.get("feeds", {}))
            for bucket, use in cast("dict[str, dict[str, Any]]", stored.frame.get("budget", {})).items():
                budgets[board.account, bucket] = use
        for feed, found in feeds.items():
            if "at" in found:
                age.add_metric([feed], self._age_s(found["at"]))
            interval.add_metric([feed], found["interval_s"])
            failures.add_metric([feed], found["failures"])
        for labels, use in budgets.items():
            used.add_metric(labels, use["used"])
            cap.add_metric(labels, use["cap"])
            limit.add_metric(labels, use["limit"])
        yield from (frame_age, frame_seq, age, interval, failures, used, cap, limit)

    def _age_s(self, at: str) -> float:
        return max(0.0, (self._now - datetime.fromisoformat(at).astimezone(UTC)).total_seconds())
