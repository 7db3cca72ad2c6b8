"""The doctor's look at mail: the server is reachable, its certificate good, our login accepted; sender and links are of use to others.

In:  the environment; an address, for a letter that is really sent. Out: findings. Sends nothing unless asked to.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from config.env import Env, is_loopback
from dashboard.alerts import smtp
from dashboard.alerts.delivery_types import TransportError
from dashboard.incidents.recipients_trial import send_test
from dashboard.launch.doctor.finding import CHECK_TIMEOUT_S, Finding, fail, ok, warn
from dashboard.models import Recipient, Via


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
    answers = ok("Mail", f"{env.mail.host}:{env.mail.port} ({env.mail.security.value}){signed}; letters come from {env.email_from}")
    return [*answers, *_sender(env), *_links(env)]


def sent_test(env: Env, address: str, now: datetime) -> Sequence[Finding]:
    """Hands one letter over, as alerts are. It may take as long as a slow server does (smtp.DEADLINE_S and ANSWER_S)."""
    wrong = send_test(Recipient(via=Via.EMAIL, email=address), by="manage.py doctor", now=now)
    if wrong is not None:
        return fail("Test mail", wrong, "look at the address, EMAIL_URL and EMAIL_FROM")
    if env.mail is None:
        return warn("Test mail", f"kept in {env.data_dir / 'mail'}: EMAIL_URL is not set", "set EMAIL_URL to have it sent")
    return ok("Test mail", f"{env.mail.host} has taken a letter to {address}; if it does not arrive, look into the spam folder")


def _sender(env: Env) -> Sequence[Finding]:
    domain = env.email_from.rpartition("@")[2]
    if _is_number(domain) or "." not in domain:
        return warn("Mail sender", f"{env.email_from} is an address that many servers refuse", "set EMAIL_FROM")
    return ()


def _links(env: Env) -> Sequence[Finding]:
    if is_loopback(urlsplit(env.site_url).hostname or ""):
        return warn("Mail links", f"they lead to {env.site_url}, which no phone can open", "set SITE_URL to the address that people use")
    return ()


def _is_number(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return False
    return True
