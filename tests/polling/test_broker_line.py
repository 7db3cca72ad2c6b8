"""The worker's line to Redis: what happens when it breaks while a task has just come."""

from __future__ import annotations

import pytest

from config.celery import app


@pytest.mark.usefixtures("redis")
def test_line_that_has_let_go_of_its_transport_is_closed_with_a_task_in_hand() -> None:
    """Celery closes a broken line twice, the second time without a transport; what is raised then ends the worker."""
    line = app.connection_for_read()
    line.SimpleQueue("tasks").put({"a": 1})
    taken = line.SimpleQueue("tasks").get(timeout=5)
    channel, transport = line.default_channel, line.transport
    assert taken.payload == {"a": 1}
    transport.client = None
    line.maybe_close_channel(channel)
    assert channel.closed
    transport.client = line
    line.close()
