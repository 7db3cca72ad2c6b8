"""From the reading that satisfies a rule to the mail server: a whole installation, a real SMTP server, a rule that opens again and again.

In:  how many letters. Out: percentiles in seconds, beside the second that letters wait for company by design. The reading's time is the
worker's own, the letter's when the mail server said yes: both on this machine's clock.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime
from urllib.request import Request, urlopen

from config.env import BASE_DIR
from dashboard.bench.figures import Figure, percentile
from dashboard.bench.stage import Stage, running

LETTERS = 12
BOUND_S = 2.0
LONGEST_S = 30.0
CALM, LONG = {"longest_wait_time": 10, "calls_waiting": 1}, {"longest_wait_time": 400, "calls_waiting": 9}
# One rule that tells at the first reading and is over at once; and a recipient each, since five letters to one are a storm.
RULE = """
from dashboard.models import *
Rule.objects.update(is_enabled=False)
rule = Rule.objects.create(name="Measured", metric="longest_wait_time", critical_enter=300, critical_leave=200, keep_s=0, cooldown_s=0)
Step.objects.create(rule=rule, recipient=Recipient.objects.create(name="Bench", email="bench@example.com"))
"""
NEXT = """
from dashboard.models import *
Notification.objects.all().delete()
"""


class _Sink:
    """Takes letters, and notes when."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._taken = threading.Condition()
        self._times: list[float] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def wait_for(self, many: int) -> float:
        """When the letter of that number was taken, Unix seconds. RuntimeError when it never comes."""
        with self._taken:
            if not self._taken.wait_for(lambda: len(self._times) >= many, LONGEST_S):
                raise RuntimeError(f"letter {many} did not come within {LONGEST_S:.0f} s")
            return self._times[many - 1]

    def _serve(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 sink\r\n")
            while line := lines.readline():
                command = line[:4].upper()
                if command == b"DATA":
                    connection.sendall(b"354 go ahead\r\n")
                    while lines.readline() not in (b".\r\n", b""):
                        pass
                    with self._taken:
                        self._times.append(time.time())
                        self._taken.notify_all()
                connection.sendall(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")


def measure() -> list[Figure]:
    """RuntimeError when a letter does not come."""
    sink = _Sink()
    with running(EMAIL_URL=f"smtp://127.0.0.1:{sink.port}", ADMIN_EMAIL="admin@example.com") as stage:
        _override(stage, CALM)
        _shell(stage, RULE)
        took_s = [_one(stage, sink, number) for number in range(1, LETTERS + 1)]
    return [
        Figure("reading to mail server, p50", f"{percentile(took_s, 0.5):.2f} s", "1 s of it waits for what else happens"),
        Figure("reading to mail server, p95", f"{percentile(took_s, 0.95):.2f} s", f"promised: below {BOUND_S:.0f} s"),
        Figure("worst", f"{max(took_s):.2f} s", f"{LETTERS} letters"),
    ]


def _one(stage: Stage, sink: _Sink, number: int) -> float:
    """Seconds from the first long reading, as the incident remembers it, to the letter; then calm again, with nothing left to tell."""
    _override(stage, LONG)
    taken_at = sink.wait_for(number)
    said = _shell(stage, "from dashboard.models import *; print('OPENED', Incident.objects.latest('pk').opened_at.isoformat())")
    found = re.search(r"OPENED (\S+)", said)
    if found is None:
        raise RuntimeError(f"no incident was opened: {said}")
    _shell(stage, NEXT)
    _override(stage, CALM)
    deadline = time.monotonic() + LONGEST_S
    while "LEFT 0" not in _shell(stage, "from dashboard.models import *; print('LEFT', Incident.objects.filter(resolved_at=None).count())"):
        if time.monotonic() > deadline:
            raise RuntimeError("the incident did not end")
    return taken_at - datetime.fromisoformat(found[1]).timestamp()


def _override(stage: Stage, values: dict[str, int]) -> None:
    body = json.dumps({"endpoint": "current_queue_activity", "values": values}).encode()
    asked = Request(f"{stage.emulator_url}/_emulator/override", body, {"Content-Type": "application/json"})  # noqa: S310 (our own emulator)
    with urlopen(asked):  # noqa: S310 (as above)
        pass


def _shell(stage: Stage, code: str) -> str:
    command = [sys.executable, "manage.py", "shell", "-c", code]
    return subprocess.run(command, cwd=BASE_DIR, env=dict(stage.environment), check=True, capture_output=True, text=True).stdout
