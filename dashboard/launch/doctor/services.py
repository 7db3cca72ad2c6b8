"""The doctor's look at Redis and the database.

In:  Redis' URL, Django's connection. Out: findings. Must not change what is stored.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime

import redis as redis_py
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from config.env import Env
from dashboard.launch.doctor.finding import Finding, fail, ok, skip, warn
from dashboard.launch.preflight import redis_once, redis_version
from dashboard.launch.redis_server import OLDEST
from dashboard.live.signs import GONE_AFTER_S
from dashboard.store import keys

SLOW_MS = 20.0
PINGS = 20
NOT_RUNNING = "`manage.py up` (or the processes of your installation) is not running"


def redis(env: Env) -> Sequence[Finding]:
    """Reachable, new enough, quick, and set to forget nothing by itself."""
    if not env.redis_url:
        return fail("Redis", f"none: REDIS_URL is not set, and {NOT_RUNNING}", "start it, or set REDIS_URL")
    remedy = "look at the Redis server" if not env.redis_embedded else "restart `manage.py up`"
    try:
        with redis_once(env.redis_url) as client:
            return _redis(client)
    except (redis_py.RedisError, OSError, ValueError) as error:
        return fail("Redis", f"does not answer ({type(error).__name__})", remedy)


def _redis(client: redis_py.Redis) -> Sequence[Finding]:
    client.ping()
    times_ms = [_ms(client.ping) for _ in range(PINGS)]
    median_ms = statistics.median(times_ms)
    info = client.info()
    version = redis_version(info)
    name = f"Valkey {info['valkey_version']}" if "valkey_version" in info else f"Redis {info.get('redis_version')}"
    found = f"{name}, {median_ms:.1f} ms, {int(info.get('used_memory', 0)) / 1e6:.0f} MB in use"
    if version < OLDEST:
        return fail("Redis", found, "6.2 or newer is needed")
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if policy != "noeviction" and int(info.get("maxmemory", 0)):
        return warn("Redis", f"{found}, maxmemory-policy {policy}", "set maxmemory-policy noeviction, or the budget can be forgotten early")
    if median_ms > SLOW_MS:
        return warn("Redis", found, f"more than {SLOW_MS:g} ms delays every number; bring it nearer")
    return ok("Redis", found)


def _ms(call: Callable[[], object]) -> float:
    before = time.perf_counter()
    call()
    return (time.perf_counter() - before) * 1e3


def database() -> Sequence[Finding]:
    """Reachable, and at this version's tables."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found = [*ok("Database", f"{connection.display_name} answers")]
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return fail("Database", f"does not answer ({str(error).strip().partition(chr(10))[0]})", "look at DATABASE_URL and the server")
    finally:
        connection.close()
    if waiting:
        return [*found, *fail("Migrations", f"{len(waiting)} not applied", "run `manage.py prepare`")]
    return [*found, *ok("Migrations", "all applied")]


def beat_and_worker(env: Env, now: datetime) -> Sequence[Finding]:
    """The signs of life that the scheduler and the poll workers leave."""
    if not env.redis_url:
        return [*skip("Scheduler", "cannot be seen without Redis"), *skip("Worker", "cannot be seen without Redis")]
    parts = (("Scheduler", "beat", "celery -A config beat"), ("Worker", "worker", "celery -A config worker"))
    try:
        with redis_once(env.redis_url) as client:
            return [found for what, part, command in parts for found in _alive(client, what, part, command, now)]
    except (redis_py.RedisError, OSError, ValueError):
        return [*skip("Scheduler", "cannot be seen: Redis does not answer"), *skip("Worker", "cannot be seen: Redis does not answer")]


def _alive(client: redis_py.Redis, what: str, part: str, command: str, now: datetime) -> Sequence[Finding]:
    raw = client.get(keys.alive(part))
    remedy = f"start `manage.py up`, or `{command}` in an installation of several processes"
    if not isinstance(raw, bytes):
        return fail(what, "no sign of life", remedy)
    try:
        age_s = max(0.0, now.timestamp() - float(raw))
    except ValueError:
        return fail(what, "its sign of life cannot be read", remedy)
    return ok(what, f"alive {age_s:.0f} s ago") if age_s <= GONE_AFTER_S else fail(what, f"silent for {age_s:.0f} s", remedy)
