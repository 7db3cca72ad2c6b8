"""What the heaviest first paint weighs: a board with a tile of every kind, in each language, without the chart library."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from config.static import lean
from dashboard.words.tables import LANGUAGES
from tests.e2e import every_kind
from tests.e2e.frames import Scene
from tests.e2e.wall_server import WallServer

# The chart library, and what dresses figures for it: a line is drawn in when they have come.
CHART = ("plotly-basic.min.js", "elements/dress.js")
MOST_BYTES = 146_500  # docs/tv.md promises 150,000


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_paint_with_every_kind_is_light(page: Page, serve: Callable[[Scene], WallServer], language: str) -> None:
    """Scripts and styles as they are served: lean, gzipped. The numbers stand in docs/tv.md."""
    sizes: dict[str, int] = {}

    def weigh(request: Request) -> None:
        response = request.response()
        assert response is not None
        body = response.body()
        if request.url.endswith((".js", ".css")):
            body = lean(body.decode()).encode()
        sizes[request.url.split("/", 3)[3]] = len(body) if request.url.endswith("woff2") else len(gzip.compress(body))

    page.add_init_script(
        """new MutationObserver((_, watch) => {
            if (!document.body || document.body.dataset.live !== "yes") return;
            window.live_ms = performance.now();
            watch.disconnect();
        }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-live"] })"""
    )
    page.on("requestfinished", weigh)
    # The names that the first picture does not say come after it.
    with page.expect_event("requestfinished", lambda request: request.url.endswith(f"/words/{language}.json")) as words:
        page.goto(serve(every_kind.scene().but(language=language)).address)
        expect(page.locator("body")).to_have_attribute("data-live", "yes")
    expect(page.locator("ql-tile-chart .js-line").first).to_be_attached()
    late = page.evaluate("performance.getEntriesByType('resource').filter((each) => each.startTime > live_ms).map((each) => each.name)")
    light = {url: size for url, size in sizes.items() if not url.endswith(CHART) and not any(name.endswith(url) for name in late)}
    total = sum(light.values())
    sys.stderr.write(f"first paint with every kind in {language}: {total:,} bytes gzip in {len(light)} files\n")
    assert any("leaders.js" in url for url in light)
    assert not any("tv/alarm.js" in url for url in light)
    assert total <= MOST_BYTES, light
    assert words.value.url in late
    expect(page.locator("ql-tile-number h2")).not_to_have_text("calls_waiting")
