"""How long a page of the desk waits for a Redis that does not answer: once, not once for each of its questions.

In:  questions to Redis. Out: their answers, or None where there is none. After one that came to its time limit nothing is asked for 3 s: a
frozen Redis would keep a page of five questions for five times that limit. One that refuses at once is asked each time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

import redis as redis_py
from django.conf import settings

from dashboard.store.connection import client

logger = logging.getLogger(__name__)

QUIET_S = 3.0
T = TypeVar("T")
# By the address of Redis: until when (monotonic) it is not asked.
_quiet_until: dict[str, float] = {}


def is_silent() -> bool:
    """Whether Redis has just left a question without an answer."""
    return time.monotonic() < _quiet_until.get(settings.REDIS_URL, 0.0)


def forget() -> None:
    """No Redis was silent yet, as in a process that has just begun."""
    _quiet_until.clear()


def asked(question: Callable[[redis_py.Redis], T], what: str) -> T | None:
    """The answer; None: Redis does not answer. `what` is for the log."""
    if is_silent():
        return None
    try:
        return question(client())
    except redis_py.TimeoutError:
        _quiet_until[settings.REDIS_URL] = time.monotonic() + QUIET_S
        logger.warning("%s: Redis does not answer in time", what)
    except redis_py.RedisError as error:
        logger.warning("%s: %s", what, type(error).__name__)
    return None
