/* A board as a page follows it: socket -> store -> picture, one way. What the wall and the supervisor's page have in common.

   In:  the socket's path, the release and the frame that came with the page, and what to do when there is something new to draw.
   Out: `look()`, all that an element must know of this moment; `start()`, from which on `draw` is called every second as well.
   Draws nothing itself. */

import { notLive } from "./live/causes.js";
import { createClock } from "./live/clock.js";
import { contradiction } from "./live/consistency.js";
import { judgeFeed } from "./live/freshness.js";
import { connect } from "./live/socket.js";
import { createStore } from "./live/store.js";
import { feedOf } from "./live/tiles.js";

const QUEUE = "current_queue_activity";
const MIN_LIFE_MS = 10000;

/* `opening`: {seq, at, frame}, or null when the page came without one. `guard`: window.queuelightGuard. */
export function follow({ path, version, opening, draw, guard }) {
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

  /* `live`: the numbers may be shown as now; else `notLive` says why not. `clock_ms` is the server's time, null until it is sure. */
  function look() {
    if (clock.noticeSleep() > 0) link.renew();
    const frame = store.frame;
    const clock_ms = clock.sure() ? clock.now_ms() : null;
    const reason = notLive({
      frame, line: link.line, line_now_ms: performance.now(), cause: store.cause, failed: guard.failed, now_ms: clock_ms,
    });
    const found = frame ? feedOf(frame, QUEUE) : null;
    const queue_at = found ? found.feed.at : undefined;
    // Before the first message only the frame's own time is known; the board is NOT LIVE then, and its numbers stand still.
    const now_ms = clock_ms !== null ? clock_ms : Date.parse(store.at || 0);
    return {
      frame, clock_ms, now_ms, seq: store.seq, notLive: reason, live: reason === null,
      contradiction: contradiction(frame, now_ms, contradictionMemory),
      zone: (frame && frame.board && frame.board.time_zone) || "UTC",
      source: (frame && frame.source && frame.source.name) || "the phone system",
      queue_at_ms: queue_at === undefined ? null : Date.parse(queue_at),
      freshness: judgeFeed(found && found.feed, clock_ms === null ? 0 : clock_ms),
    };
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

  return { look, start, painted: () => link.painted(store.seq) };
}
