"""A program that writes history and is killed with -9 at each step of the way, in a child of its own each time.

Arguments: the database's name, the time (ISO). Out: one JSON line a case: how the child ended, and how many minutes were there then.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

# A word of the first statement at which the child dies, and whether just before it or just after.
CASES = [("dashboard_historylayout", "before"), ('INTO "dashboard_minute"', "before"), ('INTO "dashboard_minute"', "after"), ("", "after")]


def main(name: str, now: datetime) -> None:
    from django.db import connection

    from dashboard.history.writer import write_minutes
    from dashboard.models import Minute
    from dashboard.store.connection import client

    connection.settings_dict["NAME"] = name
    for word, when in CASES:
        connection.close()
        if (child := os.fork()) == 0:
            with connection.execute_wrapper(_dying(word, when)):
                write_minutes(client(), now)
            _die()  # all is written, and nobody has been told
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        there = Minute.objects.count()
        again, minutes = write_minutes(client(), now), [*Minute.objects.values_list("minute", flat=True)]
        sys.stdout.write(json.dumps([killed, there, again, minutes]) + "\n")
        sys.stdout.flush()  # or the next child has it too
        Minute.objects.all().delete()


def _dying(word: str, when: str) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if word and word in sql and when == "before":
            _die()
        found = run(sql, params, many, context)
        if word and word in sql:
            _die()
        return found

    return execute


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]))
