"""The states in which every page is looked at, and how the running floor gets into each.

In:  an installation. Out: the floor in a state, until the next one.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from scripts.pictures.installation import Installation

QUEUE, ACCOUNT = "current_queue_activity", "account_overview"
QUIET = {"longest_wait_time": 0, "average_wait_time": 0, "calls_waiting": 0, "callbacks_waiting": 0, "embeddable_callbacks_waiting": 0}
CALM = {**QUIET, "longest_wait_time": 42, "average_wait_time": 20, "calls_waiting": 4, "embeddable_callbacks_waiting": 0}
WARNING = {**CALM, "longest_wait_time": 142, "average_wait_time": 61, "calls_waiting": 9, "callbacks_waiting": 3}
CRITICAL = {**CALM, "longest_wait_time": 462, "average_wait_time": 190, "calls_waiting": 17, "callbacks_waiting": 6}
FULL = 36

Pause = Callable[[float], None]


class Floor:
    """`pause` waits so many seconds while the pages go on living."""

    def __init__(self, installation: Installation, pause: Pause) -> None:
        self._on, self._pause = installation, pause

    @contextmanager
    def state(self, name: str) -> Iterator[None]:
        """calm, warning, critical, stale, down, empty, 1-agent or 200-agents; calm again at the end of the block."""
        with getattr(self, f"_{name.replace('-', '_')}")():
            yield

    def _numbers(self, values: dict[str, int]) -> None:
        self._on.tell("override", endpoint=QUEUE, values=values)
        self._pause(3)

    @contextmanager
    def _calm(self) -> Iterator[None]:
        self._numbers(CALM)
        yield

    @contextmanager
    def _warning(self) -> Iterator[None]:
        self._numbers(WARNING)
        yield
        self._numbers(CALM)

    @contextmanager
    def _critical(self) -> Iterator[None]:
        self._numbers(CRITICAL)
        yield
        self._numbers(CALM)

    @contextmanager
    def _stale(self) -> Iterator[None]:
        """Nobody asks any more: the worker stands still."""
        self._numbers(CALM)
        pids = self._on.worker_pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            self._pause(14)
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
            self._pause(8)

    @contextmanager
    def _down(self) -> Iterator[None]:
        """The vendor refuses every answer."""
        self._numbers(CALM)
        self._on.tell("fault", fault="503")
        self._pause(12)
        yield
        self._on.tell("calm")
        self._pause(45)  # it is asked again less and less often

    @contextmanager
    def _empty(self) -> Iterator[None]:
        """Nobody is signed in and nobody waits."""
        self._numbers(QUIET)
        self._on.tell("agents", set={str(agent_id): {"agent_state": "offline", "call_status": None} for agent_id in _agent_ids()})
        self._pause(8)
        yield
        self._on.tell("agents", set={})
        self._pause(8)

    @contextmanager
    def _agents(self, count: int) -> Iterator[None]:
        self._numbers(CALM)
        self._on.tell("agents", count=count)
        self._pause(9)
        yield
        self._on.tell("agents", count=FULL)
        self._pause(9)

    def _1_agent(self) -> AbstractContextManager[None]:
        return self._agents(1)

    def _200_agents(self) -> AbstractContextManager[None]:
        return self._agents(200)


def _agent_ids() -> list[int]:
    from dashboard.domain.feeds import Endpoint, Feed
    from dashboard.domain.readings import AgentsActivity
    from dashboard.store import connection, snapshots

    feed = Feed("main", Endpoint.AGENTS)
    reading = snapshots.load_readings(connection.client(), [feed]).get(feed)
    return [agent.agent_id for agent in reading.body.agents] if reading and isinstance(reading.body, AgentsActivity) else []


STATES = ("calm", "warning", "critical", "stale", "down", "empty", "1-agent", "200-agents")
