"""Sends one recipient a test, so that nobody learns from a real incident that an address was wrong.

In:  a recipient, who asked for it. Out: None when it was handed over, else one sentence that says what failed.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime

from django.utils.html import escape

from dashboard.alerts import channels
from dashboard.alerts.delivery_types import Letter, TransportError
from dashboard.alerts.transports import transport_for
from dashboard.models import Recipient, Via
from dashboard.words.phrases import Words
from dashboard.words.phrases import words as words_of

logger = logging.getLogger(__name__)


def send_test(recipient: Recipient, *, by: str, now: datetime) -> str | None:
    """Hands a test over at once, past quiet hours and everything that waits; takes at most the transport's own deadline (10 s)."""
    if recipient.via == Via.CHANNEL:
        return channels.send_test(recipient)
    try:
        transport_for(recipient).hand_over(recipient, _letter(words_of(recipient.language), by, now))
    except TransportError as error:
        logger.info("A test to recipient %d failed.", recipient.pk)
        return str(error)
    return None


def _letter(words: Words, by: str, now: datetime) -> Letter:
    subject, text = words.say("trial.subject"), words.say("trial.text", who=by, when=f"{now:%Y-%m-%d %H:%M}")
    html = (
        f'<!doctype html><html lang="{words.tag}" dir="{words.direction}"><meta charset="utf-8"><title>{escape(subject)}</title>'
        f"<body><p>{escape(text)}</p></body></html>"
    )
    return Letter(
        subject,
        text + "\n",
        html,
        f"<test.{secrets.token_hex(12)}@queuelight>",
        {"Auto-Submitted": "auto-generated", "Content-Language": words.tag},
    )
