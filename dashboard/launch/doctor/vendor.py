"""The doctor's look at the vendor: one request to a stats endpoint, as the polls send it, and what its answer tells.

In:  the account's source, the budget, clocks. Out: findings: reachable, credentials, plan, clocks. `/users/me` would not do: the vendor
answers it with 200 and "Anonymous" to wrong credentials. Must not ask more than once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from config.env import Env
from dashboard.domain.derive import sends_professional_fields
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.launch.doctor.finding import Finding, fail, ok, skip, warn
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.registry import ACCOUNT
from dashboard.sources.zendesk_talk import Answered

WARN_SKEW_S = 2.0
FAIL_SKEW_S = 30.0
# The vendor's Date header has whole seconds: on average it is half a second behind.
DATE_HEADER_LAG_S = 0.5

REMEDIES = {
    ErrorKind.AUTH: "check the credentials' variables; then restart: polling stops until they change",
    ErrorKind.FORBIDDEN: "the person or client behind the credentials must be allowed to see Talk's statistics",
    ErrorKind.NOT_FOUND: "check ZENDESK_URL, and that the account has Zendesk Talk",
    ErrorKind.RATE_LIMIT: "another integration uses up the account's limit; wait, or lower BUDGET_SHARE",
    ErrorKind.SERVER: "look at the vendor's status page; polling goes on by itself",
    ErrorKind.TIMEOUT: "look at the network and the vendor's status page",
    ErrorKind.NETWORK: "look at ZENDESK_URL, the name service and the network",
    ErrorKind.TLS: "look at ZENDESK_URL, this machine's clock and its certificates",
    ErrorKind.REDIRECT: "set ZENDESK_URL to the account's own address, which does not redirect",
}


class Source(Protocol):
    """As dashboard.sources.registry gives it."""

    def read(self, feed: Feed, *, before_request: Callable[[], None]) -> Answered: ...


def vendor(
    env: Env, source_of: Callable[[str], Source], before_request: Callable[[], None], clock: Callable[[], datetime]
) -> Sequence[Finding]:
    """One `account_overview`. Everything that the vendor refuses is a finding."""
    if not env.has_phone:
        return skip("Vendor", "no ZENDESK_URL is set: there is no phone and no ticket here, only Kayako")
    if env.zendesk is None:
        return skip("Vendor", "no account is set, and no emulator runs; `manage.py up` starts one")
    name = f"the emulator at {env.zendesk.url}" if env.emulated else env.zendesk.url
    try:
        answered = source_of(ACCOUNT).read(Feed(ACCOUNT, Endpoint.ACCOUNT), before_request=before_request)
    except SourceError as error:
        what = "Credentials" if error.kind in {ErrorKind.AUTH, ErrorKind.FORBIDDEN, ErrorKind.REFUSED_CONFIG} else "Vendor"
        reached = ok("Vendor", f"{name} answers") if what == "Credentials" and error.status else ()
        return [*reached, *fail(what, f"{name}: {error.message}", REMEDIES.get(error.kind, "look at the vendor's status page"))]
    now = clock()
    return [
        *ok("Vendor", f"{name} answers"),
        *ok("Credentials", "accepted on the statistics endpoint"),
        *_plan(answered),
        *clocks(answered.server_date, now),
    ]


def _plan(answered: Answered) -> Sequence[Finding]:
    if sends_professional_fields(answered.reading.body):
        return ok("Plan", "Talk Professional or higher: every number is there")
    return warn("Plan", "Talk Team: the fields of Professional are not sent", "tiles that need them show a padlock; nothing is broken")


def clocks(server_date: datetime | None, now: datetime) -> Sequence[Finding]:
    """This machine's clock against the vendor's Date header."""
    if server_date is None:
        return skip("Clock", "the vendor sent no Date")
    skew_s = (now - server_date).total_seconds() - DATE_HEADER_LAG_S
    found = f"{abs(skew_s):.1f} s {'ahead of' if skew_s > 0 else 'behind'} the vendor's"
    remedy = "let the machine set its clock by the network (NTP)"
    if abs(skew_s) > FAIL_SKEW_S:
        return fail("Clock", found, remedy)
    return warn("Clock", found, remedy) if abs(skew_s) > WARN_SKEW_S else ok("Clock", found)
