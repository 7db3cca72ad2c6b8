"""The scripts behind the Makefile."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.env import BASE_DIR


def script(name: str) -> dict[str, Any]:
    return runpy.run_path(str(BASE_DIR / "scripts" / name), run_name="under_test")


# --- run_tests.py


def test_read_report_counts_what_pytest_wrote(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(
        '<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"/><testsuite tests="5"/></testsuites>', encoding="utf-8"
    )
    result = script("run_tests.py")["read_report"](tmp_path / "r.xml", 1)
    assert (result.code, result.passed, result.failed, result.skipped) == (1, 9, 3, 3)


def test_read_report_that_was_never_written_keeps_the_exit_code(tmp_path: Path) -> None:
    result = script("run_tests.py")["read_report"](tmp_path / "none.xml", 4)
    assert (result.code, result.passed, result.failed) == (4, 0, 0)


# --- lint.py


def test_locked_requirements_hold_no_address_and_no_option() -> None:
    check: Callable[[], str] = script("lint.py")["requirements_are_clean"]
    assert check() == ""


def test_locked_requirements_have_a_hash_for_each_library() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (BASE_DIR / name).read_text(encoding="utf-8")
        entries = [entry for entry in text.split("\n") if entry and not entry.startswith((" ", "#"))]
        assert len(entries) > 40
        assert all(entry.endswith("\\") for entry in entries)


def test_locked_runtime_is_a_part_of_the_locked_development_environment() -> None:
    def pins(name: str) -> set[str]:
        lines = (BASE_DIR / name).read_text(encoding="utf-8").splitlines()
        return {line.partition(" ")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


# --- environment.sh


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the script, two requirements files, and a PATH of stand-ins that write down how they were called."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(BASE_DIR / "scripts" / "environment.sh", tmp_path / "scripts")
    (tmp_path / "requirements.txt").write_text("one==1\n")
    (tmp_path / "requirements-dev.txt").write_text("one==1\ntwo==2\n")
    (tmp_path / "bin").mkdir()
    for name in ("dirname", "cmp", "cp", "mkdir", "rm", "sh", "cat", "chmod"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def stand_in(project: Path, name: str, body: str) -> None:
    path = project / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


# A Python of version 3.11 or not, with venv or not, that makes an environment whose own python writes down what it is asked.
PYTHON = """
case "$*" in
  *version_info*3,\\ 11*) exit {old} ;;
  *"import ensurepip"*) exit {no_venv} ;;
  *'print(f"python'*) echo python3.11-venv ;;
  "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  *) echo "$*" >> calls ;;
esac
"""


def environment(project: Path, requirements: str = "requirements.txt") -> subprocess.CompletedProcess[str]:
    command = [project / "bin" / "sh", "scripts/environment.sh", requirements]
    given = {"PATH": str(project / "bin")}
    return subprocess.run(command, cwd=project, env=given, capture_output=True, text=True, timeout=20, check=False)


def calls(project: Path) -> list[str]:
    return [line for line in (project / "calls").read_text().splitlines() if "install " in line]


def test_environment_with_pip_installs_once_and_by_hash(project: Path) -> None:
    stand_in(project, "python3", PYTHON.format(old=0, no_venv=0))
    assert environment(project).returncode == 0
    assert environment(project).returncode == 0
    (call,) = calls(project)
    assert "--require-hashes" in call
    assert call.endswith("--requirement requirements.txt")


def test_environment_after_the_requirements_changed_installs_again(project: Path) -> None:
    stand_in(project, "python3", PYTHON.format(old=0, no_venv=0))
    environment(project)
    (project / "requirements.txt").write_text("one==2\n")
    assert environment(project).returncode == 0
    assert len(calls(project)) == 2


def test_environment_for_running_is_satisfied_by_the_one_for_developing(project: Path) -> None:
    stand_in(project, "python3", PYTHON.format(old=0, no_venv=0))
    environment(project, "requirements-dev.txt")
    environment(project, "requirements.txt")
    environment(project, "requirements-dev.txt")
    assert [call.rpartition(" ")[2] for call in calls(project)] == ["requirements-dev.txt"]


def test_environment_with_uv_uses_it(project: Path) -> None:
    stand_in(project, "python3", PYTHON.format(old=0, no_venv=0))
    stand_in(project, "uv", 'case "$1" in venv) mkdir -p .venv/bin; cp bin/python3 .venv/bin/python ;; esac; echo "uv $*" >> calls')
    assert environment(project).returncode == 0
    (call,) = calls(project)
    assert call.startswith("uv pip install")
    assert "--require-hashes" in call


def test_environment_without_venv_names_the_package(project: Path) -> None:
    stand_in(project, "python3", PYTHON.format(old=0, no_venv=1))
    done = environment(project)
    assert done.returncode == 1
    assert done.stderr.startswith(
        "queuelight: Python's venv module is missing; on Debian or Ubuntu install it with: apt-get install python3.11-venv"
    )
    assert done.stderr.count("\n") == 1


def test_environment_with_an_old_python_says_what_is_needed(project: Path) -> None:
    stand_in(project, "python3", PYTHON.format(old=1, no_venv=0))
    done = environment(project)
    assert (done.returncode, done.stderr) == (1, "queuelight: Python 3.11 or newer is needed, and none was found on PATH.\n")


def test_environment_that_broke_is_made_anew(project: Path) -> None:
    stand_in(project, "python3", PYTHON.format(old=0, no_venv=0))
    environment(project)
    (project / ".venv" / "bin" / "python").unlink()
    done = environment(project)
    assert "made anew" in done.stdout
    assert done.returncode == 0
    assert len(calls(project)) == 2


def test_environment_whose_installation_fails_ends_with_an_error_and_tries_again(project: Path) -> None:
    stand_in(project, "python3", PYTHON.format(old=0, no_venv=0).replace('echo "$*" >> calls', 'echo "$*" >> calls; [ ! -e broken ]'))
    (project / "broken").touch()
    assert environment(project).returncode == 1
    (project / "broken").unlink()
    assert environment(project).returncode == 0


# --- make


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_help_lists_every_target() -> None:
    said = subprocess.run(["make", "help"], cwd=BASE_DIR, capture_output=True, text=True, timeout=20, check=True).stdout
    for target in ("run", "test", "check", "bench", "lock", "screenshots", "lint", "fmt", "clean"):
        assert target in said


# --- the container files


def test_dockerfile_and_compose_agree_with_the_program() -> None:
    dockerfile = (BASE_DIR / "Dockerfile").read_text(encoding="utf-8")
    compose = (BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    commands = {path.stem for path in (BASE_DIR / "dashboard" / "management" / "commands").glob("*.py")}
    assert "USER 10001" in dockerfile
    for name in ("serve", "prepare"):
        assert name in commands
        assert f"manage.py, {name}]" in compose
    assert (BASE_DIR / ".dockerignore").read_text(encoding="utf-8").startswith("*\n")
    assert os.access(BASE_DIR / ".ci" / "run", os.X_OK)
    assert sys.version_info >= (3, 11)
