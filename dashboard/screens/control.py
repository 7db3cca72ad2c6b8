"""Orders to a screen, from whoever may give them: look what you show, say who you are, load anew, go dark.

In:  Redis, a screen. Out: messages to every web process, which have its sockets. Redis away: said in the log; what a screen shows and
that it was removed is in the database, which every web process looks at every two seconds, so only a flash or a reload is lost then.
"""

from __future__ import annotations

import logging

import redis as redis_py

from dashboard.live.messages import RELOAD, SCREENS_CHANGED, bye_message, flash_message, pushed
from dashboard.models import Screen
from dashboard.store import keys

logger = logging.getLogger(__name__)

FLASH_S = 10


def tell_assignment(redis: redis_py.Redis, screen: Screen | None = None) -> bool:
    """What the screen (None: any screen) shows was changed, and the change is committed. False: Redis does not answer."""
    return _push(redis, pushed(SCREENS_CHANGED, "{}"), is_lost=False)


def flash(redis: redis_py.Redis, screen: Screen) -> bool:
    """The screen shows its name in big type for ten seconds. False: Redis does not answer, so it does not."""
    return _push(redis, pushed(_viewer(screen), flash_message(screen.name, FLASH_S)))


def reload(redis: redis_py.Redis, screen: Screen) -> bool:
    """The screen loads its page anew. False: Redis does not answer, so it does not."""
    return _push(redis, pushed(_viewer(screen), RELOAD))


def revoke(redis: redis_py.Redis, screen: Screen) -> bool:
    """The screen, whose row says already that it was revoked, goes dark now. False: it does within seconds all the same."""
    return _push(redis, pushed(_viewer(screen), bye_message("revoked")), is_lost=False)


def _viewer(screen: Screen) -> str:
    return f"screen:{screen.pk}"


def _push(redis: redis_py.Redis, text: str, *, is_lost: bool = True) -> bool:
    """`is_lost`: whether the order is lost without Redis, and not just a second or two late."""
    try:
        redis.publish(keys.PUSH, text)
    except redis_py.RedisError as error:
        level = logging.WARNING if is_lost else logging.DEBUG
        logger.log(level, "An order to a screen could not be sent: Redis does not answer (%s).", type(error).__name__)
        return False
    return True
