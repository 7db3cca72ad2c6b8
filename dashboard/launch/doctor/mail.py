"""The doctor's look at the mail server: reachable, its certificate good, our login accepted. Sends nothing.

In:  the environment. Out: findings.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.env import Env
from dashboard.alerts import smtp
from dashboard.alerts.delivery_types import TransportError
from dashboard.launch.doctor.finding import CHECK_TIMEOUT_S, Finding, fail, ok, warn


def mail(env: Env) -> Sequence[Finding]:
    """A box instead of a server is right for trying out, and nobody's alert."""
    if env.mail is None:
        remedy = "set EMAIL_URL to have alerts sent"
        return warn("Mail", f"EMAIL_URL is not set: letters are kept in {env.data_dir / 'mail'}", remedy)
    try:
        smtp.check(env.mail, deadline_s=CHECK_TIMEOUT_S - 0.5)
    except TransportError as error:
        return fail("Mail", str(error), "look at EMAIL_URL and the server")
    signed = f", signed in as {env.mail.user}" if env.mail.user else ""
    return ok("Mail", f"{env.mail.host}:{env.mail.port} ({env.mail.security.value}){signed}; letters come from {env.email_from}")
