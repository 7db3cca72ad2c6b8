"""All checks in their order, and their findings as text for a person or as JSON for a program.

In:  the environment. Out: findings and their printed forms. Exit code 1 when anything failed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import redis as redis_py
from django.conf import settings

from config.env import Env
from dashboard.launch.doctor import machine, services
from dashboard.launch.doctor.finding import Check, Finding, Level
from dashboard.launch.doctor.kayako import kayako
from dashboard.launch.doctor.mail import mail
from dashboard.launch.doctor.vendor import vendor
from dashboard.launch.preflight import redis_once
from dashboard.polling import buckets
from dashboard.polling.budget import BudgetError
from dashboard.polling.monotonic import HOST_CLOCK, Monotonic
from dashboard.sources import registry
from dashboard.sources.errors import ErrorKind, SourceError

# Where the budget is young, its first grants are about 2 s apart, and Kayako's, which is smaller, about 4.
PATIENCE_S, KAYAKO_PATIENCE_S = 3.0, 5.0
WORDS = {Level.OK: "OK  ", Level.WARN: "WARN", Level.FAIL: "FAIL", Level.SKIP: "-   "}


def checks(env: Env) -> tuple[tuple[str, Check], ...]:
    """Every check with its name, in the order in which a cause comes before its consequences."""
    return (
        ("Python", machine.python),
        ("Libraries", machine.libraries),
        ("Data folder", lambda: machine.data_dir(env)),
        ("Secret key", lambda: machine.secret_key(env)),
        ("Debug", lambda: machine.debug(env)),
        ("Addresses", lambda: machine.addresses(env)),
        ("Time zone", lambda: machine.time_zone(env)),
        ("Static files", lambda: machine.static_files(settings.STATIC_ROOT)),
        ("Redis", lambda: services.redis(env)),
        ("Database", services.database),
        ("Mail", lambda: mail(env)),
        ("Scheduler", lambda: services.beat_and_worker(env, _now())),
        ("Vendor", lambda: vendor(env, registry.source, permit(env.redis_url), _now)),
        ("Kayako", lambda: kayako(env, registry.kayako, permit(env.redis_url, account=registry.KAYAKO, patience_s=KAYAKO_PATIENCE_S))),
    )


def permit(
    redis_url: str,
    *,
    account: str = registry.ACCOUNT,
    patience_s: float = PATIENCE_S,
    clock: Monotonic = HOST_CLOCK,
    sleep: Callable[[float], None] = time.sleep,
) -> Callable[[], None]:
    """What is called before the request to the vendor: takes it from the account's budget, after a short wait if need be.

    Without Redis nothing of ours polls, and the part of the limit that is never used (a tenth at least) has room for one request.
    """

    def take() -> None:
        left_s = patience_s
        try:
            with redis_once(redis_url) as client:
                bucket = buckets.buckets(client, account)[buckets.OTHER]
                budget = buckets.budget_for(client, account, bucket, clock=clock)
                while (wait_s := budget.take()) > 0:
                    if wait_s > left_s:
                        raise SourceError(ErrorKind.RATE_LIMIT, f"our share of the vendor's limit is used up for {wait_s:.0f} s.")
                    left_s -= wait_s
                    sleep(wait_s)
        except (BudgetError, redis_py.RedisError, OSError, ValueError):
            return

    return take


def _now() -> datetime:
    return datetime.now(UTC)


def as_text(findings: Sequence[Finding]) -> str:
    width = max(len(finding.what) for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{WORDS[finding.level]}  {finding.what:<{width}}  {finding.text}")
        if finding.remedy:
            lines.append(f"      {'':<{width}}  -> {finding.remedy}")
    return "\n".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    return json.dumps({"ok": not failed(findings), "findings": [asdict(finding) for finding in findings]}, indent=2)


def failed(findings: Sequence[Finding]) -> bool:
    return any(finding.level is Level.FAIL for finding in findings)
