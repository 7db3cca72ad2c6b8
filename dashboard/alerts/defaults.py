"""The rules that exist after the first start, and the administrator as somebody who can be told. Every start calls this; it only adds.

In:  the environment, a migrated database with its first administrator. Out: rows.
A rule is made once, by its key: somebody who changed, switched off or deleted it meant that. Limits for the spikes come from measurements
(docs/design/0003-spikes.md).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction

from config.env import Env
from dashboard.accounts.first import first_board
from dashboard.alerts import whom
from dashboard.models import Direction, Kind, Recipient, Rule, Via
from dashboard.sources.registry import KAYAKO

logger = logging.getLogger(__name__)

ACCOUNT = "main"
RECIPIENT_NAME = "Administrator"

RULES: tuple[Mapping[str, object], ...] = (
    {
        "key": "longest_wait",
        "name": "Longest wait",
        "kind": Kind.THRESHOLD,
        "metric": "longest_wait_time",
        "warning_enter": 180,
        "warning_leave": 150,
        "warning_for_s": 30,
        "critical_enter": 300,
        "critical_leave": 270,
        "keep_s": 60,
    },
    {
        "key": "longest_wait_spike",
        "name": "Spike of the longest wait",
        "kind": Kind.SPIKE,
        "metric": "longest_wait_time",
        "spike_floor": 180,
        "spike_rise": 90,
        "spike_times": 8,
        "warning_for_s": 0,
        "keep_s": 300,
    },
    {
        "key": "no_agents",
        "name": "No agent online while somebody waits",
        "kind": Kind.THRESHOLD,
        "metric": "agents_online",
        "direction": Direction.BELOW,
        "critical_enter": 0,
        "critical_leave": 1,
        "critical_for_s": 10,
        "keep_s": 30,
        "while_metric": "calls_waiting",
        "while_at_least": 1,
    },
    {
        "key": "data_lost",
        "name": "Data lost",
        "kind": Kind.LOST,
        "warning_enter": 60,
        "warning_leave": 0,
        "critical_enter": 300,
        "critical_leave": 0,
        "keep_s": 30,
    },
    {
        "key": "source_error",
        "name": "Source error",
        "kind": Kind.SOURCE,
        "warning_enter": 60,
        "warning_leave": 0,
        "critical_enter": 300,
        "critical_leave": 0,
        "keep_s": 30,
    },
    {
        "key": "screen",
        "name": "Screen dark",
        "kind": Kind.SCREEN,
        "warning_enter": 120,
        "warning_leave": 60,
        "keep_s": 30,
    },
)

# Made where there is a Kayako: it is asked once a minute, so that two failures are needed for a word, and three answers that did not come.
KAYAKO_RULES: tuple[Mapping[str, object], ...] = (
    {
        "account": KAYAKO,
        "key": "kayako_lost",
        "name": "Kayako data lost",
        "kind": Kind.LOST,
        "warning_enter": 240,
        "warning_leave": 0,
        "critical_enter": 900,
        "critical_leave": 0,
        "keep_s": 60,
    },
    {
        "account": KAYAKO,
        "key": "kayako_error",
        "name": "Kayako error",
        "kind": Kind.SOURCE,
        "warning_enter": 150,
        "warning_leave": 0,
        "critical_enter": 900,
        "critical_leave": 0,
        "keep_s": 60,
    },
)


def ensure_rules(env: Env) -> None:
    """Makes what is missing: of the rules above those of what is set up (a phone, Kayako); the recipient of ADMIN_EMAIL, or of the first
    administrator where it is not set.

    A new ADMIN_EMAIL is told from the next start on; the address before it stays among the recipients, for what it was told.
    DatabaseError when the database does not answer.
    """
    if env.admin_email:
        _ensure_recipient(env.admin_email.lower())
    else:
        whom.administrator()
    board = first_board()
    ours = [rule for rule in RULES if env.has_phone or rule["kind"] is Kind.SCREEN]
    for fields in (*ours, *(KAYAKO_RULES if env.has_kayako else ())):
        # A metric's place, in the words that are on the wall; what is about the data itself has none.
        _ensure_rule({"scope_name": board.title, **fields} if board is not None and "metric" in fields else fields)


def _ensure_rule(fields: Mapping[str, object]) -> None:
    if Rule.objects.filter(key=fields["key"]).exists():
        return
    try:
        with transaction.atomic():  # so that the loser of a race can go on using its connection
            Rule.objects.create(**{"account": ACCOUNT, **fields})
    except IntegrityError:
        logger.debug("Another process has just made the rule %s.", fields["key"])


def _ensure_recipient(email: str) -> None:
    if Recipient.objects.filter(via=Via.EMAIL, email=email).exists():
        return
    try:
        with transaction.atomic():
            Recipient.objects.create(name=RECIPIENT_NAME, via=Via.EMAIL, email=email, time_zone=settings.ACCOUNT_TIME_ZONE)
    except IntegrityError:
        logger.debug("Another process has just made the administrator's recipient.")
