/* The wall's page: one board, followed and drawn.

   In: the frame that came with the page, then the socket (board.js). Out: one view (wall/view.js); `data-live` of the page is the view's. */

import { follow } from "./board.js";
import { createView } from "./wall/view.js";

const given = (id) => JSON.parse(document.getElementById(id).textContent);
const root = document.documentElement;
const deadman = document.querySelector(".deadman");
const opening = given("opening");
const view = createView(document.querySelector(".wall-view"), { files: given("kinds"), opening });
const board = follow({
  path: "/ws/boards/" + encodeURIComponent(root.dataset.board) + "/", version: root.dataset.version, opening, draw, guard: window.queuelightGuard,
});

function draw() {
  const picture = board.look();
  if (!picture.live) document.body.dataset.live = "no";   // before the view: if it throws, the page is not live already
  view.draw(picture);
  if (picture.frame) {
    root.dataset.seq = String(picture.seq);   // what this page shows, for whoever measures it from outside
    board.painted();
  }
  // Swaps two equal animations, which restarts the dead man's switch (css/widgets/status.css).
  deadman.className = deadman.className === "deadman beat" ? "deadman beat-again" : "deadman beat";
  document.body.dataset.live = view.root.dataset.live;
}

board.start();
