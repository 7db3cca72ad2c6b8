"""What is looked at before anything starts, so that a wrong setting costs one sentence and not a pile of logs.

In:  the environment. Out: nothing, or a LaunchError with the sentence. Must start nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.env import Env
from dashboard.launch.errors import LaunchError
from dashboard.launch.listening import check_free
from dashboard.launch.redis_server import OLDEST

REDIS_TIMEOUT_S = 3.0


def check(env: Env) -> int:
    """The port that the web server will use (a free one where PORT is 0). LaunchError at the first thing that is wrong."""
    check_data_dir(env.data_dir)
    if not env.redis_embedded:
        check_redis(env.redis_url)
    return check_free(env.host, env.port)


def check_data_dir(data_dir: Path) -> None:
    """DATA_DIR exists or can be made, and files can be written in it."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = data_dir / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise LaunchError(f"DATA_DIR: {data_dir} cannot be written ({error.strerror}).") from error


def check_redis(url: str) -> tuple[int, int]:
    """The version of the server that REDIS_URL names. LaunchError when it does not answer or is older than 6.2."""
    try:
        with redis_once(url) as client:
            client.ping()
            info = client.info("server")
    except (redis.AuthenticationError, redis.exceptions.NoPermissionError):
        raise LaunchError("REDIS_URL: the server refuses the user or the password.") from None
    except TypeError:  # redis-py hands what stands behind the ? on as arguments, whatever they are called
        raise LaunchError("REDIS_URL: redis-py does not know an option that stands behind the question mark.") from None
    except (redis.RedisError, OSError, ValueError) as error:  # a ValueError is a URL that redis-py cannot read
        raise LaunchError(f"REDIS_URL: no Redis answers there ({type(error).__name__}).") from None
    version = redis_version(info)
    if version < OLDEST:
        raise LaunchError(f"REDIS_URL: the server is Redis {version[0]}.{version[1]}; 6.2 or newer is needed.")
    return version


def redis_once(url: str) -> redis.Redis:
    """A client that tries once: redis-py's own would try a refused password again for four seconds."""
    return redis.Redis.from_url(url, socket_connect_timeout=REDIS_TIMEOUT_S, socket_timeout=REDIS_TIMEOUT_S, retry=Retry(NoBackoff(), 0))


def redis_version(info: dict[str, object]) -> tuple[int, int]:
    """Major and minor of INFO's `redis_version`; Valkey reports the Redis version that it is compatible with. (0, 0) when unreadable."""
    major, _, rest = str(info.get("redis_version", "")).partition(".")
    minor = rest.partition(".")[0]
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else (0, 0)
