"""The wall in the real Chromium 79: it goes live, it draws its chart, nothing throws, and it says NOT LIVE when it must."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from dashboard.widgets.registry import KINDS
from tests.e2e import every_kind
from tests.e2e.frames import CRITICAL, FEEDS, Scene
from tests.e2e.old_tv import OldTv, Unavailable, browser_folder, old_tv
from tests.e2e.wall_server import WallServer

ROOT = Path(__file__).resolve().parent.parent.parent
LIVE = "document.body && document.body.dataset.live === 'yes'"
NOT_LIVE = "document.body.dataset.live === 'no'"


@pytest.fixture
def tv(tmp_path: Path) -> Iterator[OldTv]:
    try:
        folder = browser_folder(ROOT / ".tools")
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    with old_tv(folder, tmp_path / "profile") as running:
        yield running


@pytest.mark.timeout(300)  # the first run fetches 42 MB
def test_wall_in_chromium_79_is_live_draws_its_chart_and_heals(tv: OldTv, serve: Callable[[Scene], WallServer]) -> None:
    server = serve(CRITICAL.but(started=datetime.now(UTC)))
    tv.open(server.address, 1920, 1080)
    assert "Chrome/79." in tv.evaluate("navigator.userAgent")
    tv.wait_for(LIVE)
    assert tv.evaluate("document.querySelector('[data-metric=calls_waiting] .figure').textContent") == "17"
    assert tv.evaluate("document.querySelector('ql-tile-wait .verdict b').textContent") == "CRITICAL"
    assert tv.evaluate("Array.from(document.querySelectorAll('.agent')).filter((a) => a.getClientRects().length).length") == 18
    assert tv.evaluate("document.fonts.check('20px Inter')")
    tv.wait_for("document.querySelectorAll('ql-chart .js-line').length > 0")
    assert tv.evaluate(f"({(ROOT / 'tests' / 'js' / 'layout_check.js').read_text()})()") == []

    picture = Image.open(io.BytesIO(base64.b64decode(tv.screenshot()))).convert("RGB")
    assert picture.size == (1920, 1080)
    assert picture.getpixel((1030, 200)) == (255, 122, 69)  # the hero's fill: tokens.css --critical-fill
    kept = ROOT / "screenshots"
    kept.mkdir(exist_ok=True)
    picture.save(kept / "wall-in-chromium-79.png")

    # another board, with a tile of every kind, in the same page
    server.show(every_kind.scene())
    tv.wait_for(f"document.querySelectorAll('.tile:not(div)').length === {len(KINDS)}")
    tv.wait_for("document.querySelectorAll('ql-tile-chart .js-line').length > 0")
    tv.wait_for(LIVE)
    assert tv.evaluate("document.querySelectorAll('.is-broken').length") == 0
    (kept / "every-kind-in-chromium-79.png").write_bytes(base64.b64decode(tv.screenshot()))

    server.show(CRITICAL.but(started=datetime.now(UTC), ages_s=dict.fromkeys(FEEDS, 124.0), failing=frozenset(FEEDS)))
    tv.wait_for(NOT_LIVE)
    assert "Nothing new from Zendesk Talk since" in tv.evaluate("document.querySelector('ql-notice .why').textContent")
    server.stop()
    tv.wait_for("document.querySelector('ql-notice').dataset.cause === 'web'")
    server.scene = CRITICAL.but(started=datetime.now(UTC))
    server.start()
    tv.wait_for(LIVE)
    assert [error for error in tv.errors if "WebSocket" not in error] == []
