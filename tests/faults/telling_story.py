"""A worker's part in the life of incidents, as processes that can be killed at every step. Run by test_alerts_kill.py, never by hand.

    python -m tests.faults.telling_story <folder> steps | ends | race

`steps`: the story is run once to count its checkpoints; then, for each of them, from the beginning in a process that kills itself
there (SIGKILL), and by a new process to the end. `ends`: the same for the first and the last checkpoint of each name.
`race`: four processes run it at the same time, and two of them die.
Prints one JSON line per run: what is in the database and in the box at the end. Events are remembered in a file as judging remembers
them in Redis: after they were recorded, so that a process that dies in between meets them again.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import django

django.setup()

from django.db import connection, connections  # noqa: E402 (models need Django's settings)

from dashboard.alerts import deliver, incidents  # noqa: E402
from dashboard.alerts.box import Box  # noqa: E402
from dashboard.alerts.couriers import at_once  # noqa: E402
from dashboard.alerts.delivery_types import Letter  # noqa: E402
from dashboard.domain.judging import Happened, What  # noqa: E402
from dashboard.domain.rules import Limit  # noqa: E402
from dashboard.domain.thresholds import Severity  # noqa: E402
from dashboard.models import Incident, Notification, Recipient, Rule, Step  # noqa: E402

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SCOPE = "main:current_queue_activity"
LIFE = (
    (What.OPENED, Severity.WARNING),
    (What.WORSE, Severity.CRITICAL),
    (What.RECOVERING, Severity.CRITICAL),
    (What.RESOLVED, Severity.CRITICAL),
)
AT_ONCE = 3  # rules that open in one moment, later: their letter is a digest
RACING = 30
Checkpoint = Callable[[str], None]


class Postman:
    """Puts letters into the real box, and writes down every hand-over."""

    def __init__(self, folder: Path) -> None:
        self._box = Box(folder / "box")
        self._log = folder / "hand-overs"

    def hand_over(self, recipient: Recipient, letter: Letter) -> None:
        with self._log.open("a") as log:
            log.write(json.dumps([recipient.name, letter.message_id, letter.subject]) + "\n")
        mail = EmailMessage()
        mail["To"], mail["Subject"] = recipient.email, letter.subject
        self._box.put(letter.message_id, bytes(mail))


def compose(told: Sequence[Notification], now: datetime) -> Letter:
    return Letter("; ".join(f"{row.incident_id} {row.what}" for row in told), "", "", told[0].message_id)


def prepare(folder: Path, names: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for model in (Notification, Incident, Step, Rule, Recipient):
            if connection.vendor == "postgresql":
                cursor.execute(f"TRUNCATE {model._meta.db_table} RESTART IDENTITY CASCADE")
            else:
                model.objects.all().delete()
    people = [Recipient.objects.create(name=name, email=f"{name}@example.com") for name in names]
    for number in range(1 + AT_ONCE + RACING):
        rule = Rule.objects.create(name=f"Rule {number}", metric="longest_wait_time", warning_enter=180.0, cooldown_s=0, reminder_s=0)
        for person in people:
            Step.objects.create(rule=rule, recipient=person)
    (folder / "done").unlink(missing_ok=True)


def record(number: int, what: What, severity: Severity, at: datetime, checkpoint: Checkpoint) -> None:
    rule = Rule.objects.get(name=f"Rule {number}")
    event = Happened(what, at, severity, at, 200.0, Limit(180.0, 120.0))
    incidents.record(rule, SCOPE, event, now=at, checkpoint=checkpoint)


def send(folder: Path, clock: Callable[[], datetime], checkpoint: Checkpoint) -> None:
    postman = Postman(folder)
    deliver.deliver(clock=clock, transport_for=lambda _: postman, compose=compose, run=at_once, checkpoint=checkpoint)


def story(folder: Path, checkpoint: Checkpoint, *, again: bool) -> None:
    """One incident's life, each event told before the next; then three at once. `again`: after a death, when the dead one's claim has
    ended."""
    done = folder / "done"
    known = set(done.read_text().split()) if done.exists() else set()
    shift = timedelta(minutes=1) if again else timedelta(0)
    moments = [[(0, what, severity)] for what, severity in LIFE] + [[(1 + n, What.OPENED, Severity.WARNING) for n in range(AT_ONCE)]]
    for number, events in enumerate(moments):
        at = START + timedelta(minutes=10 * number)
        for rule, what, severity in events:
            if (name := f"{rule}.{what}") not in known:
                record(rule, what, severity, at, checkpoint)
                with done.open("a") as file:
                    file.write(f"{name}\n")
        send(folder, lambda at=at: at + timedelta(seconds=2) + shift, checkpoint)


def racing(folder: Path, checkpoint: Checkpoint, *, may_send: Callable[[], bool] = lambda: True) -> None:
    """Many incidents, seen by every process; nothing settles together and nothing is a storm. Time runs ten times as fast."""
    began = time.monotonic()

    def clock() -> datetime:
        return START + timedelta(days=1, seconds=10 * (time.monotonic() - began))

    for number in range(RACING):
        record(number, What.OPENED, Severity.WARNING, START + timedelta(minutes=10 * number), checkpoint)
        if may_send():
            send(folder, clock, checkpoint)
    unsent = Notification.objects.exclude(state=Notification.State.SENT)
    while time.monotonic() - began < 60 and unsent.exists():
        if may_send():
            send(folder, clock, checkpoint)
        time.sleep(0.01)


def found(folder: Path) -> dict[str, object]:
    """What is there at the end."""
    box = Box(folder / "box").latest(1000)
    handed = [json.loads(line) for line in (folder / "hand-overs").read_text().splitlines()]
    return {
        "incidents": [[each.state, each.severity, each.version] for each in Incident.objects.order_by("pk")],
        "timelines": [[entry.what for entry in each.transitions.all()] for each in Incident.objects.order_by("pk")],
        "states": sorted(Notification.objects.values_list("state", flat=True)),
        "letters": sorted(letter.subject for letter in box),
        "expected": sorted(letter_ids()),
        "ids": sorted(letter.name for letter in box),
        "handed": handed,
    }


def say(run: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(run) + "\n")
    sys.stdout.flush()


def letter_ids() -> list[str]:
    ids = Notification.objects.filter(carried_by=None).values_list("message_id", flat=True)
    return [message_id.strip("<>").split("@")[0] for message_id in ids]


class Killer:
    """Counts the checkpoints; kills the process at the one with the given number (from 1)."""

    def __init__(self, at: int = 0) -> None:
        self.names: list[str] = []
        self._at = at

    def __call__(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


def process(work: Callable[[], object]) -> int:
    """Runs it in a process of its own, begins it and returns its id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 (a forked child must end here, and say why)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def ended(pid: int) -> int:
    """Its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _fresh(folder: Path, name: str, *, people: Sequence[str] = ("dana",)) -> Path:
    place = folder / name
    place.mkdir()
    prepare(place, people)
    return place


def steps(folder: Path, *, only_ends: bool = False) -> None:
    counter = Killer()
    story(_fresh(folder, "whole"), counter, again=False)
    say({"killed_at": "", **found(folder / "whole")})
    last = {name: number for number, name in enumerate(counter.names, 1)}
    first = {name: number for number, name in reversed(list(enumerate(counter.names, 1)))}
    for number, name in enumerate(counter.names, 1):
        if only_ends and number not in (first[name], last[name]):
            continue
        place = _fresh(folder, f"kill-{number}")
        killed = ended(process(lambda at=number, place=place: story(place, Killer(at), again=False)))
        finished = ended(process(lambda place=place: story(place, Killer(), again=True)))
        say({"killed_at": f"{number} {name}", "codes": [killed, finished], **found(place)})


def race(folder: Path) -> None:
    place = _fresh(folder, "race", people=("dana", "alex"))
    # Of four that record, one dies just before a hand-over, and one just after it; the others send only then, or they might do it all.
    both_died = place / "both-died"
    doomed = [process(lambda at=at: racing(place, _killer_at(at))) for at in ("handing", "handed")]
    living = [process(lambda: racing(place, Killer(), may_send=both_died.exists)) for _ in range(2)]
    codes = [ended(pid) for pid in doomed]
    both_died.touch()
    codes += [ended(pid) for pid in living]
    say({"codes": codes, **found(place)})


def _killer_at(name: str) -> Checkpoint:
    def checkpoint(reached: str) -> None:
        if reached == name:
            os.kill(os.getpid(), signal.SIGKILL)

    return checkpoint


if __name__ == "__main__":
    {"steps": steps, "ends": partial(steps, only_ends=True), "race": race}[sys.argv[2]](Path(sys.argv[1]))
