"""Makes the pictures anew: a real `manage.py up` at a busy hour of the emulated call centre, in the system's Chromium.

Out: docs/pictures/wall.png and supervisor.png, and the wall in its states, sizes and themes in screenshots/, to be looked at.
The two hours before the start are filled from the same simulated day that the emulator plays (its seed, its agents), so that
the chart shows what it would have shown.
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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
STATES = ROOT / "screenshots"
READY_S = 90.0
MORNING_H = 11
HISTORY = timedelta(hours=2)
HISTORY_STEP = timedelta(seconds=10)
WARNING_MS = 30_000
QUEUE = "current_queue_activity"
WARNING = {"longest_wait_time": 142, "average_wait_time": 61, "calls_waiting": 9, "callbacks_waiting": 3}
CALM = {"longest_wait_time": 42, "average_wait_time": 20, "calls_waiting": 4, "callbacks_waiting": 0}
CRITICAL = {"longest_wait_time": 462, "average_wait_time": 190, "calls_waiting": 17, "callbacks_waiting": 6}
HD = (1920, 1080)


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


class Emulator:
    """The switches of the emulator that `up` has started."""

    def __init__(self, data_dir: Path) -> None:
        self._address = urlsplit(json.loads((data_dir / "runtime.json").read_text())["emulator"]["url"])

    def tell(self, path: str, **body: object) -> None:
        connection = http.client.HTTPConnection(self._address.hostname or "", self._address.port, timeout=10)
        connection.request("POST", f"/_emulator/{path}", json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
        if answer.status != 200:
            sys.exit(f"queuelight: the emulator refused {path}: {said}")

    def state(self) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._address.hostname or "", self._address.port, timeout=10)
        connection.request("GET", "/_emulator/state")
        found: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return found


def join(data_dir: Path) -> None:
    """Makes this process one of the installation: the same Redis, the same database."""
    os.environ.update(
        DATA_DIR=str(data_dir), QUEUELIGHT_NO_DOTENV="1", DJANGO_SETTINGS_MODULE="config.settings", DJANGO_ALLOW_ASYNC_UNSAFE="1"
    )
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def fill_history(emulator: Emulator) -> None:
    """The queue of the last two hours, as the emulator's day had it."""
    from dashboard.domain.feeds import Endpoint, Feed
    from dashboard.domain.readings import QueueActivity
    from dashboard.domain.totals import totals
    from dashboard.emulator import stats
    from dashboard.emulator.stage import WorldConfig
    from dashboard.emulator.world import World
    from dashboard.polling.feeds import base_interval_s
    from dashboard.store import connection
    from dashboard.store.series import series_of

    told, now = emulator.state(), datetime.now(UTC)
    config = WorldConfig(seed=told["seed"], time_zone=told["time_zone"], agents_count=told["agents_count"])
    at = now - HISTORY
    world = World(config, at)
    series = series_of(Feed("main", Endpoint.QUEUE), base_interval_s(Endpoint.QUEUE))
    while at < now - HISTORY_STEP:
        world.advance(at)
        series.append(connection.client(), at, totals(QueueActivity(**stats.current_queue_activity(world, None))))
        at += HISTORY_STEP


def set_board(**values: object) -> None:
    """Changes the first board; the wall follows with its next frame."""
    from dashboard.models import Board

    Board.objects.filter(slug="main").update(**values)


def picture(page: Page, path: Path) -> None:
    page.wait_for_timeout(2500)  # the chart is drawn after the first paint
    page.screenshot(path=path)
    print(path.relative_to(ROOT))


def states(page: Page, emulator: Emulator) -> None:
    """The wall in each state, size and theme, on numbers of our own choice."""
    for name, values in (("calm", CALM), ("critical", CRITICAL)):
        emulator.tell("override", endpoint=QUEUE, values=values)
        page.wait_for_timeout(3000)
        picture(page, STATES / f"wall-{name}.png")
    for name, size in (("portrait", (1080, 1920)), ("1366x768", (1366, 768)), ("4k", (3840, 2160))):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        picture(page, STATES / f"wall-critical-{name}.png")
    page.set_viewport_size({"width": HD[0], "height": HD[1]})
    for name, values in (("8m", {"distance_m": 8}), ("light", {"distance_m": 5, "theme": "light"})):
        set_board(**values)
        page.wait_for_timeout(2000)
        picture(page, STATES / f"wall-critical-{name}.png")
    set_board(theme="dark")
    emulator.tell("fault", fault="503")
    page.wait_for_selector("body[data-live=no]")
    page.wait_for_timeout(5000)
    picture(page, STATES / "wall-down.png")
    emulator.tell("calm")
    page.wait_for_selector("body[data-live=yes]", timeout=120_000)
    emulator.tell("plan", plan="team")
    page.wait_for_timeout(35_000)  # the slowest feed is asked every 30 s
    picture(page, STATES / "wall-team-plan.png")


def main() -> int:
    chromium = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("queuelight: Chromium is needed for the pictures; install it, on Debian with: apt-get install chromium")
    for folder in (PICTURES, STATES):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        program, said = start(Path(folder))
        try:
            wall, supervisor = found(r"Wallboard +(\S+)", said), found(r"Supervisor +(\S+)", said)
            email, password = found(r"log in as (\S+),", said), found(r"password (\S+)", said)
            emulator = Emulator(Path(folder))
            join(Path(folder))
            fill_history(emulator)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else [])
                page = browser.new_page(viewport={"width": HD[0], "height": HD[1]})
                page.goto(wall)
                page.wait_for_selector("body[data-live=yes]")
                emulator.tell("scenario", scenario="storm")  # hardly anybody is free then, which fits the queue set below
                page.wait_for_timeout(60_000)  # by then most agents have changed their state, and it is known since when
                emulator.tell("override", endpoint=QUEUE, values=WARNING)
                page.wait_for_selector("ql-wait.is-warning", timeout=WARNING_MS)
                page.wait_for_timeout(16_000)  # the chart is drawn anew every 15 s
                picture(page, PICTURES / "wall.png")
                page.set_viewport_size({"width": 1440, "height": 900})
                page.goto(f"{supervisor}login/")
                page.fill("input[name=username]", email)
                page.fill("input[name=password]", password)
                page.press("input[name=password]", "Enter")
                page.wait_for_url(supervisor)
                picture(page, PICTURES / "supervisor.png")
                page.set_viewport_size({"width": HD[0], "height": HD[1]})
                page.goto(wall)
                page.wait_for_selector("body[data-live=yes]")
                states(page, emulator)
                browser.close()
        finally:
            program.send_signal(signal.SIGINT)
            program.wait(40)
    return 0


if __name__ == "__main__":
    sys.exit(main())
