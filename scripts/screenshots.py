"""Makes the pictures of the documents anew: a real `manage.py up` at a busy hour of the emulated call centre, in the system's Chromium.

Out: docs/pictures/wall.png and supervisor.png.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
READY_S = 90.0
MORNING_H = 11
# Long enough for the chart to have something to show.
WATCHED_S = 90.0


def midday_zone() -> str:
    """A zone where it is about eleven in the morning now: the floor is full then. (Etc/GMT's signs are the other way round.)"""
    behind_h = (datetime.now(UTC).hour - MORNING_H + 12) % 24 - 12
    return f"Etc/GMT{behind_h:+d}" if behind_h else "UTC"


def start(data_dir: Path) -> tuple[subprocess.Popen[str], str]:
    """The running program and its READY block."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ZENDESK_", "REDIS_", "DATABASE_"))}
    environment |= {"DATA_DIR": str(data_dir), "PORT": "0", "QUEUELIGHT_NO_DOTENV": "1", "TIME_ZONE": midday_zone()}
    program = subprocess.Popen([sys.executable, ROOT / "manage.py", "up"], env=environment, stdout=subprocess.PIPE, text=True)
    said, deadline = "", time.monotonic() + READY_S
    while "Stop with Ctrl-C." not in said and program.stdout is not None and time.monotonic() < deadline:
        line = program.stdout.readline()
        if not line:
            break
        said += line
    return program, said


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        sys.exit(f"queuelight: it did not get ready:\n{text}")
    return match[1]


def crowd(data_dir: Path) -> None:
    """The lunch rush, so that there is something to see."""
    address = urlsplit(json.loads((data_dir / "runtime.json").read_text())["emulator"]["url"])
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.request("POST", "/_emulator/scenario", json.dumps({"scenario": "lunch_rush"}), {"Content-Type": "application/json"})
    if connection.getresponse().status != 200:
        sys.exit("queuelight: the emulator refused the scenario.")
    connection.close()


def picture(page: Page, name: str) -> None:
    page.wait_for_timeout(2000)  # the chart is drawn after the first paint
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/pictures/{name}.png")


def main() -> int:
    chromium = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("queuelight: Chromium is needed for the pictures; install it, on Debian with: apt-get install chromium")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        program, said = start(Path(folder))
        try:
            wall, supervisor = found(r"Wallboard +(\S+)", said), found(r"Supervisor +(\S+)", said)
            email, password = found(r"log in as (\S+),", said), found(r"password (\S+)", said)
            crowd(Path(folder))
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else [])
                page = browser.new_page(viewport={"width": 1920, "height": 1080})
                page.goto(wall)
                page.wait_for_timeout(WATCHED_S * 1000)
                picture(page, "wall")
                page.set_viewport_size({"width": 1440, "height": 900})
                page.goto(f"{supervisor}login/")
                page.fill("input[name=username]", email)
                page.fill("input[name=password]", password)
                page.press("input[name=password]", "Enter")
                page.wait_for_url(supervisor)
                picture(page, "supervisor")
                browser.close()
        finally:
            program.send_signal(signal.SIGINT)
            program.wait(40)
    return 0


if __name__ == "__main__":
    sys.exit(main())
