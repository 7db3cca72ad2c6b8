/* The wall: every second and at every message one picture of the board is made, and each element draws it.

   In: the frame that came with the page, then the socket (board.js). Out: the page, live or saying why not. `data-live` is set last
   of all: a script that throws before leaves NOT LIVE. */

import { follow } from "./board.js";
import "./elements/number.js";
import "./elements/wait.js";
import "./elements/agents.js";
import "./elements/chart.js";
import "./elements/incident.js";
import "./elements/status.js";

const root = document.documentElement;
const widgets = Array.from(document.querySelectorAll("ql-wait, ql-number, ql-agents, ql-chart, ql-incident"));
const signs = Array.from(document.querySelectorAll("ql-notice, ql-pulse, ql-clock"));
const deadman = document.querySelector(".deadman");
const board = follow({
  path: "/ws/boards/" + encodeURIComponent(root.dataset.board) + "/",
  version: root.dataset.version,
  opening: JSON.parse(document.getElementById("opening").textContent),
  draw,
  guard: window.queuelightGuard,
});

function draw() {
  const picture = board.look();
  const frame = picture.frame;
  if (!picture.live) document.body.dataset.live = "no";   // before the tiles: if one of them throws, the board is not live already
  for (const sign of signs) sign.draw(picture);
  if (frame) {
    if (root.dataset.theme !== frame.board.theme) root.dataset.theme = frame.board.theme;
    if (root.dataset.distance !== String(frame.board.distance_m)) root.dataset.distance = String(frame.board.distance_m);
    for (const widget of widgets) widget.draw(picture);
    root.dataset.seq = String(picture.seq);   // what this page shows, for whoever measures it from outside
    board.painted();
  }
  // Swaps two equal animations, which restarts the dead man's switch (css/widgets/status.css).
  deadman.className = deadman.className === "deadman beat" ? "deadman beat-again" : "deadman beat";
  if (picture.live) document.body.dataset.live = "yes";
}

board.start();
