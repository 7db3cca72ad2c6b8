/* The pointer on a wall: there while it moves, gone after three seconds; and no menu under it.

   In:  the page's pointer events. Out: the class `is-pointing` on <html> (css/stage.css). Chromium 79 syntax only. */

const GONE_AFTER_MS = 3000;

export function hidePointer(root) {
  let timer = null;
  let last = null;

  function moved(event) {
    // Chromium tells of a move when the page changes under a pointer that rests: such a move goes nowhere.
    const here = event.screenX + " " + event.screenY;
    if (here === last) return;
    const first = last === null;
    last = here;
    if (first && event.type === "pointermove") return;
    root.classList.add("is-pointing");
    clearTimeout(timer);
    timer = setTimeout(() => root.classList.remove("is-pointing"), GONE_AFTER_MS);
  }

  document.addEventListener("pointermove", moved, { passive: true });
  document.addEventListener("pointerdown", moved, { passive: true });
  document.addEventListener("contextmenu", (event) => event.preventDefault());
}
