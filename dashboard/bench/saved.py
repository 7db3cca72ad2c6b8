"""How soon a board that is saved in the editor is on a screen: both pages in a real browser, on a whole installation.

In:  nothing. Out: figures in milliseconds, from the editor's asking and from the answer to the paint of the new tile on the other page.
The save goes out of the editor's own page, with its token, as its script sends it; the wall is not told that it is measured.
"""

from __future__ import annotations

from typing import Any

from dashboard.bench.browser import LOGIN, chromium, logged_in, until
from dashboard.bench.figures import Figure, percentile
from dashboard.bench.stage import running

SAVES = 20
BOUND_MS = 1000

# Stamps the first paint that has the text of each save in it: after a message, a frame callback, and then the task after it.
WATCH = """
window.loads = Number(sessionStorage.getItem("loads") || 0) + 1;
sessionStorage.setItem("loads", window.loads);
window.seen = {};
const look = () => {
  const found = /Saved for the (\\d+)\\. time/.exec(document.body.textContent);
  if (!found || window.seen[found[1]] !== undefined) return;
  const channel = new MessageChannel();
  window.seen[found[1]] = 0;
  channel.port1.onmessage = () => { window.seen[found[1]] = performance.timeOrigin + performance.now(); };
  requestAnimationFrame(() => channel.port2.postMessage(0));
};
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
});
"""
# One text takes the place of the board's last tile; everything else stays as it is.
SAVE = """async (turn) => {
  const given = (id) => JSON.parse(document.getElementById(id).textContent);
  const start = given("start");
  window.board = window.board || { widgets: start.widgets, revision: start.revision };
  const last = window.board.widgets[window.board.widgets.length - 1];
  const words = { ...last, kind: "text", options: { text: `Saved for the ${turn}. time` }, threshold: undefined };
  const widgets = [...window.board.widgets.slice(0, -1), JSON.parse(JSON.stringify(words))];
  const asked = performance.timeOrigin + performance.now();
  const answer = await fetch(start.addresses.save, {
    method: "POST", headers: { "X-CSRFToken": given("token"), "Content-Type": "application/json" }, credentials: "same-origin",
    body: JSON.stringify({ widgets, distance_m: start.distance_m, revision: window.board.revision }),
  });
  const found = await answer.json();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${found.message}`);
  window.board = { widgets: found.widgets, revision: found.revision };
  return [asked, performance.timeOrigin + performance.now()];
}"""


def measure() -> list[Figure]:
    """NotMeasuredError without a Chromium; RuntimeError when a save did not come to the screen, or the screen loaded itself anew."""
    with running(**LOGIN) as stage, chromium() as browser:
        screen = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        screen.add_init_script(WATCH)
        screen.goto(stage.wall_url)
        screen.wait_for_selector("body[data-live=yes]")
        editor = logged_in(browser, stage).new_page()
        editor.goto(f"{stage.url}/boards/main/edit/")
        times = [_saved(editor, screen, turn) for turn in range(1, SAVES + 1)]
        loads = screen.evaluate("window.loads")
    if loads != 1:
        raise RuntimeError(f"the screen was loaded {loads} times")
    asked, answered = [painted - at for at, _, painted in times], [painted - at for _, at, painted in times]
    p95 = percentile(asked, 0.95)
    return [
        Figure("from the click to another page's glass, p50", f"{percentile(asked, 0.5):.0f} ms"),
        Figure("p95", f"{p95:.0f} ms", f"promised: at most {BOUND_MS} ms: {'kept' if p95 <= BOUND_MS else 'NOT KEPT'}"),
        Figure("worst", f"{max(asked):.0f} ms"),
        Figure("from the save's answer, p50 / worst", f"{percentile(answered, 0.5):.0f} / {max(answered):.0f} ms", "below 0: before it"),
        Figure("saves", f"{SAVES}", "the first one brings a new kind of tile; the screen's page was loaded once"),
    ]


def _saved(editor: Any, screen: Any, turn: int) -> tuple[float, float, float]:
    """When the save left, when it was answered and when it was painted, Unix ms."""
    asked, answered = editor.evaluate(SAVE, turn)
    until(screen, f"window.seen[{turn}] > 0")
    return asked, answered, screen.evaluate(f"window.seen[{turn}]")
