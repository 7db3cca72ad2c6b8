"""Every check that runs nothing: code, types, import rules, words, templates, the locked requirements, shell scripts, container files.

One line a check; the output of a check is shown only when it fails. All checks run, so that one run shows all there is to mend.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BIN = Path(sys.executable).parent
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
SCRIPTS = ("scripts/environment.sh", "scripts/lock.sh", ".ci/run")


def tool(*command: str) -> Callable[[], str]:
    """A check by a program of the environment: "" when it is content, else what it said."""

    def check() -> str:
        done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"

    return check


def requirements_are_clean() -> str:
    """No download address and no option: they would bind everybody to one machine's package index."""
    bad = [
        f"{name}:{number}: {line}"
        for name in REQUIREMENTS
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
        if "://" in line or re.match(r"\s*--(?!hash=)", line)
    ]
    return "\n".join(bad)


def words_are_complete() -> str:
    """Every language has every word, and every word that is said there is. What the browser, the server and the templates say counts."""
    from dashboard.words.review import problems  # the checks above must run also where the words cannot be read

    places = (("static/js", "*.js"), ("dashboard", "*.py"), ("templates", "*.html"), ("templates", "*.txt"))
    sources = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for folder, kind in places for path in (ROOT / folder).rglob(kind)}
    return "\n".join(problems(ROOT / "static" / "words", sources))


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("ruff", tool("ruff", "check", "--quiet", ".")),
    ("ruff format", tool("ruff", "format", "--check", "--quiet", ".")),
    ("mypy", tool("mypy", "config", "dashboard")),
    ("import rules", tool("lint-imports")),
    ("words", words_are_complete),
    ("templates", tool("djlint", "templates", "--lint", "--quiet")),
    ("locked requirements", requirements_are_clean),
    ("shell scripts", tool("shellcheck", *SCRIPTS)),
    ("Dockerfile", tool("hadolint", "Dockerfile")),
    ("docker-compose.yml", tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")),
)


def main() -> int:
    failed = 0
    for name, check in CHECKS:
        said = check()
        print(f"{'FAIL' if said else 'ok  '}  {name}", flush=True)
        if said:
            failed += 1
            print(said, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
