"""Runs every test: first the quick ones, then, in processes of their own, those with a real browser and those with real process trees.

Several processes because Playwright's synchronous interface and asyncio's test runner each want the event loop of the process.
The last line sums them up: `N passed, N failed, N skipped`. The exit code is 0 when nothing failed and something ran in each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
# The quick ones share all cores, one process more than there are, since some wait for real deadlines: each of pytest-xdist's processes
# starts a Redis and a database of its own.
PARTS = (
    ("the quick tests", ["-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal", "tests"]),
    # A browser each on two cores; a file's tests stay together, for what they share is made once a file.
    ("in a browser", ["-n", "2", "--dist", "loadfile", "tests/e2e"]),
    ("faults", ["tests/faults"]),
)


@dataclass(frozen=True, slots=True)
class Result:
    """One run of pytest; `code` is its exit code (5: it found no test)."""

    code: int
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def read_report(path: Path, code: int) -> Result:
    """pytest's own report, or nothing but the exit code when it did not get that far."""
    if not path.is_file():
        return Result(code)
    suites = list(ElementTree.parse(path).iter("testsuite"))  # noqa: S314 (pytest has written it a moment ago)

    def total(name: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    return Result(code, total("tests") - failed - skipped, failed, skipped)


def run(name: str, arguments: list[str], report: Path) -> Result:
    print(f"== {name}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    return read_report(report, subprocess.run(command, cwd=ROOT, check=False).returncode)


def main(extra: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        results = [run(name, [*paths, *extra], Path(folder) / f"{number}.xml") for number, (name, paths) in enumerate(PARTS)]
    for (name, _), result in zip(PARTS, results, strict=True):
        if result.code != 0:
            why = "found no test" if result.code == 5 else f"ended with exit code {result.code}"
            print(f"queuelight: {name}: pytest {why}.")
    passed, failed, skipped = (sum(getattr(result, field) for result in results) for field in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if all(result.code == 0 for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
