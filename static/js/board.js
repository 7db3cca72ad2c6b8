/* A board as a page follows it: socket -> store -> picture, one way. What the wall and the supervisor's page have in common.

   In:  the socket's path, the release and the frame that came with the page, and what to do when there is something new to draw.
   Out: `look()`, all that an element must know of this moment; `start()`, from which on `draw` is called every second as well.
   Draws nothing itself. */

import { notLive } from "./live/causes.js";
import { createClock } from "./live/clock.js";
import { connect } from "./live/socket.js";
import { createStore } from "./live/store.js";
import { speak } from "./wall/languages.js";
import { pictureOf } from "./wall/picture.js";

const MIN_LIFE_MS = 10000;

/* `opening`: {seq, at, frame}, or null when the page came without one. `guard`: window.queuelightGuard. `onReload`: what to do instead of
   loading the page anew when another version is served. */
export function follow({ path, version, opening, draw, guard, onReload = null }) {
  const clock = createClock();
  const store = createStore();
  const bornAt = performance.now();
  const contradictionMemory = {};
  let reloadDue = false;
  if (opening) store.hold(opening.seq, opening.at, opening.frame);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const link = connect({ url: scheme + "//" + location.host + path, version, seq: () => store.seq, onMessage: receive, onLine: draw });

  function receive(message) {
    if (message.type === "reload") {
      if (onReload !== null) onReload(message);
      else reloadSoon();
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

  /* `live`: the numbers may be shown as now; else `notLive` says why not. `clock_ms` is the server's time, null until it is sure. */
  function look() {
    if (clock.noticeSleep() > 0) link.renew();
    const frame = store.frame;
    speak(frame ? frame.board.language : null, draw);  // the words of "why not live" are the board's
    const clock_ms = clock.sure() ? clock.now_ms() : null;
    const reason = notLive({
      frame, line: link.line, line_now_ms: performance.now(), cause: store.cause, failed: guard.failed, now_ms: clock_ms,
    });
    // Before the first message only the frame's own time is known; the board is NOT LIVE then, and its numbers stand still.
    const now_ms = clock_ms !== null ? clock_ms : Date.parse(store.at || 0);
    return pictureOf(frame, now_ms, { live: reason === null, notLive: reason, clock_ms, seq: store.seq, memory: contradictionMemory });
  }

  /* Once a second, just after the server's second begins, so that every wall in a room ticks together. */
  function tick() {
    draw();
    const now = clock.now_ms();
    setTimeout(tick, now === null ? 250 : 1020 - (now % 1000));
  }

  function start() {
    window.addEventListener("resize", draw);
    window.addEventListener("online", () => link.renew());
    guard.started();
    tick();
  }

  /* `facts`: what a screen says of itself besides (docs/wire-protocol.md). */
  function painted(facts) {
    return link.painted(store.seq, facts);
  }

  return { look, start, painted, renew: link.renew, end: link.end, now_ms: clock.now_ms };
}
