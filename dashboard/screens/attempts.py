"""How many wrong codes somebody may type: counted in Redis, so that all web processes count together.

In:  who tries, and from where. Out: whether they may. Without Redis nobody may: a code that cannot be counted could be guessed.
An attempt is counted before the code is looked at and given back when it was right, so that a hundred at once are no way around.
"""

from __future__ import annotations

from typing import cast

import redis as redis_py

from dashboard.store import keys

LIFE_S = 600
MOST_BY_PERSON = 10
MOST_BY_ADDRESS = 30


def spend(redis: redis_py.Redis, *, person_id: int, address: str) -> bool:
    """Counts one attempt; False: there were too many in the last ten minutes. redis.RedisError when Redis does not answer."""
    names = _names(person_id, address)
    pipe = redis.pipeline(transaction=False)
    for name in names:
        pipe.set(name, 0, ex=LIFE_S, nx=True)
        pipe.incr(name)
    answers = cast("list[int]", pipe.execute())
    return answers[1] <= MOST_BY_PERSON and answers[3] <= MOST_BY_ADDRESS


def give_back(redis: redis_py.Redis, *, person_id: int, address: str) -> None:
    """The code was right: the attempt does not count. redis.RedisError."""
    pipe = redis.pipeline(transaction=False)
    for name in _names(person_id, address):
        pipe.decr(name)
        pipe.expire(name, LIFE_S)
    pipe.execute()


def _names(person_id: int, address: str) -> tuple[str, str]:
    return keys.attempts(f"person:{person_id}"), keys.attempts(f"address:{address}")
