"""The doctor: right on a healthy installation, useful on a broken one, and never stuck."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis as redis_py
from django.conf import settings

from config.env import BASE_DIR, Env, ZendeskEnv, load
from dashboard.domain.feeds import Endpoint
from dashboard.launch import preparation
from dashboard.launch.doctor import machine, services
from dashboard.launch.doctor.finding import Finding, Level, examine, fail, ok, warn
from dashboard.launch.doctor.report import as_json, as_text, failed, permit
from dashboard.launch.doctor.vendor import clocks, vendor
from dashboard.polling import buckets
from dashboard.sources.auth import BasicToken
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.http import VendorClient
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_talk import ZendeskTalk
from dashboard.store import keys
from tests.emulator.running import RunningEmulator

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def env(tmp_path: Path) -> Env:
    return load({"DATA_DIR": str(tmp_path), "REDIS_URL": settings.REDIS_URL, "SECRET_KEY": "k" * 50})


def levels(findings: Sequence[Finding]) -> dict[str, Level]:
    return {finding.what: finding.level for finding in findings}


def texts(findings: Sequence[Finding]) -> str:
    return " ".join(f"{finding.what}: {finding.text} {finding.remedy}" for finding in findings)


# --- how checks are run


def test_examine_of_a_check_that_raises_says_so_and_goes_on() -> None:
    def broken() -> Sequence[Finding]:
        raise RuntimeError("password=sentinel-word")

    found = examine([("First", broken), ("Second", lambda: ok("Second", "fine"))])
    assert levels(found) == {"First": Level.FAIL, "Second": Level.OK}
    assert "sentinel-word" not in texts(found)


def test_examine_of_a_check_that_hangs_gives_up_on_it() -> None:
    release = threading.Event()

    def hanging() -> Sequence[Finding]:
        release.wait(60)
        return ()

    began_at = time.monotonic()
    found = examine([("Slow", hanging)], timeout_s=0.1)
    release.set()
    assert time.monotonic() - began_at < 30
    assert levels(found) == {"Slow": Level.FAIL}


def test_report_shows_remedies_and_fails_only_for_failures() -> None:
    mild = [*ok("Redis", "fine"), *warn("Clock", "3 s", "set it")]
    bad = [*mild, *fail("Worker", "silent", "start it")]
    assert as_text(bad).splitlines() == [
        "OK    Redis   fine",
        "WARN  Clock   3 s",
        "              -> set it",
        "FAIL  Worker  silent",
        "              -> start it",
    ]
    assert not failed(mild)
    assert failed(bad)
    assert json.loads(as_json(bad))["ok"] is False
    assert json.loads(as_json(mild))["findings"][1] == {"what": "Clock", "level": "warn", "text": "3 s", "remedy": "set it"}


# --- this machine


def test_python_and_libraries_of_the_tests_are_right() -> None:
    assert levels(machine.python()) == {"Python": Level.OK}
    assert levels(machine.libraries()) == {"Libraries": Level.OK}


def test_libraries_that_are_missing_or_of_another_version_are_named(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(
        'django==1.0 \\\n    --hash=sha256:0\nnever-heard-of==1 \\\nonly-elsewhere==1 ; sys_platform == "win32" \\\n', encoding="utf-8"
    )
    found = machine.libraries(tmp_path / "r.txt")
    assert levels(found) == {"Libraries": Level.WARN}
    assert "django is" in texts(found)
    assert "never-heard-of is missing" in texts(found)
    assert "only-elsewhere" not in texts(found)


def test_data_dir_with_a_secret_that_others_can_read_fails(env: Env) -> None:
    assert levels(machine.data_dir(env)) == {"Data folder": Level.OK}
    (env.data_dir / "secret_key").touch(mode=0o644)
    found = machine.data_dir(env)
    assert levels(found) == {"Data folder": Level.FAIL}
    assert "secret_key" in texts(found)


def test_data_dir_that_is_not_there_fails(env: Env) -> None:
    assert levels(machine.data_dir(replace(env, data_dir=env.data_dir / "none"))) == {"Data folder": Level.FAIL}


@pytest.mark.parametrize(
    ("changes", "check", "level"),
    [
        ({}, machine.secret_key, Level.OK),
        ({"secret_key": "short"}, machine.secret_key, Level.WARN),
        ({}, machine.debug, Level.OK),
        ({"debug": True}, machine.debug, Level.WARN),
        ({}, machine.addresses, Level.OK),
        ({"host": "0.0.0.0"}, machine.addresses, Level.WARN),
        ({"host": "0.0.0.0", "allowed_hosts": ("wall.example", "localhost")}, machine.addresses, Level.OK),
        ({"allowed_hosts": ("*",)}, machine.addresses, Level.WARN),
        ({}, machine.time_zone, Level.OK),
        ({"zendesk": ZendeskEnv("https://a.zendesk.com")}, machine.time_zone, Level.WARN),
        ({"zendesk": ZendeskEnv("https://a.zendesk.com"), "time_zone_given": True}, machine.time_zone, Level.OK),
    ],
)
def test_settings_that_fit_are_ok_and_others_get_a_remedy(
    env: Env, changes: dict[str, object], check: Callable[[Env], Sequence[Finding]], level: Level
) -> None:
    (found,) = check(replace(env, **changes))  # type: ignore[arg-type]
    assert found.level is level
    assert bool(found.remedy) == (level is not Level.OK)


def test_static_files_missing_old_and_right_are_told_apart(tmp_path: Path) -> None:
    assert levels(machine.static_files(tmp_path)) == {"Static files": Level.FAIL}
    (tmp_path / "staticfiles.json").touch()
    (tmp_path / preparation.STATIC_DIGEST).write_text("of another version")
    assert levels(machine.static_files(tmp_path)) == {"Static files": Level.WARN}
    (tmp_path / preparation.STATIC_DIGEST).write_text(preparation.static_digest())
    assert levels(machine.static_files(tmp_path)) == {"Static files": Level.OK}


# --- Redis, database, parts


def test_redis_that_answers_tells_version_and_latency(env: Env, redis: redis_py.Redis) -> None:
    (found,) = services.redis(env)
    assert found.level is Level.OK
    assert " ms, " in found.text


def test_redis_that_may_forget_is_warned_of(env: Env, redis: redis_py.Redis) -> None:
    redis.config_set("maxmemory", "100mb")
    redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert levels(services.redis(env)) == {"Redis": Level.WARN}
    finally:
        redis.config_set("maxmemory-policy", "noeviction")
        redis.config_set("maxmemory", "0")


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1:1/0"])
def test_redis_that_is_not_there_fails_and_the_parts_cannot_be_seen(env: Env, url: str) -> None:
    down = replace(env, redis_url=url)
    assert levels(services.redis(down)) == {"Redis": Level.FAIL}
    assert levels(services.beat_and_worker(down, NOW)) == {"Scheduler": Level.SKIP, "Worker": Level.SKIP}


@pytest.mark.django_db
def test_database_of_the_tests_is_migrated() -> None:
    # In this thread, without `examine`: another thread's connection would not see the test's database.
    assert levels(services.database()) == {"Database": Level.OK, "Migrations": Level.OK}


@pytest.mark.parametrize(
    ("sign", "level"),
    [
        (b"", Level.FAIL),
        (b"nonsense", Level.FAIL),
        (str(NOW.timestamp() - 2).encode(), Level.OK),
        (str(NOW.timestamp() - 60).encode(), Level.FAIL),
    ],
)
def test_beat_and_worker_are_judged_by_the_age_of_their_sign(env: Env, redis: redis_py.Redis, sign: bytes, level: Level) -> None:
    if sign:
        redis.set(keys.alive("beat"), sign)
        redis.set(keys.alive("worker"), sign)
    assert levels(services.beat_and_worker(env, NOW)) == {"Scheduler": level, "Worker": level}


# --- the vendor


@pytest.fixture
def account(env: Env, emulator: RunningEmulator) -> Iterator[tuple[Env, Callable[..., Sequence[Finding]]]]:
    """The environment of the emulated account, and the doctor's look at it with that token."""
    talks: list[ZendeskTalk] = []

    def look(token: str = emulator.settings.api_token) -> Sequence[Finding]:
        talks.append(ZendeskTalk(VendorClient(emulator.url, BasicToken(emulator.settings.email, Secret(token)))))
        here = replace(env, zendesk=ZendeskEnv(emulator.url, email=emulator.settings.email, api_token=token))
        return vendor(here, lambda _: talks[-1], lambda: None, lambda: datetime.now(UTC))

    yield env, look
    for talk in talks:
        talk.close()


Account = tuple[Env, Callable[..., Sequence[Finding]]]


def test_vendor_that_answers_tells_credentials_plan_and_clock(account: Account) -> None:
    found = levels(account[1]())
    assert (found["Vendor"], found["Credentials"], found["Plan"]) == (Level.OK, Level.OK, Level.OK)
    assert "Clock" in found


def test_vendor_that_refuses_the_credentials_fails_on_the_stats_endpoint(account: Account, emulator: RunningEmulator) -> None:
    found = account[1](token="sentinel-wrong-token")
    assert levels(found) == {"Vendor": Level.OK, "Credentials": Level.FAIL}
    assert "sentinel" not in texts(found)
    assert [each["endpoint"] for each in emulator.requests()["recent"]] == [Endpoint.ACCOUNT.value]


def test_vendor_on_the_small_plan_is_a_warning(account: Account, emulator: RunningEmulator) -> None:
    emulator.control("plan", {"plan": "team"})
    assert levels(account[1]())["Plan"] is Level.WARN


def test_vendor_in_trouble_fails_with_a_remedy(account: Account, emulator: RunningEmulator) -> None:
    emulator.fault("503")
    (found,) = account[1]()
    assert (found.what, found.level) == ("Vendor", Level.FAIL)
    assert found.remedy


def test_vendor_without_an_account_is_skipped(env: Env) -> None:
    def never(_: str) -> ZendeskTalk:
        raise AssertionError("nothing to ask")

    assert levels(vendor(env, never, lambda: None, lambda: NOW)) == {"Vendor": Level.SKIP}


@pytest.mark.parametrize(
    ("skew_s", "level"),
    [(0.0, Level.OK), (1.9, Level.OK), (-1.9, Level.OK), (3, Level.WARN), (-3, Level.WARN), (31, Level.FAIL), (-31, Level.FAIL)],
)
def test_clocks_apart_are_ok_warned_or_failed(skew_s: float, level: Level) -> None:
    (found,) = clocks(NOW, NOW + timedelta(seconds=skew_s + 0.5))
    assert found.level is level


def test_clocks_without_a_date_cannot_be_told() -> None:
    assert levels(clocks(None, NOW)) == {"Clock": Level.SKIP}


class Clock:
    """A monotonic clock that only a sleeper moves."""

    boot_id = "test"

    def __init__(self) -> None:
        self.us = 1_000_000

    def now_us(self) -> int:
        return self.us

    def sleep(self, seconds: float) -> None:
        self.us += int(seconds * 1e6) + 1


def test_permit_takes_from_the_budget_after_a_short_wait(redis: redis_py.Redis) -> None:
    clock = Clock()
    permit(settings.REDIS_URL, clock=clock, sleep=clock.sleep)()
    assert 1_000_000 < clock.us < 5_000_000
    bucket = buckets.buckets(redis, "main")[buckets.OTHER]
    assert buckets.budget_for(redis, "main", bucket, clock=clock).used() == 1


def test_permit_of_a_budget_that_is_used_up_is_refused(redis: redis_py.Redis) -> None:
    redis.set(keys.limit("main"), 2)  # one request in 75 s
    clock = Clock()
    with pytest.raises(SourceError, match="share of the vendor's limit") as caught:
        permit(settings.REDIS_URL, clock=clock, sleep=clock.sleep)()
    assert caught.value.kind is ErrorKind.RATE_LIMIT


def test_permit_without_redis_lets_the_one_request_go() -> None:
    permit("redis://127.0.0.1:1/0")()


# --- the command


def test_doctor_with_everything_down_still_answers_and_fails(tmp_path: Path) -> None:
    given = {
        **os.environ,
        "DATA_DIR": str(tmp_path / "never" / "used"),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DATABASE_URL": "postgres://user:sentinel-word@127.0.0.1:1/none",
        "ZENDESK_URL": "http://127.0.0.1:1",
        "ZENDESK_OAUTH_TOKEN": "sentinel-token",
    }
    command = [sys.executable, BASE_DIR / "manage.py", "doctor", "--json"]
    done = subprocess.run(command, env=given, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 1, done.stderr
    found = {finding["what"]: finding["level"] for finding in json.loads(done.stdout)["findings"]}
    assert (found["Redis"], found["Database"], found["Vendor"], found["Python"]) == ("fail", "fail", "fail", "ok")
    assert "sentinel" not in done.stdout + done.stderr
