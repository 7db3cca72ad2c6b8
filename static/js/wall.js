/* The wall: what /wall/<slug>/ and /screen/ run. Puts the stage (stage.js) on the page, and after its first picture looks after the TV (tv/tv.js).

   In:  the page: its first board, the first picture, the files of the kinds; whether it is a paired screen (`data-screen`). Out: a running
   wall. Chromium 79 syntax only. */

import { createStage } from "./stage.js";
import { bringLater } from "./tv/later.js";

const root = document.documentElement;
const place = document.querySelector(".stage");
const page = {
  root, place, paired: root.dataset.screen === "yes", files: carried("kinds"), version: root.dataset.version, slug: root.dataset.board || "",
  opening: carried("opening"), guard: window.queuelightGuard, onStep: () => {},
  onFirst: () => bringLater(page.files.tv.script, ({ lookAfter }) => { page.onStep = lookAfter(page); }),
};

function carried(name) {
  const node = document.getElementById(name);
  return node === null ? null : JSON.parse(node.textContent);
}

createStage(page).start();
