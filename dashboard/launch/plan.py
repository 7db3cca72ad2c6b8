"""Which children `manage.py up` starts, and how.

In:  the environment, the port, the time zone. Out: a `Plan` per child. Must not start anything.
Nothing secret is on a command line: the embedded Redis' URL goes through DATA_DIR/runtime.json (config/runtime.py).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from config.env import BASE_DIR, Env
from dashboard.launch.children import Plan

MANAGE = str(BASE_DIR / "manage.py")
EMULATOR_EMAIL = "admin@emulator.example"
EMULATOR_READY = "EMULATOR READY "
# Round the clock, so about half of them are on the floor by day and five or six at night: a wall that is alive at any hour.
EMULATOR_AGENTS = 36


def child_environment(env: Env, port: int, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our own environment, with what was decided here made explicit."""
    inherited = dict(os.environ if given is None else given)
    return {
        **inherited,
        "DATA_DIR": str(env.data_dir),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(BASE_DIR), inherited.get("PYTHONPATH", "")])),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def emulator(environment: Mapping[str, str], time_zone: str, token: str, port: int = 0) -> Plan:
    """The emulator; on a free port where `port` is 0. Its READY line tells the address."""
    argv = (sys.executable, MANAGE, "run_emulator", "--port", str(port), "--timezone", time_zone, "--agents", str(EMULATOR_AGENTS))
    # The emulated Kayako takes the same word as its password.
    secrets = {"EMULATOR_EMAIL": EMULATOR_EMAIL, "EMULATOR_TOKEN": token, "EMULATOR_PASSWORD": token}
    return Plan("emulator", argv, {**environment, **secrets})


def web(environment: Mapping[str, str]) -> Plan:
    return Plan("web", (sys.executable, MANAGE, "serve"), environment)


def worker(environment: Mapping[str, str]) -> Plan:
    """Pool and concurrency are in the settings (CELERY_WORKER_*), so that a worker started by hand has them as well."""
    options = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Plan("worker", (sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel", "INFO", *options), environment)


def beat(environment: Mapping[str, str]) -> Plan:
    return Plan("beat", (sys.executable, "-m", "celery", "-A", "config", "beat", "--loglevel", "INFO"), environment)


def redis_data_dir(env: Env) -> Path:
    return env.data_dir / "redis"
