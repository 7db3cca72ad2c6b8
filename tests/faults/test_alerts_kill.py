"""A worker is killed at every step from an event to a letter, and workers race each other: nothing is lost, and nothing comes twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.env import BASE_DIR
from tests.postgresql import server

LIFE = ["opened", "worse", "recovering", "resolved"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'db.sqlite3'}"
        return
    programs = server.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    with server.running(programs) as database:
        yield database.url


def _run(what: str, folder: Path, database_url: str) -> list[dict[str, Any]]:
    environ = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": database_url, "QUEUELIGHT_NO_DOTENV": "1"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=BASE_DIR, env=environ, check=True, capture_output=True, timeout=60
    )
    place = folder / what
    place.mkdir()
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults.telling_story", str(place), what]
    done = subprocess.run(command, cwd=BASE_DIR, env=environ, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.timeout(200)
def test_killed_at_every_step_each_letter_is_there_once_and_the_incidents_are_right(tmp_path: Path, database_url: str) -> None:
    # A connection to PostgreSQL costs: there it is the first and the last step of each kind, the last ones being a digest's.
    whole, *killed = _run("steps" if database_url.startswith("sqlite") else "ends", tmp_path, database_url)
    assert whole["letters"] != []
    steps = {run["killed_at"].split()[1] for run in killed}
    assert steps == {"changed", "entered", "written", "committed", "claimed", "composed", "handing", "handed", "sent"}
    assert len(killed) >= (48 if database_url.startswith("sqlite") else 18)
    for run in killed:
        at = run["killed_at"]
        assert run["codes"] == [-9, 0], at
        assert run["timelines"] == [LIFE, ["opened"], ["opened"], ["opened"]], at
        assert [(state, severity) for state, severity, _ in run["incidents"]] == [("resolved", "critical")] + [("open", "warning")] * 3, at
        assert set(run["states"]) == {"sent"}, at
        assert run["ids"] == run["expected"], at
        # The life of the one, each event a letter, and the three in one.
        assert [subject.split(" ", 1)[1] for subject in whole["letters"][:3]] == ["opened", "resolved", "worse"]
        assert Counter(len(subject.split(";")) for subject in run["letters"]) == {1: 3, 3: 1}, at
        twice = [message_id for message_id, count in Counter(message_id for _, message_id, _ in run["handed"]).items() if count > 1]
        # Only a death in the very moment of handing over hands a letter over again, as the same letter.
        assert len(twice) <= (1 if at.endswith(" handed") else 0), at


@pytest.mark.timeout(200)
def test_workers_who_race_and_die_tell_each_thing_once_and_in_order(tmp_path: Path, database_url: str) -> None:
    (run,) = _run("race", tmp_path, database_url)
    assert run["codes"] == [-9, -9, 0, 0]
    assert run["timelines"] == [["opened"]] * 30
    assert run["states"] == ["sent"] * 60
    assert run["ids"] == run["expected"]
    assert len(run["letters"]) == 60
    handed = Counter(message_id for _, message_id, _ in run["handed"])
    assert sum(handed.values()) <= 61
    for person in ("dana", "alex"):
        order: list[int] = []
        for name, _, subject in run["handed"]:
            if name == person and (number := int(subject.split()[0])) not in order:
                order.append(number)
        assert order == sorted(order), person
