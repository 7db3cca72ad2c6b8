"""What the tests of a poll begin with."""

from __future__ import annotations

import pytest
import redis as redis_py

from tests.polling.poller_scene import Scene


@pytest.fixture
def scene(redis: redis_py.Redis) -> Scene:
    """A scene in which much may be asked."""
    scene = Scene(redis)
    scene.grow_old()
    return scene
