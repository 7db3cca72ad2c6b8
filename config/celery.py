"""The Celery application; beat leaves a sign of life each time it sends a tick, so that its silence can be told from a worker's."""

from __future__ import annotations

import logging.config
import os

from celery import Celery
from celery.signals import setup_logging

from config.logging import LOGGING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("queuelight")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["dashboard"])


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def keep_our_logging(**_given: object) -> None:
    """Celery would set up handlers of its own, which do not mask secrets; that somebody listens keeps it from that."""
    logging.config.dictConfig(LOGGING)
