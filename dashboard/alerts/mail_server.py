"""How the mail server is: while it is away all mail waits together, and one letter at a time tries whether it is back.

In:  how a hand-over went. Out: the one row of `MailServer`, which pages show. Must not know letters or transports.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models.functions import Coalesce

from dashboard.domain.delivery import LONGEST_SERVER_BACKOFF_S, backoff_s
from dashboard.models import MailServer


def present() -> MailServer | None:
    """For pages: None as long as it never failed; `failing_since` None when it answers again."""
    return MailServer.objects.first()


def is_waited_for(now: datetime) -> bool:
    """Whether it is away, and not to be tried yet or being tried by somebody."""
    return MailServer.objects.filter(failing_since__isnull=False, not_before__gt=now).exists()


def may_try(now: datetime, *, for_at_most: timedelta) -> bool:
    """Whether a letter may be handed to it. While it is away the first to ask may, and all others wait for how that goes."""
    away = MailServer.objects.filter(failing_since__isnull=False)
    if not away.exists():
        return True
    return away.filter(not_before__lte=now).update(not_before=now + for_at_most) == 1


def note_away(message: str, now: datetime, rng: float) -> None:
    """It took nothing, from whomever: `message` is one plain sentence, `rng` 0..1 shakes the wait."""
    server, _ = MailServer.objects.get_or_create(name="mail")
    failures_count = server.failures_count + 1
    wait = timedelta(seconds=backoff_s(failures_count, rng, longest_s=LONGEST_SERVER_BACKOFF_S))
    MailServer.objects.filter(pk=server.pk).update(
        failures_count=failures_count,
        not_before=now + wait,
        failing_since=Coalesce("failing_since", now),
        last_error=message[:300],
        last_error_at=now,
    )


def note_back() -> None:
    """It answered, if only about one address: whoever waits for it may go on."""
    MailServer.objects.filter(failing_since__isnull=False).update(
        failing_since=None, failures_count=0, not_before=None, last_error="", last_error_at=None
    )


def after_a_clock_put_back(now: datetime) -> None:
    """A time to try again that lies further ahead than any wait can is from before the clock was put back: it may be tried now."""
    MailServer.objects.filter(not_before__gt=now + 2 * timedelta(seconds=LONGEST_SERVER_BACKOFF_S)).update(not_before=now)
