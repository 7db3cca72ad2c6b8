"""`manage.py up` as a person meets it: started, stopped, hurt and killed, with nothing left behind."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis as redis_py

from config import runtime
from config.env import BASE_DIR
from dashboard.launch.preflight import redis_once
from dashboard.launch.up import QUEUE
from dashboard.store import snapshots
from tests.launch.conftest import is_alive, wait_until

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these tests look at processes through /proc"),
]
START_S = 60.0
SECOND_START_S = 10.0


class Up:
    """One `manage.py up` and all that it says."""

    def __init__(self, data_dir: Path, **variables: str) -> None:
        left_out = ("REDIS_URL", "DATABASE_URL")
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        environment |= {"DATA_DIR": str(data_dir), "PORT": "0", "QUEUELIGHT_NO_DOTENV": "1", **variables}
        self.data_dir = data_dir
        self.lines: list[str] = []
        self.began_at = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, BASE_DIR / "manage.py", "up"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
        self.process.stdout.close()

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, words: str, deadline_s: float = START_S) -> float:
        """Seconds from the start until it said these words."""
        wait_until(lambda: words in self.said or self.process.poll() is not None, deadline_s)
        assert words in self.said, self.said
        return time.monotonic() - self.began_at

    def wait_for_end(self, deadline_s: float = 30.0) -> int:
        code = self.process.wait(deadline_s)
        self._reader.join()
        return code

    def running(self) -> dict[str, Any]:
        return json.loads((self.data_dir / runtime.RUNTIME_FILE).read_text())

    def running_pid(self, name: str) -> int | None:
        """None while this part has no process, or nothing runs any more."""
        try:
            pid: int | None = self.running()["pids"].get(name)
        except FileNotFoundError:
            return None
        return pid

    @property
    def wall(self) -> tuple[int, str]:
        found = re.search(r"Wallboard +http://127\.0\.0\.1:(\d+)(\S+)", self.said)
        assert found is not None, self.said
        return int(found[1]), found[2]


Start = Callable[..., Up]


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Start]:
    """Starts one in a folder of the test's; whatever is left at the end is killed, and what it said is shown where a test failed."""
    started: list[Up] = []

    def begin(**variables: str) -> Up:
        started.append(Up(tmp_path / "data", **variables))
        return started[-1]

    yield begin
    for one in started:
        for pid in ours(one.data_dir):
            os.kill(pid, signal.SIGKILL)
        one.process.wait(10)
        one._reader.join(10)
        sys.stdout.write(one.said)


def ours(data_dir: Path) -> list[int]:
    """Every living process of this folder: by its environment (`up` and all that came from it), or by its place of work (Redis)."""
    mark = f"DATA_DIR={data_dir}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            here = mark in (entry / "environ").read_bytes().split(b"\0") or (entry / "cwd").readlink().is_relative_to(data_dir)
            if here and is_alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:  # it ended while we looked
            continue
    return found


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def assert_nobody_left(one: Up, ports: list[int]) -> None:
    """No process and no socket; a process that is just ending has lost its environment, and may hold its socket a little longer."""
    wait_until(lambda: not ours(one.data_dir) and not [port for port in ports if listens(port)])


def assert_nothing_left(one: Up, ports: list[int]) -> None:
    assert_nobody_left(one, ports)
    assert not (one.data_dir / runtime.RUNTIME_FILE).exists()


def ports_of(one: Up) -> list[int]:
    values = one.running()
    return [values["port"], *(urlsplit(url).port or 0 for url in (values["redis_url"], values["emulator"]["url"]))]


def test_up_twice_is_ready_serves_the_wall_and_leaves_nothing(up: Start) -> None:
    first = up()
    first.wait_for("Stop with Ctrl-C.")
    assert "password" in first.said
    assert re.search(r"Source +emulator at http://127\.0\.0\.1:\d+ \(no ZENDESK_URL set\)", first.said)
    port, wall = first.wall
    assert get(port, "/healthz")[0] == 200
    assert get(port, "/readyz")[0] == 200
    assert get(port, wall)[0] == 302  # the key goes into a cookie and out of the address
    assert (first.data_dir / runtime.RUNTIME_FILE).stat().st_mode & 0o777 == 0o600
    assert len(ours(first.data_dir)) >= 6
    assert_no_secret_on_a_command_line(first)
    ports = ports_of(first)
    os.killpg(first.process.pid, signal.SIGINT)  # as a terminal sends it
    assert first.wait_for_end() == 0
    assert_nothing_left(first, ports)

    second = up()
    took_s = second.wait_for("Stop with Ctrl-C.")
    # Others may have this machine at the same time: what takes its processors takes our time.
    assert took_s < SECOND_START_S * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert_ready_is_true(second)
    assert "password" not in second.said
    assert second.wall[1] == wall
    second.process.send_signal(signal.SIGTERM)
    assert second.wait_for_end() == 0
    assert_nothing_left(second, [])
    key = wall.rpartition("=")[2]
    assert key not in "".join(path.read_text(errors="replace") for path in (second.data_dir / "logs").iterdir())


def assert_ready_is_true(one: Up) -> None:
    """Not by what the run before left in Redis: this run's worker has polled."""
    assert "ready." in (one.data_dir / "logs" / "worker.log").read_text().rpartition("celery@")[2]
    with redis_once(one.running()["redis_url"]) as client:
        outcome = snapshots.load_outcomes(client, [QUEUE])[QUEUE]
    assert outcome.at.timestamp() > one.running()["started_at"]


def assert_no_secret_on_a_command_line(one: Up) -> None:
    values = one.running()
    secrets = [values["emulator"]["token"], urlsplit(values["redis_url"]).password or "", (one.data_dir / "secret_key").read_text()]
    assert all(secrets)
    for pid in ours(one.data_dir):
        line = (Path("/proc") / str(pid) / "cmdline").read_text()
        assert not [secret for secret in secrets if secret in line], line


def test_up_whose_parts_are_killed_starts_each_again_until_one_cannot_live(up: Start) -> None:
    one = up()
    one.wait_for("Stop with Ctrl-C.")
    before = one.running()
    ports = ports_of(one)
    for pid in before["pids"].values():  # all at once: each comes back into a world in which the others are away
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: has_been_replaced(one, before["pids"]), START_S)
    came_back_at = time.time()
    wait_until(lambda: phone_is_live(one, since_s=came_back_at), START_S)
    assert get(ports[0], "/readyz")[0] == 200
    after = one.running()
    assert {**after, "pids": None} == {**before, "pids": None}  # the same ports, the same passwords
    running = [(Path("/proc") / str(pid) / "cmdline").read_bytes() for pid in ours(one.data_dir)]
    assert [sum(word in line for line in running) for word in (b"\0beat\0", b"\0worker\0", b"\0serve", b"\0run_emulator\0")] == [1] * 4
    for name in before["pids"]:
        one.wait_for(f"queuelight: {name} was ended by signal 9; it is started again in 0.5 s")
        one.wait_for(f"queuelight: {name} was started again.")

    while one.process.poll() is None:  # as often as one comes back; the other parts go on to the end
        if (pid := one.running_pid("beat")) is not None and is_alive(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    assert one.wait_for_end() == 1
    assert "queuelight: beat was ended by signal 9, 5 times in a row within 10 s of its start; everything is stopped." in one.said
    assert one.said.count("READY") == 1
    assert "web was ended by signal 9, " not in one.said
    assert_nothing_left(one, ports)


def has_been_replaced(one: Up, before: dict[str, int]) -> bool:
    now = one.running()["pids"]
    return now.keys() == before.keys() and not [name for name in before if now[name] == before[name]]


def phone_is_live(one: Up, *, since_s: float) -> bool:
    """Whether the queue was read without an error after this moment."""
    try:
        with redis_once(one.running()["redis_url"]) as client:
            outcome = snapshots.load_outcomes(client, [QUEUE]).get(QUEUE)
    except redis_py.RedisError:
        return False
    return outcome is not None and outcome.error_kind is None and not outcome.waiting and outcome.at.timestamp() > since_s


def test_up_that_is_killed_leaves_no_orphan_and_starts_again(up: Start) -> None:
    one = up()
    one.wait_for("Stop with Ctrl-C.")
    ports = ports_of(one)
    os.kill(one.running()["pids"]["worker"], signal.SIGKILL)
    one.wait_for("worker was started again.")  # the leash is on those that were started again, too
    one.process.kill()
    one.wait_for_end()
    assert_nobody_left(one, ports)
    again = up()
    again.wait_for("Stop with Ctrl-C.")
    again.process.send_signal(signal.SIGINT)
    assert again.wait_for_end() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_stopped_while_it_starts_leaves_nothing(up: Start, number: signal.Signals) -> None:
    one = up()
    wait_until(lambda: len(ours(one.data_dir)) >= 2)  # the embedded Redis at least
    one.process.send_signal(number)
    assert one.wait_for_end() == 0
    assert "READY" not in one.said
    assert_nothing_left(one, [])


def test_up_beside_another_in_the_same_folder_is_refused(up: Start) -> None:
    first = up()
    first.wait_for("Stop with Ctrl-C.")
    second = up()
    assert second.wait_for_end() == 1
    assert second.said.startswith("queuelight: DATA_DIR: another `manage.py up` runs in")
    assert len(second.lines) == 1
    assert get(first.wall[0], "/readyz")[0] == 200  # unharmed


def test_up_on_a_port_in_use_says_one_sentence(up: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        one = up(PORT=str(port))
        assert one.wait_for_end() == 1
    assert one.lines[-1].startswith(f"queuelight: PORT {port} on 127.0.0.1 is in use")
    assert_nothing_left(one, [])


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "queuelight: REDIS_URL: no Redis answers there"),
        ({"DATABASE_URL": "postgres://user:sentinel@127.0.0.1:1/none"}, "queuelight: DATABASE_URL: the database does not answer"),
        ({"ZENDESK_URL": "https://example.zendesk.com"}, "queuelight: ZENDESK_URL needs exactly one way to sign in"),
        ({"HOST": "203.0.113.7"}, "queuelight: HOST '203.0.113.7' is no address of this machine."),
    ],
)
def test_up_with_a_wrong_variable_says_one_sentence(up: Start, variables: dict[str, str], sentence: str) -> None:
    one = up(**variables)
    assert one.wait_for_end() == 1
    assert one.lines[-1].startswith(sentence)
    assert "sentinel" not in one.said
    assert "Traceback" not in one.said
    assert_nothing_left(one, [])


def test_up_with_a_vendor_that_does_not_answer_starts_and_says_so(up: Start) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, not listening: a connection is refused at once
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        one = up(ZENDESK_URL=url, ZENDESK_OAUTH_TOKEN="sentinel-token")
        one.wait_for("Stop with Ctrl-C.")
        assert f"  Source      {url}\n" in one.said
        assert "  Warning     " in one.said
        assert "sentinel" not in one.said
        one.process.send_signal(signal.SIGINT)
        assert one.wait_for_end() == 0
    assert_nothing_left(one, [])


def test_up_asked_twice_hurries(up: Start) -> None:
    one = up()
    one.wait_for("Stop with Ctrl-C.")
    for pid in one.running()["pids"].values():
        os.kill(pid, signal.SIGSTOP)  # nobody ends on request any more
    asked_at = time.monotonic()
    one.process.send_signal(signal.SIGINT)
    one.wait_for("Stopping …")
    one.process.send_signal(signal.SIGINT)
    assert one.wait_for_end() == 0
    assert time.monotonic() - asked_at < 5.0
    assert_nothing_left(one, [])
