/* The wall: socket -> store -> elements, one way. Every second and at every message one picture is made and each element draws it.

   In: the frame that came with the page, then the socket. Out: the page, live or saying why not. `data-live` is set last of all: a script
   that throws before leaves NOT LIVE. */

import { notLive } from "./live/causes.js";
import { createClock } from "./live/clock.js";
import { judgeFeed } from "./live/freshness.js";
import { connect } from "./live/socket.js";
import { createStore } from "./live/store.js";
import { feedOf } from "./live/tiles.js";
import "./elements/number.js";
import "./elements/wait.js";
import "./elements/agents.js";
import "./elements/chart.js";
import "./elements/status.js";

const QUEUE = "current_queue_activity";
const MIN_LIFE_MS = 10000;

const guard = window.queuelightGuard;
const root = document.documentElement;
const clock = createClock();
const store = createStore();
const widgets = Array.from(document.querySelectorAll("ql-wait, ql-number, ql-agents, ql-chart"));
const signs = Array.from(document.querySelectorAll("ql-notice, ql-pulse, ql-clock"));
const deadman = document.querySelector(".deadman");
const bornAt = performance.now();
let reloadDue = false;

const opening = JSON.parse(document.getElementById("opening").textContent);
if (opening) store.hold(opening.seq, opening.at, opening.frame);

const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const link = connect({
  url: scheme + "//" + location.host + "/ws/boards/" + encodeURIComponent(root.dataset.board) + "/",
  version: root.dataset.version,
  seq: () => store.seq,
  onMessage: receive,
  onLine: draw,
});

function receive(message) {
  if (message.type === "reload") {
    reloadSoon();
    return;
  }
  if (message.at) clock.learn(message.at, message.type === "frame");
  if (store.receive(message) === "resync") link.resync();
  else if (message.type === "frame" && !clock.sure()) link.askTime();
  draw();
}

/* A new version is served. Not within the first seconds of this page, so that a server that always says so does not make it spin. */
function reloadSoon() {
  if (reloadDue) return;
  reloadDue = true;
  setTimeout(() => guard.reload(), Math.max(0, MIN_LIFE_MS - (performance.now() - bornAt)));
}

function draw() {
  if (clock.noticeSleep() > 0) link.renew();
  const frame = store.frame;
  const clock_ms = clock.sure() ? clock.now_ms() : null;
  const reason = notLive({
    frame, line: link.line, line_now_ms: performance.now(), cause: store.cause, failed: guard.failed, now_ms: clock_ms,
  });
  const found = frame ? feedOf(frame, QUEUE) : null;
  const queue_at = found ? found.feed.at : undefined;
  const picture = {
    frame, clock_ms, notLive: reason, live: reason === null,
    // Before the first message only the frame's own time is known; the board is NOT LIVE then, and its numbers stand still.
    now_ms: clock_ms !== null ? clock_ms : Date.parse(store.at || 0),
    zone: (frame && frame.board && frame.board.time_zone) || "UTC",
    source: (frame && frame.source && frame.source.name) || "the phone system",
    queue_at_ms: queue_at === undefined ? null : Date.parse(queue_at),
    freshness: judgeFeed(found && found.feed, clock_ms === null ? 0 : clock_ms),
  };
  if (reason !== null) document.body.dataset.live = "no";   // before the tiles: if one of them throws, the board is not live already
  for (const sign of signs) sign.draw(picture);
  if (frame) {
    if (root.dataset.theme !== frame.board.theme) root.dataset.theme = frame.board.theme;
    if (root.dataset.distance !== String(frame.board.distance_m)) root.dataset.distance = String(frame.board.distance_m);
    for (const widget of widgets) widget.draw(picture);
    root.dataset.seq = String(store.seq);   // what this page shows, for whoever measures it from outside
    link.painted(store.seq);
  }
  // Swaps two equal animations, which restarts the dead man's switch (css/widgets/status.css).
  deadman.className = deadman.className === "deadman beat" ? "deadman beat-again" : "deadman beat";
  if (reason === null) document.body.dataset.live = "yes";
}

/* Once a second, just after the server's second begins, so that every wall in a room ticks together. */
function tick() {
  draw();
  const now = clock.now_ms();
  setTimeout(tick, now === null ? 250 : 1020 - (now % 1000));
}

window.addEventListener("resize", draw);
window.addEventListener("online", () => link.renew());
guard.started();
tick();
