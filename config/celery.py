"""The Celery application; beat leaves a sign of life each time it sends a tick, so that its silence can be told from a worker's."""

from __future__ import annotations

import logging
import logging.config
import os
import time
from datetime import UTC, datetime
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import after_task_publish, setup_logging, worker_ready, worker_shutting_down
from kombu.connection import Connection

from config.logging import LOGGING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

logger = logging.getLogger(__name__)

TICK = "dashboard.tasks.tick"
# With no worker to take them, ticks would pile up in Redis for as long as that lasts; they are worthless after two seconds.
MOST_WAITING_TASKS = 1000


class PromptConnection(Connection):
    """Tries again every 0.2 to 1 s when Redis is away. Kombu's own 2, 4, 6 … 30 s would leave a board dark for half a minute. And breaks
    without ending the worker."""

    def _ensure_connection(
        self,
        errback: Any = None,
        max_retries: int | None = None,
        interval_start: float = 2,
        interval_step: float = 2,
        interval_max: float = 30,
        *arguments: Any,
        **options: Any,
    ) -> Any:
        return super()._ensure_connection(  # type: ignore[no-untyped-call]
            errback, max_retries, min(interval_start, 0.2), min(interval_step, 0.2), min(interval_max, 1.0), *arguments, **options
        )

    def maybe_close_channel(self, channel: Any) -> None:
        """A task that was taken and not begun is given back over a line that lives. Without a transport (Celery closes a broken line twice)
        kombu would look for Redis' address in it all the same, and the AttributeError ends the worker: seen once in some hundred kills of
        a Redis. What is lost so is asked for anew by the next tick."""
        if channel.connection is not None and channel.connection.client is None:
            channel.do_restore = False
        super().maybe_close_channel(channel)  # type: ignore[no-untyped-call]


class PromptBroker(AMQP):  # type: ignore[misc]
    """The broker side of the application, with connections that come back soon."""

    Connection = PromptConnection


class Queuelight(Celery):  # type: ignore[misc]
    """The application."""

    amqp_cls = PromptBroker


app = Queuelight("queuelight")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["dashboard"])


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logging(**_: Any) -> None:
    """Celery would set up handlers of its own, which do not mask secrets; that somebody listens keeps it from that."""
    logging.config.dictConfig(LOGGING)


@after_task_publish.connect(sender=TICK)  # type: ignore[untyped-decorator]
def note_beat(**_: Any) -> None:
    """Runs in the process that sent a tick: that is beat."""
    # Django's settings are not ready while this module is imported, and the store reads them.
    import redis

    from dashboard.store import connection, keys

    try:
        client = connection.client()
        with client.pipeline(transaction=False) as pipeline:
            pipeline.set(keys.alive("beat"), repr(time.time()), ex=3600)
            pipeline.ltrim(keys.TASKS, 0, MOST_WAITING_TASKS - 1)  # the newest are at the head
            pipeline.execute()
    except redis.RedisError as error:  # the tick went out; a sign of life that did not only makes the page say so
        logger.warning("Beat could not leave its sign of life (%s).", type(error).__name__)


@worker_ready.connect  # type: ignore[untyped-decorator]
def try_stopped_account_again(**_: Any) -> None:
    """A worker that starts asks an account once that refused its credentials: they may have been made good at the vendor's side."""
    import redis

    from dashboard.polling import account
    from dashboard.sources.registry import ACCOUNT
    from dashboard.store import connection

    try:
        if account.try_again(connection.client(), ACCOUNT, datetime.now(UTC)):
            logger.info("Account %s was stopped; it is asked once more.", ACCOUNT)
    except redis.RedisError as error:  # the stop stays until the settings change or the next start
        logger.warning("Whether the account is stopped is not known (%s).", type(error).__name__)


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def wait_no_longer(**_: Any) -> None:
    """A worker that was told to stop lets its polls end first; those that only wait for their turn end at once."""
    from dashboard.polling.stopping import STOPPING

    STOPPING.begin()
