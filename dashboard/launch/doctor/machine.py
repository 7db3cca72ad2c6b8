"""The doctor's look at this machine: Python, libraries, files and the settings that depend on each other.

In:  the environment, the project's folder. Out: findings. Must not write anything or ask any network.
"""

from __future__ import annotations

import platform
import re
import stat
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from config.env import BASE_DIR, Env
from dashboard.launch import preparation
from dashboard.launch.doctor.finding import Finding, fail, ok, warn

OLDEST_PYTHON = (3, 11)
SHORTEST_SECRET_KEY = 32
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


def python() -> Sequence[Finding]:
    found = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info < OLDEST_PYTHON:
        return fail("Python", found, "3.11 or newer is needed")
    return ok("Python", found)


def libraries(requirements: Path = BASE_DIR / "requirements.txt") -> Sequence[Finding]:
    """The installed versions against the locked ones. A library that another platform needs is not missed."""
    wanted = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\\\n]*)", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    wrong = []
    for name, version, marker in wanted:
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            if ";" not in marker:
                wrong.append(f"{name} is missing")
            continue
        if installed != version:
            wrong.append(f"{name} is {installed}, not {version}")
    if wrong:
        shown = ", ".join(wrong[:5]) + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else "")
        return warn("Libraries", shown, "run `make run` or `make test`, which install the locked versions")
    return ok("Libraries", f"{len(wanted)} as locked")


def data_dir(env: Env) -> Sequence[Finding]:
    path = env.data_dir
    if not path.is_dir():
        return fail("Data folder", f"{path} does not exist", "start once with `manage.py up` or `manage.py prepare`")
    open_to_all = [
        file.name for file in path.glob("*") if file.is_file() and _secret(file) and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_all:
        return fail("Data folder", f"other users can read {', '.join(sorted(open_to_all))} in {path}", "chmod 600 these files")
    return ok("Data folder", str(path))


def _secret(file: Path) -> bool:
    return file.name in {"secret_key", "runtime.json"} or file.suffix == ".key"


def secret_key(env: Env) -> Sequence[Finding]:
    if len(env.secret_key) < SHORTEST_SECRET_KEY:
        return warn("Secret key", f"SECRET_KEY has {len(env.secret_key)} characters", f"use at least {SHORTEST_SECRET_KEY} random ones")
    return ok("Secret key", "long enough")


def addresses(env: Env) -> Sequence[Finding]:
    where = f"HOST {env.host}, PORT {env.port}"
    named = set(env.allowed_hosts) - LOCAL_NAMES
    if env.host in {"0.0.0.0", "::"} and not named:
        return warn(
            "Addresses", f"{where}, but no ALLOWED_HOSTS: other machines are refused", "set ALLOWED_HOSTS to the name or address they use"
        )
    if "*" in env.allowed_hosts:
        return warn("Addresses", "ALLOWED_HOSTS is *: any name is taken", "name the hosts")
    return ok("Addresses", f"{where}, for {', '.join(sorted(env.allowed_hosts))}")


def time_zone(env: Env) -> Sequence[Finding]:
    if env.zendesk is not None and not env.emulated and not env.time_zone_given:
        return warn(
            "Time zone",
            f"TIME_ZONE is not set; taken as {env.time_zone}",
            "set TIME_ZONE to the account's own, whose midnight begins its day",
        )
    return ok("Time zone", env.time_zone)


def debug(env: Env) -> Sequence[Finding]:
    if env.debug:
        return warn("Debug", "DEBUG is on: error pages show the program's inside", "unset DEBUG")
    return ok("Debug", "off")


def static_files(root: Path) -> Sequence[Finding]:
    if not (root / "staticfiles.json").is_file():
        return fail("Static files", f"not collected in {root}", "run `manage.py prepare`")
    kept = root / preparation.STATIC_DIGEST
    if kept.is_file() and kept.read_text(encoding="ascii") != preparation.static_digest():
        return warn("Static files", "older than the program", "run `manage.py prepare` and restart the web server")
    return ok("Static files", str(root))
