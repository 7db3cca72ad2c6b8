"""The vendor's side of OAuth, and workers that share one store of pairs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dashboard.sources.auth import ClientCredentials
from dashboard.sources.http import Limits, VendorClient
from dashboard.sources.redaction import Secret
from dashboard.store.tokens import RedisTokenStore
from tests.sources.conftest import SENTINEL, Clock
from tests.sources.vendor import Asked, Reply, Vendor

SOON_S = 5.0


def in_time() -> float:
    return time.monotonic() + SOON_S


class Issuer:
    """The vendor's side of OAuth: one living pair; a new one kills the old. A worker's requests to the stats need the living one."""

    def __init__(self, life_s: object = 600) -> None:
        self.life_s = life_s
        self.granted: list[str] = []
        self.grants: list[str] = []
        self.refuses: set[str] = set()
        self.lock = threading.Lock()
        self.slow: threading.Event | None = None

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/oauth/tokens":
            return self.issue(json.loads(asked.body))
        with self.lock:
            good = self.granted and asked.headers["authorization"] == f"Bearer {self.granted[-1]}"
        return Reply.json({"current_queue_activity": {"calls_waiting": 1}}) if good else Reply.json({"error": "x"}, 401)

    def issue(self, body: dict[str, str]) -> Reply:
        grant_type = body["grant_type"]
        with self.lock:
            self.grants.append(grant_type)
            good = body["client_secret"] == SENTINEL and body.get("refresh_token") in (None, f"refresh-{len(self.granted)}")
            if not good or grant_type in self.refuses:
                return Reply.json({"error": "invalid_grant"}, 400 if grant_type == "refresh_token" else 401)
            self.granted.append(f"access-{len(self.granted) + 1}")
            number = len(self.granted)
        if self.slow is not None:
            self.slow.wait(SOON_S)
        granted = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "token_type": "bearer", "scope": "read"}
        return Reply.json({**granted, "expires_in": self.life_s})


@contextmanager
def worker(vendor: Vendor, store: RedisTokenStore, clock: Clock, pause: Callable[[float], None] = time.sleep) -> Iterator[VendorClient]:
    """One process: a client of its own, the shared store."""
    credentials = ClientCredentials("queuelight", Secret(SENTINEL), store, clock=clock, pause=pause)
    client = VendorClient(vendor.url, credentials, limits=Limits(), clock=clock)
    yield client
    client.close()
