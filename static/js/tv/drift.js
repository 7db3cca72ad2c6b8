/* Burn-in shift: the picture moves by a few pixels along a slow path, so that no edge stands on one row of pixels for months.

   In:  the element that holds the picture. Out: its `transform`. The path stays within the page's own margin (1.75 rem), so nothing is cut off. One
   step of two pixels in two minutes is no motion that anybody sees: it goes on where less motion is asked for, for burn-in is not a taste.
   Chromium 79 syntax only. */

export const STEP_MS = 120000;
// Two rounds, in steps of one unit: 0 to 3 units from the middle. Each step goes to a neighbour.
const PATH = [
  [0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1], [2, -1], [2, 0], [2, 1], [2, 2], [1, 2], [0, 2], [-1, 2], [-2, 2],
  [-2, 1], [-2, 0], [-2, -1], [-2, -2], [-1, -2], [0, -2], [1, -2], [2, -2], [3, -2], [3, -1], [3, 0], [2, 0], [1, 0],
];

/* Whole pixels, two at 1080 lines: text between two pixels would be blurred. A clock that was put back begins the path anew. */
export function offset(elapsed_ms, unit_px) {
  const [x, y] = PATH[Math.floor(Math.max(0, elapsed_ms) / STEP_MS) % PATH.length];
  return { x: x * unit_px, y: y * unit_px };
}

export function drift(element, now) {
  const began_ms = now();
  let last = "";

  return () => {
    const unit_px = Math.max(1, Math.round(2 * Math.min(window.innerWidth, window.innerHeight) / 1080));
    const { x, y } = offset(now() - began_ms, unit_px);
    const wanted = x || y ? "translate(" + x + "px, " + y + "px)" : "";
    if (wanted === last) return;
    last = wanted;
    element.style.transform = wanted;
  };
}
