"""The doctor's look at Kayako: one conversation of its list, as the polls ask for it, and what the answer tells.

In:  the settings, the site's source, the budget. Out: findings: reachable, credentials, the order of the list. Must not ask more than once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from config.env import Env
from dashboard.launch.doctor.finding import Finding, fail, ok, skip, warn
from dashboard.mirror.cases_stream import OVERLAP
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.kayako import Kayako

ASKED_COUNT = 20
OF_CREDENTIALS = frozenset({ErrorKind.AUTH, ErrorKind.FORBIDDEN, ErrorKind.REFUSED_CONFIG})
REMEDIES: Mapping[ErrorKind, str] = {
    ErrorKind.AUTH: "check KAYAKO_EMAIL and KAYAKO_PASSWORD, or KAYAKO_OAUTH_TOKEN; then restart: polling stops until they change",
    ErrorKind.FORBIDDEN: "the login must be an agent, an administrator or an owner; an OAuth token needs the scope conversations",
    ErrorKind.NOT_FOUND: "check KAYAKO_URL: it must be the site's own address; Kayako Classic has another interface",
    ErrorKind.RATE_LIMIT: "wait; another integration may use up the site's limit, or a wrong password has locked the login",
    ErrorKind.TIMEOUT: "look at the network and at Kayako's status page",
    ErrorKind.NETWORK: "look at KAYAKO_URL, the name service and the network",
    ErrorKind.TLS: "look at KAYAKO_URL, this machine's clock and its certificates",
    ErrorKind.REDIRECT: "set KAYAKO_URL to the site's own address, which does not redirect",
}


def kayako(env: Env, source: Callable[[], Kayako], before_request: Callable[[], None]) -> Sequence[Finding]:
    """Everything that Kayako refuses is a finding; a site that is not set is none to worry about."""
    if env.kayako is None:
        return skip("Kayako", "not set (KAYAKO_URL)")
    name = f"the emulator at {env.kayako.url}" if env.emulated and env.zendesk and env.kayako.url == env.zendesk.url else env.kayako.url
    try:
        page = source().cases_page(limit=ASKED_COUNT, before_request=before_request)
    except SourceError as error:
        if error.kind is ErrorKind.RATE_LIMIT and error.status is None:
            return skip("Kayako", f"not asked: {error.message}")
        what = "Kayako login" if error.kind in OF_CREDENTIALS else "Kayako"
        reached = ok("Kayako", f"{name} answers") if what != "Kayako" and error.status else ()
        return [*reached, *fail(what, f"{name}: {error.message}", REMEDIES.get(error.kind, "look at Kayako's status page"))]
    found = "conversations can be read" if page.count is None else f"{page.count:,} conversations can be read"
    return [
        *ok("Kayako", f"{name} answers"),
        *ok("Kayako login", f"accepted; {found}"),
        *_order([case.last_activity_at for case in page.items]),
    ]


def _order(times: Sequence[datetime]) -> Sequence[Finding]:
    """Nothing where the list comes as the polls expect it: newest activity first."""
    if all(later <= earlier + OVERLAP for earlier, later in pairwise(times)):
        return ()
    return warn(
        "Kayako list", "it does not come newest activity first", "nothing is lost, but every poll reads all of it: raise KAYAKO_INTERVAL_S"
    )
