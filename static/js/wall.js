/* The wall: what /wall/<slug>/ and /screen/ run. Puts the stage (stage.js) on the page and looks after the TV it runs on (tv/).

   In:  the page: its first board, the first picture, the files of the kinds; whether it is a paired screen (`data-screen`). Out: a running wall. */

import { keepAwake } from "./tv/awake.js";
import { drift } from "./tv/drift.js";
import { fillScreen } from "./tv/fullscreen.js";
import { hidePointer } from "./tv/pointer.js";
import { createStage } from "./stage.js";

const root = document.documentElement;
const place = document.querySelector(".stage");
const paired = root.dataset.screen === "yes";

function carried(name) {
  const node = document.getElementById(name);
  return node === null ? null : JSON.parse(node.textContent);
}

createStage({
  root, place, paired, files: carried("kinds"), version: root.dataset.version, slug: root.dataset.board || "", opening: carried("opening"),
  guard: window.queuelightGuard, onStep: drift(place, () => performance.now()),
}).start();
keepAwake(navigator.wakeLock, root);
fillScreen(root, paired);
hidePointer(root);
