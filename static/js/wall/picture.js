/* A picture: everything a tile must know of one moment. DOM-free but for nothing; made of a frame and a time.

   In:  a frame, the time (ms, server's clock), whether it may be shown as live. Out: a plain object, new at each drawing.
   board.js makes it of what the socket brings; previews and the past, where there is no socket, call `pictureOf` themselves. */

import { contradiction } from "../live/consistency.js";
import { judgeFeed } from "../live/freshness.js";
import { speakerOf } from "../live/tiles.js";

/* `notLive`: null, or {cause, lines: [what, what now], since_ms} (live/causes.js). `live` false without `notLive`: not live, no words.
   `clock_ms`: the server's time where it is sure, else null. `memory`: an object kept between calls, for a contradiction's lasting. */
export function pictureOf(frame, now_ms, { live = true, notLive = null, clock_ms = now_ms, seq = null, memory = {} } = {}) {
  const found = frame ? speakerOf(frame) : null;
  const queue_at = found ? found.feed.at : undefined;
  return {
    frame, clock_ms, now_ms, seq, notLive, live: live && notLive === null,
    contradiction: contradiction(frame, now_ms, memory),
    zone: (frame && frame.board && frame.board.time_zone) || "UTC",
    source: (frame && frame.source && frame.source.name) || "the phone system",
    queue_at_ms: queue_at === undefined ? null : Date.parse(queue_at),
    freshness: judgeFeed(found && found.feed, clock_ms === null ? 0 : clock_ms),
  };
}
