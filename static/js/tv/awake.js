/* Keeps the screen's backlight on: a wake lock, asked for again whenever the browser has let it go.

   In:  the page. Out: `data-wake` on <html>: "held", "released", "refused", or "none" where the browser has no such thing (then the TV's own
   settings must do it: docs/tv.md). Chromium 79 syntax only. */

const AGAIN_MS = 60000;

/* `lock`: navigator.wakeLock, or a stand-in. */
export function keepAwake(lock, root) {
  if (!lock) {
    root.dataset.wake = "none";
    return;
  }
  let asking = false;
  let held = null;

  function ask() {
    if (asking || held || document.visibilityState !== "visible") return;
    asking = true;
    lock.request("screen").then((got) => {
      asking = false;
      held = got;
      root.dataset.wake = "held";
      got.addEventListener("release", () => {
        held = null;
        root.dataset.wake = "released";
        ask();
      });
    }, () => {                           // battery saving, or a policy: it may be allowed later
      asking = false;
      root.dataset.wake = "refused";
    });
  }

  document.addEventListener("visibilitychange", ask);
  setInterval(ask, AGAIN_MS);
  ask();
}
