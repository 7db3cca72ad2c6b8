"""Makes the pictures anew: a real installation with a past, every page in every state that it can be in, in the system's Chromium.

Out: docs/pictures/ (the few that the documents show) and screenshots/<page>/<state>-<theme>-<size>.png, to be looked at.
`make screenshots ONLY=wall` makes those of one page alone, `ONLY=documents` just those that the documents show.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.pictures.floor import STATES, Floor  # noqa: E402
from scripts.pictures.installation import Installation  # noqa: E402
from scripts.pictures.past import give_past  # noqa: E402
from scripts.pictures.rooms import ARABIC, SPANISH, TILES, furnish  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SHOTS = ROOT / "screenshots"
SIZES = {"1366x768": (1366, 768), "1080p": (1920, 1080), "4k": (3840, 2160), "portrait": (1080, 1920), "phone": (390, 844)}
TV = ("1366x768", "1080p", "4k", "portrait")
DESK = ("1366x768", "1080p", "phone")
THEMES = ("dark", "light")
LIVE = "[data-live=yes]"
FIRST_READING_MS = 120_000  # of the tickets' clocks
RESIZED_MS = 700  # what a page needs after it was only made larger or smaller


@dataclass(frozen=True, slots=True)
class Subject:
    """A page to be photographed. `waits_for` is what is there when it is drawn; `states` other than calm cost some seconds each."""

    name: str
    path: str
    sizes: tuple[str, ...] = DESK
    states: tuple[str, ...] = STATES
    waits_for: str = "main"
    settle_ms: int = 700
    board: str = "main"
    is_wall: bool = field(default=False)


SUBJECTS = (
    Subject("wall", "wall/main/", TV, settle_ms=1800, is_wall=True),
    Subject("wall-every-tile", f"wall/{TILES}/", TV, settle_ms=1800, board=TILES, is_wall=True),
    Subject("wall-spanish", f"wall/{SPANISH}/", ("1080p",), ("calm", "critical"), settle_ms=1800, board=SPANISH, is_wall=True),
    Subject("wall-arabic", f"wall/{ARABIC}/", ("1080p", "portrait"), ("calm", "critical"), settle_ms=1800, board=ARABIC, is_wall=True),
    Subject("wall-tickets", "wall/tickets/", TV, settle_ms=1800, board="tickets", is_wall=True),
    Subject("wall-kayako", "wall/kayako/", ("1080p",), ("calm",), settle_ms=1800, board="kayako", is_wall=True),
    Subject("supervisor", "", DESK, settle_ms=1800),
    Subject("desk", "desk/", waits_for="td[data-left-at]", settle_ms=1500),
    Subject("boards", "boards/"),
    Subject("board-settings", "boards/main/"),
    Subject("editor", "boards/main/edit/", ("1366x768", "1080p"), waits_for="iframe", settle_ms=2500),
    Subject("screens", "screens/"),
    Subject("screen-add", "screens/add/"),
    Subject("playlists", "playlists/"),
    Subject("rewind", "rewind/main/", settle_ms=3000),
    Subject("incidents", "incidents/"),
    Subject("rules", "rules/"),
    Subject("rule", "rules/new/"),
    Subject("recipients", "recipients/"),
    Subject("quiet", "quiet/"),
    Subject("history", "history/"),
    Subject("pair", "pair/?again=1", TV, ("calm",), waits_for="body", settle_ms=1500),
)


# Picture of the documents -> the page, state, theme and size that it is a copy of.
DOCUMENTS = {
    "wall.png": ("wall", "warning", "dark", "1080p"),
    "supervisor.png": ("supervisor", "warning", "dark", "1366x768"),
    "editor.png": ("editor", "calm", "dark", "1366x768"),
    "every-tile.png": ("wall-every-tile", "calm", "dark", "1080p"),
    "rewind.png": ("rewind", "calm", "dark", "1366x768"),
    "desk.png": ("desk", "calm", "dark", "1366x768"),
}


class Studio:
    """One browser, logged in, and a page for each size. `shown`: only these are kept (page, state, theme, size); None: all."""

    def __init__(self, browser: Browser, on: Installation, shown: Collection[tuple[str, str, str, str]] | None = None) -> None:
        self._on, self._shown = on, shown
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        self.page = context.new_page()
        base = on.addresses.base
        self.page.goto(f"{base}login/")
        self.page.fill("input[name=username]", on.addresses.email)
        self.page.fill("input[name=password]", on.addresses.password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(base)

    def pause(self, seconds: float) -> None:
        self.page.wait_for_timeout(seconds * 1000)

    def take(self, subject: Subject, state: str) -> None:
        """The page in one state: every theme and size."""
        for theme in THEMES if subject.name != "pair" else ("dark",):
            sizes = [size for size in subject.sizes if self._shown is None or (subject.name, state, theme, size) in self._shown]
            if not sizes:
                continue
            self._dress(subject, theme)
            self.page.goto(self._on.addresses.base + subject.path)
            self.page.wait_for_selector(subject.waits_for, timeout=FIRST_READING_MS)
            if subject.is_wall and state not in ("stale", "down"):
                self.page.wait_for_selector(f"html[data-theme={theme}]", timeout=20_000)
                self.page.wait_for_selector(LIVE, timeout=20_000)
            for size in sizes:
                width, height = SIZES[size]
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.wait_for_timeout(subject.settle_ms if size == sizes[0] else max(RESIZED_MS, subject.settle_ms // 3))
                self._keep(SHOTS / subject.name / f"{state}-{theme}-{size}.png", whole=not subject.is_wall and size == "phone")
        self._dress(subject, "dark")

    def _dress(self, subject: Subject, theme: str) -> None:
        from dashboard.models import Board

        if subject.is_wall:
            Board.objects.filter(slug=subject.board).update(theme=theme)
            self.page.wait_for_timeout(1500)
        else:
            self.page.evaluate("theme => localStorage.setItem('queuelight-theme', theme)", theme)

    def _keep(self, path: Path, *, whole: bool) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=whole)
        print(path.relative_to(ROOT), flush=True)


def documents() -> None:
    """The pictures of the documents are copies of the best ones."""
    for name, (page, state, theme, size) in DOCUMENTS.items():
        source = SHOTS / page / f"{state}-{theme}-{size}.png"
        if source.is_file():
            PICTURES.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, PICTURES / name)
            print(f"docs/pictures/{name}")


def main(only: list[str]) -> int:
    chromium = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("queuelight: Chromium is needed for the pictures; install it, on Debian with: apt-get install chromium")
    shown = set(DOCUMENTS.values()) if only == ["documents"] else None
    subjects = [subject for subject in SUBJECTS if shown or not only or subject.name in only]
    if not subjects:
        sys.exit(f"queuelight: there is no page named {only[0]!r}; there are {', '.join(subject.name for subject in SUBJECTS)}.")
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder, Installation(Path(folder)) as on, sync_playwright() as playwright:
        give_past(on.emulator_state())
        furnish()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        studio = Studio(browser, on, shown)
        floor = Floor(on, studio.pause)
        studio.pause(20)  # most agents have changed their state by then, and it is known since when
        for state in STATES:
            wanted = [
                each for each in subjects if state in each.states and (shown is None or (each.name, state) in {key[:2] for key in shown})
            ]
            if not wanted:
                continue
            with floor.state(state):
                for subject in wanted:
                    try:
                        studio.take(subject, state)
                    except Error as error:
                        failed.append(f"{subject.name}, {state}: {str(error).splitlines()[0]}")
        browser.close()
    documents()
    for line in failed:
        print(f"queuelight: no picture of {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
