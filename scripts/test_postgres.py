"""Runs tests on PostgreSQL: a chosen part, or those that are named.

In:  QUEUELIGHT_TEST_DATABASE_URL, or PostgreSQL's programs, of which a server is started for the run; the names of tests. Out: pytest's
exit code. Where PostgreSQL is not installed: in the continuous integration (CI is set) a failure, elsewhere a sentence.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgresql import server  # noqa: E402 (the path comes first)

VARIABLE = "QUEUELIGHT_TEST_DATABASE_URL"
# What leans on the database most: races, transactions, constraints, one statement that inserts or updates, the first start.
CHOSEN = (
    "tests/postgresql",
    "tests/accounts/test_first.py",
    "tests/alerts/test_deliver.py",
    "tests/alerts/test_incidents.py",
    "tests/alerts/test_judge_faults.py",
    "tests/alerts/test_outbox.py",
    "tests/alerts/test_tickets.py",
    "tests/boards/test_addresses.py",
    "tests/boards/test_boards.py",
    "tests/desk/test_acts.py",
    "tests/history/test_prune.py",
    "tests/history/test_writer.py",
    "tests/incidents/test_incident_list.py",
    "tests/incidents/test_recipients.py",
    "tests/mirror/test_cases.py",
    "tests/mirror/test_cases_numbers.py",
    "tests/mirror/test_crashes.py",
    "tests/mirror/test_origin.py",
    "tests/mirror/test_source.py",
    "tests/screens/test_pairing.py",
    "tests/screens/test_playlists.py",
)
MISSING = f"PostgreSQL is not installed: no test was run on it. Install it (apt-get install postgresql), or name a server by {VARIABLE}."


def run(tests: list[str], database_url: str) -> int:
    """pytest's exit code. Each of its processes makes a database of its own, migrates and drops it."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "--create-db", *tests]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, VARIABLE: database_url}, check=False).returncode


def main(named: list[str]) -> int:
    tests = named or list(CHOSEN)
    if given := os.environ.get(VARIABLE):
        return run(tests, given)
    programs = server.programs()
    if programs is None:
        in_ci = bool(os.environ.get("CI"))
        print(f"queuelight: {'FAILED' if in_ci else 'SKIPPED'}: {MISSING}", file=sys.stderr)
        return 1 if in_ci else 0
    with server.running(programs) as database:
        return run(tests, database.url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
