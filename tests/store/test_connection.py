from __future__ import annotations

import redis as redis_py


def test_client_with_a_running_server_answers(redis: redis_py.Redis) -> None:
    assert redis.ping() is True
