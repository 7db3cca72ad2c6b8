"""A slow socket holds up nobody and is never queued for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dashboard.live.outlet import Outlet


class Server:
    """ASGI's send: writes while `open`, else waits, as uvicorn's does on a full transport."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.written: list[dict[str, Any]] = []
        self.fault: Exception | None = None

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        if self.fault is not None:
            raise self.fault
        self.written.append(message)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.written if message["type"] == "websocket.send"]


@pytest.fixture
def server() -> Server:
    return Server()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_push_to_a_ready_socket_is_written_before_it_returns(server: Server) -> None:
    outlet = Outlet(server.send, lambda: "newest")
    outlet.push("one")
    outlet.beat("two")
    outlet.control("three")
    assert server.texts == ["one", "two", "three"]
    assert outlet.stalled_s == 0.0


async def test_push_to_a_full_socket_waits_alone_and_then_only_the_newest_is_sent(server: Server) -> None:
    frames = ["newest"]
    outlet = Outlet(server.send, lambda: frames[-1])
    server.open.clear()
    for number in range(50):
        outlet.push(f"patch {number}")
        frames.append(f"frame {number}")
        outlet.beat("beat")
    await settle()
    assert server.texts == []
    assert outlet.stalled_s > 0
    server.open.set()
    await settle()
    assert server.texts == ["patch 0", "frame 49"]
    outlet.push("patch 50")
    assert server.texts[-1] == "patch 50"


async def test_push_during_the_catching_up_brings_another_newest(server: Server) -> None:
    frames = ["a", "b"]

    def newest() -> str:
        server.open.clear()  # the socket is full again just when it is sent what it missed
        return frames.pop(0)

    outlet = Outlet(server.send, newest)
    server.open.clear()
    outlet.push("patch 1")
    outlet.push("patch 2")
    server.open.set()
    await settle()
    outlet.push("patch 3")
    server.open.set()
    await settle()
    server.open.set()
    await settle()
    assert server.texts == ["patch 1", "a", "b"]


async def test_beats_alone_do_not_bring_a_frame_to_a_full_socket(server: Server) -> None:
    outlet = Outlet(server.send, lambda: "newest")
    server.open.clear()
    outlet.push("patch 1")
    outlet.beat("beat")
    server.open.set()
    await settle()
    assert server.texts == ["patch 1"]


async def test_control_to_a_full_socket_arrives_later(server: Server) -> None:
    outlet = Outlet(server.send, lambda: "newest")
    server.open.clear()
    outlet.push("patch 1")
    outlet.control("reload")
    outlet.push("patch 2")
    server.open.set()
    await settle()
    assert server.texts == ["patch 1", "reload", "newest"]


async def test_end_of_a_full_socket_skips_what_it_missed_and_closes(server: Server) -> None:
    outlet = Outlet(server.send, lambda: "newest")
    server.open.clear()
    outlet.push("patch 1")
    outlet.push("patch 2")
    outlet.end(4401, "revoked", last_text="bye")
    server.open.set()
    await settle()
    assert server.texts == ["patch 1", "bye"]
    assert server.written[-1] == {"type": "websocket.close", "code": 4401, "reason": "revoked"}
    assert outlet.gone


async def test_nothing_is_sent_after_the_end(server: Server) -> None:
    outlet = Outlet(server.send, lambda: "newest")
    outlet.end(4408, "no hello")
    outlet.push("patch")
    await settle()
    outlet.push("patch")
    outlet.end(4408, "no hello")
    await settle()
    assert [message["type"] for message in server.written] == ["websocket.close"]


@pytest.mark.parametrize("fault", [OSError("gone"), RuntimeError("after close"), KeyError("a server's own fault")])
async def test_a_fault_of_one_socket_ends_that_socket_only(server: Server, fault: Exception) -> None:
    outlet = Outlet(server.send, lambda: "newest")
    server.fault = fault
    outlet.push("one")
    assert outlet.gone
    server.fault = None
    outlet.push("two")
    assert server.texts == []


@pytest.mark.parametrize("fault", [OSError("gone"), KeyError("a server's own fault")])
async def test_a_socket_that_is_lost_while_it_is_full_ends(server: Server, fault: Exception) -> None:
    outlet = Outlet(server.send, lambda: "newest")
    server.open.clear()
    outlet.push("one")
    server.fault = fault
    server.open.set()
    await settle()
    assert outlet.gone
    assert outlet.stalled_s == 0.0


async def test_abandon_of_a_full_socket_leaves_no_task_and_no_warning(server: Server) -> None:
    outlet = Outlet(server.send, lambda: "newest")
    server.open.clear()
    outlet.push("one")
    await settle()
    outlet.abandon()
    await settle()
    assert len(asyncio.all_tasks()) == 1
    server.open.set()
    await settle()
    assert server.texts == []


async def test_abandon_before_the_task_has_begun_leaves_no_warning(server: Server) -> None:
    outlet = Outlet(server.send, lambda: "newest")
    server.open.clear()
    outlet.push("one")
    outlet.abandon()
    await settle()
    assert len(asyncio.all_tasks()) == 1
