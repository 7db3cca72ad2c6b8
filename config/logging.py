"""Logging to standard error: one line an event, secrets masked on the way out.

The filter sits on the handler, so every logger's records pass it: Django's, Celery's (config/celery.py keeps Celery from
setting up handlers of its own) and uvicorn's (started without a logging configuration of its own).
"""

from __future__ import annotations

import logging
from typing import Any


def is_an_event(record: logging.LogRecord) -> bool:
    """Django logs each answer of 500 and above; a 503 is meant (/readyz while something is missing) and nobody's fault."""
    return getattr(record, "status_code", None) != 503


def in_one_line(record: logging.LogRecord) -> bool:
    """Django logs a request that it refuses (too many fields, a foreign host name) with forty lines of its own frames; anybody in the world
    can send as many as they like, and the message says all there is."""
    if record.name.startswith("django.security."):
        record.exc_info, record.exc_text = None, None
    return True


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "secrets": {"()": "dashboard.sources.redaction.RedactSecrets"},
        "broker_away": {"()": "dashboard.polling.quietly.BrokerAwayOncePerMinute"},
        "refusals": {"()": "django.utils.log.CallbackFilter", "callback": in_one_line},
        "events": {"()": "django.utils.log.CallbackFilter", "callback": is_an_event},
    },
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {
        "nowhere": {"class": "logging.NullHandler"},
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals", "secrets"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's default gives these handlers of its own, which the filter would miss.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR", "filters": ["events"]},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING", "filters": ["broker_away"]},
        "celery.worker.consumer.consumer": {"filters": ["broker_away"]},
        "axes": {"level": "WARNING"},
        # Its messages may hold a channel's address, which is a secret; alerts/channels.py says what went wrong.
        "apprise": {"handlers": ["nowhere"], "level": "WARNING", "propagate": False},
    },
}
