"""The database goes away and comes back: the phone is polled and shown all the while, and everything else goes on by itself."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis as redis_py

from config.env import BASE_DIR
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.launch.redis_server import RedisServer
from dashboard.store import keys, snapshots
from dashboard.store.codec import to_us
from tests.emulator.running import RunningEmulator
from tests.faults.processes import BEAT, WORKER, Installation, install, until
from tests.postgresql import server as postgresql

QUEUE, TICKETS = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.TICKETS)
BEGINS, ENDS = "The database does not answer", "The database answers again"
WITHIN_S = 60.0


def queue_at_us(client: redis_py.Redis) -> int:
    found = snapshots.load_readings(client, [QUEUE])
    return to_us(found[QUEUE].at) if found else 0


def tickets_error(client: redis_py.Redis) -> str | None:
    outcome = snapshots.load_outcomes(client, [TICKETS]).get(TICKETS)
    return outcome.error_kind if outcome else "none yet"


def frame_of_queue(client: redis_py.Redis) -> str:
    found = client.hget(keys.frame("main"), "frame")
    return json.loads(found)["feeds"][QUEUE.id].get("at", "") if isinstance(found, bytes) else ""


def readyz(place: Installation) -> dict[str, dict[str, object]]:
    """As a web process that has just been started would judge."""
    code = (
        "import json; from django.utils import timezone; from dashboard.api.health import readiness; "
        "from dashboard.store.connection import client; "
        "print(json.dumps({n: [p.ok, p.message] for n, p in readiness(client(), timezone.now()).items()}))"
    )
    run = [sys.executable, "-c", f"import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; django.setup(); {code}"]
    told = subprocess.run(run, cwd=BASE_DIR, env=place.environ, check=True, capture_output=True, timeout=WITHIN_S)
    return {name: {"ok": ok, "message": message} for name, (ok, message) in json.loads(told.stdout.splitlines()[-1]).items()}


def goes_on_without(
    place: Installation, client: redis_py.Redis, away: Callable[[], contextlib.AbstractContextManager[None]], *, most_s: float
) -> None:
    """`most_s`: after how many seconds without it the phone's numbers are polled and shown as before, at the latest."""
    client.zadd(keys.WATCH, {"main": 4e9})
    with place.running("worker", WORKER) as worker, place.running("beat", BEAT) as beat:
        until("a first frame", lambda: bool(frame_of_queue(client)), WITHIN_S)
        until("tickets are read", lambda: tickets_error(client) is None, WITHIN_S)
        with away():
            until("tickets say so", lambda: tickets_error(client) == "database", WITHIN_S)
            for _ in range(3):
                before_us, shown = queue_at_us(client), frame_of_queue(client)
                until("the queue is polled", lambda before_us=before_us: queue_at_us(client) > before_us + 2_000_000, most_s)  # type: ignore[misc]
                until("and shown", lambda shown=shown: frame_of_queue(client) != shown, most_s)  # type: ignore[misc]
            until("the log says so", lambda: BEGINS in place.log("worker"), WITHIN_S)
            parts = readyz(place)
            assert (parts["database"]["ok"], parts["worker"]["ok"], parts["poll"]["ok"]) == (False, True, True), parts
            assert "polled on by the boards" in str(parts["database"]["message"])
        until("the log says that it is back", lambda: ENDS in place.log("worker"), WITHIN_S)
        until("tickets are read again", lambda: tickets_error(client) is None, WITHIN_S)
        assert (worker.poll(), beat.poll()) == (None, None)
    log = place.log("worker") + place.log("beat")
    assert "Traceback" not in log, log
    assert (log.count(BEGINS), log.count(ENDS)) == (1, 1), log
    assert len([line for line in log.splitlines() if "database" in line.lower()]) < 15, log


@pytest.mark.timeout(240)
def test_sqlite_that_cannot_be_opened_stops_neither_the_phone_nor_the_worker(
    tmp_path: Path, server: RedisServer, still_emulator: RunningEmulator
) -> None:
    client = redis_py.Redis.from_url(server.url)
    place = install(tmp_path, server.url, still_emulator)
    file, aside = tmp_path / "db.sqlite3", tmp_path / "aside.sqlite3"

    @contextlib.contextmanager
    def unreadable() -> Iterator[None]:
        file.rename(aside)
        file.mkdir()
        try:
            yield
        finally:
            file.rmdir()
            aside.rename(file)

    goes_on_without(place, client, unreadable, most_s=15.0)
    client.close()


@pytest.mark.timeout(240)
def test_sqlite_that_somebody_holds_locked_stops_neither_the_phone_nor_the_worker(
    tmp_path: Path, server: RedisServer, still_emulator: RunningEmulator
) -> None:
    client = redis_py.Redis.from_url(server.url)
    place = install(tmp_path, server.url, still_emulator)

    @contextlib.contextmanager
    def locked() -> Iterator[None]:
        holder = sqlite3.connect(tmp_path / "db.sqlite3", timeout=WITHIN_S, isolation_level=None)
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        holder.execute("UPDATE dashboard_board SET revision = revision")
        try:
            yield
        finally:
            holder.close()

    goes_on_without(place, client, locked, most_s=20.0)
    client.close()


@pytest.mark.skipif(postgresql.programs() is None, reason="PostgreSQL is not installed")
@pytest.mark.timeout(300)
def test_postgresql_that_was_stopped_stops_neither_the_phone_nor_the_worker(
    tmp_path: Path, server: RedisServer, still_emulator: RunningEmulator
) -> None:
    client = redis_py.Redis.from_url(server.url)
    programs = postgresql.programs()
    assert programs is not None
    with postgresql.running(programs) as database:
        place = install(tmp_path, server.url, still_emulator, DATABASE_URL=database.url)

        @contextlib.contextmanager
        def stopped() -> Iterator[None]:
            database.stop()
            try:
                yield
            finally:
                database.start()

        goes_on_without(place, client, stopped, most_s=15.0)
    client.close()
