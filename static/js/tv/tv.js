/* Looks after the TV that a wall runs on: light, pointer, fullscreen, burn-in. Chromium 79 syntax only.

   In:  the page (wall.js). Out: what to do at each step of the stage. None of it is needed for a first picture, so it comes after it. */

import { keepAwake } from "./awake.js";
import { drift } from "./drift.js";
import { fillScreen } from "./fullscreen.js";
import { hidePointer } from "./pointer.js";

export function lookAfter({ root, place, paired }) {
  keepAwake(navigator.wakeLock, root);
  fillScreen(root, paired);
  hidePointer(root);
  return drift(place, () => performance.now());
}
