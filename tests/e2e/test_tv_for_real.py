"""A TV with nothing played: the browser's own sound, voice, wake lock, fullscreen and sleep. Time is real here.

Whoever asks a page something through Playwright is a gesture to it, and a TV has none: so these pages are read over DevTools alone.
"""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, CDPSession, Page

from tests.e2e.conftest import LIVE as MODULES
from tests.e2e.frames import CRITICAL, Frame, Scene, incident
from tests.e2e.real_voices import Unavailable, real_voices
from tests.e2e.tv_server import TvServer

LIVE = "document.body !== null && document.body.dataset.live === 'yes'"
ROOT = "document.documentElement.dataset"
RINGING = CRITICAL.but(incidents=(incident(),), title="Support")
TV_GUIDE = Path(__file__).parents[2] / "docs" / "tv.md"
WITHIN_S = 40.0
# What reaches the loudspeaker is measured at the chime's two tones and beside them, loudest moment of each, in decibels of full scale.
LISTENING = """
window.heard = { 880: -999, 659: -999, 2500: -999 };
window.tones = 0;
const connect = AudioNode.prototype.connect;
const analysers = new Map();
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode && this.context instanceof AudioContext) {
    let analyser = analysers.get(this.context);
    if (!analyser) {
      analyser = new AnalyserNode(this.context, { fftSize: 8192, smoothingTimeConstant: 0 });
      analysers.set(this.context, analyser);
      const bins = new Float32Array(analyser.frequencyBinCount);
      setInterval(() => {
        analyser.getFloatFrequencyData(bins);
        for (const tone of Object.keys(heard)) {
          const level = bins[Math.round(Number(tone) * analyser.fftSize / this.context.sampleRate)];
          if (level > heard[tone]) heard[tone] = level;
        }
      }, 40);
    }
    connect.call(this, analyser);
  }
  return connect.call(this, to, ...rest);
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { tones += 1; return start.apply(this, given); };
window.spoken = [];
const speak = SpeechSynthesis.prototype.speak;
SpeechSynthesis.prototype.speak = function (said) {
  const entry = { text: said.text, lang: said.lang, voice: said.voice && said.voice.name, events: [] };
  spoken.push(entry);
  for (const name of ["start", "end", "error"]) said.addEventListener(name, (event) => entry.events.push(event.error || name));
  return speak.call(this, said);
};
"""


class Tv:
    """One page that nobody touches."""

    def __init__(self, page: Page, server: TvServer) -> None:
        self.page, self.server = page, server
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.add_init_script("(() => {" + LISTENING + "})();")
        page.goto(server.address)
        self.tools: CDPSession = page.context.new_cdp_session(page)

    def read(self, expression: str) -> Any:
        answer = self.tools.send("Runtime.evaluate", {"expression": expression, "returnByValue": True, "userGesture": False})
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        self.until(lambda: self.read(expression), expression)

    def wait_for_fact(self, **facts: str) -> Frame:
        """The newest `painted` once it says so."""
        self.until(lambda: bool(self.server.painted) and facts.items() <= self.server.painted[-1].items(), str(facts))
        return self.server.painted[-1]

    def until(self, true: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not true():
            assert time.monotonic() < deadline, f"never: {what}; painted {self.server.painted[-1:]}; {self.errors}"
            self.page.wait_for_timeout(50)


@pytest.fixture
def serving() -> Iterator[Callable[[Scene], TvServer]]:
    servers: list[TvServer] = []

    def start(scene: Scene) -> TvServer:
        servers.append(TvServer(scene.but(started=datetime.now(UTC))))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.mark.timeout(180)
def test_tv_that_nobody_touched_says_that_sound_is_kept_back_and_rings_once_touched(
    browser: Browser, serving: Callable[[Scene], TvServer]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    tv = Tv(page, serving(RINGING))
    tv.wait_for(LIVE)
    tv.wait_for("!document.querySelector('ql-incident .muted').hidden")
    tv.wait_for("document.querySelector('.caption-line').textContent.indexOf('Support') > 0")
    tv.wait_for_fact(sound="blocked", wake="held")
    assert tv.read("[tones, spoken.filter((each) => each.events.indexOf('start') >= 0).length]") == [0, 0]

    page.keyboard.press("x")  # the first key lets sound through, and takes the whole screen
    tv.wait_for("heard[880] > -50 && heard[659] > -50")
    assert tv.read("tones") == 4, "one chime, however often it was wanted before"
    assert tv.read("heard[2500]") < -60
    tv.wait_for("document.querySelector('ql-incident .muted').hidden")
    tv.wait_for(f"{ROOT}.fullscreen === 'yes' || {ROOT}.fullscreen === 'kiosk'")

    # asleep for a while, its lines lost meanwhile: it comes back by itself, with its wake lock
    tv.tools.send("Page.setWebLifecycleState", {"state": "frozen"})
    tv.server.drop()
    tv.tools.send("Page.setWebLifecycleState", {"state": "active"})
    said = len(tv.server.painted)
    tv.until(lambda: len(tv.server.painted) > said, "painted after sleep")
    tv.wait_for(f"{LIVE} && {ROOT}.wake === 'held'")
    tv.wait_for_fact(sound="on", wake="held")
    assert tv.errors == []
    page.close()


def flags_of_the_guide() -> list[str]:
    """What docs/tv.md tells to start Chromium with, but for the profile and what belongs to a window's frame."""
    found: list[str] = re.findall(
        r"--[a-z-]+(?:=[a-z0-9-]+)?(?=\s)", TV_GUIDE.read_text().split("chromium --kiosk", 1)[1].split("https://", 1)[0]
    )
    return ["--kiosk", *(flag for flag in found if not flag.startswith("--user-data-dir"))]


@pytest.fixture
def voices(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    try:
        with real_voices(tmp_path) as environment:
            yield environment
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.mark.timeout(180)
def test_tv_started_as_the_guide_says_rings_and_speaks_the_board_s_language_with_nobody_there(
    voices: Mapping[str, str], browser_type: BrowserType, browser_type_launch_args: dict[str, Any], serving: Callable[[Scene], TvServer]
) -> None:
    flags = flags_of_the_guide()
    assert "--autoplay-policy=no-user-gesture-required" in flags
    assert "--enable-speech-dispatcher" in flags
    options = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *flags]}
    launched = browser_type.launch(**options, env={**os.environ, **voices})
    try:
        german = serving(RINGING.but(language="de"))
        tv = Tv(launched.new_page(), german)
        tv.wait_for(LIVE)
        tv.wait_for("heard[880] > -50 && heard[659] > -50")
        # the voices come seconds after the page: the sentence has waited for them
        tv.wait_for("spoken.length && spoken[0].events.indexOf('end') >= 0")
        assert tv.read("spoken[0].lang") == "de"
        assert tv.read("spoken[0].text === document.querySelector('.caption-line').textContent")
        assert tv.read("spoken[0].events") == ["start", "end"]
        assert "no_voice" not in tv.wait_for_fact(sound="on", speech="ready", wake="held")
        assert tv.errors == []
    finally:
        launched.close()


def test_chime_sounds_at_its_two_tones_and_never_too_loud(modules: Page) -> None:
    """Drawn by the browser's own sound engine as it goes to the loudspeaker: strength of a tone in half a second."""
    found = modules.evaluate(
        """async (address) => {
            const { stroke } = await import(address);
            const rate = 44100;
            const context = new OfflineAudioContext(1, 2 * rate, rate);
            stroke(context, 880, 0);
            stroke(context, 659.26, 0.28);
            const wave = (await context.startRendering()).getChannelData(0);
            const strength = (tone, from_s) => {
                let real = 0, imaginary = 0;
                const from = Math.round(from_s * rate), length = rate / 2;
                for (let i = 0; i < length; i += 1) {
                    real += wave[from + i] * Math.cos(2 * Math.PI * tone * i / rate);
                    imaginary += wave[from + i] * Math.sin(2 * Math.PI * tone * i / rate);
                }
                return 2 * Math.hypot(real, imaginary) / length;
            };
            const tones = [440, 659.26, 880, 1318.5, 1760, 3000].map((tone) => strength(tone, 0.3));
            const peak = wave.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
            return { tones, peak, first: wave[0], last: Math.abs(wave[1.9 * rate | 0]) };
        }""",
        MODULES.replace("/live/", "/elements/chime.js"),
    )
    low, second, first, over_second, over_first, high = found["tones"]
    assert first > 0.05
    assert second > 0.05
    assert over_second > 4 * low
    assert over_first > 4 * high
    assert 0.3 < found["peak"] < 1.0
    assert (found["first"], round(found["last"], 6)) == (0, 0)
    assert not math.isnan(found["peak"])
