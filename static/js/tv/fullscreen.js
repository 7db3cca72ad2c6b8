/* The whole screen: without a gesture where the browser allows it (kiosk mode, a policy), else with the first key or click.

   In:  whether this is a paired screen. Out: `data-fullscreen` on <html>: "yes", "kiosk" (the page fills the screen already), "refused" (it
   waits for a key or a click), "none" (no such thing in this browser) or "asks" (a person's page: only the key F, or a double click, since it is
   their browser). Whoever leaves it is not forced back. Chromium 79 syntax only. */

export function fillScreen(root, paired) {
  const request = root.requestFullscreen || root.webkitRequestFullscreen;
  const has = () => document.fullscreenElement || document.webkitFullscreenElement;
  if (!request) {
    root.dataset.fullscreen = "none";
    return;
  }
  let left = false;

  function ask() {
    if (has()) return;
    const answer = request.call(root);
    if (answer && answer.then) answer.then(() => {}, () => { root.dataset.fullscreen = paired ? "refused" : "asks"; });
  }

  function changed() {
    if (!has()) left = root.dataset.fullscreen === "yes";
    root.dataset.fullscreen = has() ? "yes" : paired ? "refused" : "asks";
  }

  function key(event) {
    const asks = event.key === "f" || event.key === "F";
    if ((asks && !event.ctrlKey && !event.metaKey && !event.altKey) || (paired && !left && event.key !== "Escape")) ask();
  }

  document.addEventListener("fullscreenchange", changed);
  document.addEventListener("webkitfullscreenchange", changed);
  document.addEventListener("keydown", key);
  document.addEventListener("dblclick", ask);
  if (!paired) {
    root.dataset.fullscreen = "asks";
    return;
  }
  document.addEventListener("click", () => { if (!left) ask(); });
  if (window.innerWidth >= screen.width && window.innerHeight >= screen.height) {
    root.dataset.fullscreen = "kiosk";
    return;
  }
  root.dataset.fullscreen = "refused";
  ask();
}
