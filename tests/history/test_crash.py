"""A writer that is killed, really, at each step of the way: no minute is lost and none is doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import redis as redis_py
from django.conf import settings
from django.db import connection

from dashboard.models import Board
from tests.history.crashing import CASES
from tests.history.readings import NOON, after, waits


@pytest.mark.django_db(transaction=True)
def test_writer_killed_at_any_step_loses_and_doubles_nothing(redis: redis_py.Redis) -> None:
    Board.objects.create(slug="main", title="Main")
    waits(redis, 0, 300)
    arguments = [sys.executable, "-m", "tests.history.crashing", str(connection.settings_dict["NAME"]), after(303).isoformat()]
    environment = {**os.environ, "REDIS_URL": settings.REDIS_URL}
    ended = subprocess.run(arguments, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=50, check=False)
    assert ended.returncode == 0, ended.stderr

    found = [json.loads(line) for line in ended.stdout.splitlines()]
    first = int(NOON.timestamp()) // 60
    assert len(found) == len(CASES)
    assert [killed for killed, *_ in found] == [True] * 4
    assert [there for _, there, *_ in found] == [0, 0, 0, 5], "all of them or none"
    assert [again for _, _, again, _ in found] == [5, 5, 5, 0]
    assert [minutes for *_, minutes in found] == [list(range(first, first + 5))] * 4
