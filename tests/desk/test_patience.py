"""A Redis that does not answer is waited for once a page."""

from __future__ import annotations

from typing import Any

import pytest
import redis as redis_py

from dashboard.desk import patience


@pytest.mark.usefixtures("no_redis")  # whose client goes with it
def test_redis_that_ran_into_its_limit_is_left_alone_for_a_while(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/7"
    raised: list[type[redis_py.RedisError]] = []

    def failing(error: type[redis_py.RedisError]) -> Any:
        def question(_: redis_py.Redis) -> int:
            raised.append(error)
            raise error

        return question

    assert patience.asked(lambda _: 7, "test") == 7
    for error, is_silent in ((redis_py.ConnectionError, False), (redis_py.TimeoutError, True), (redis_py.TimeoutError, True)):
        assert patience.asked(failing(error), "test") is None
        assert patience.is_silent() is is_silent
    assert raised == [redis_py.ConnectionError, redis_py.TimeoutError]
    settings.REDIS_URL = "redis://127.0.0.1:1/8"
    assert not patience.is_silent()
