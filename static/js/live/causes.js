/* Why the board is not live, in words for the floor: the nearest broken part first, because what lies behind it cannot be known.

   In:  the frame, the line (socket.js), the server's cause from its beats, whether this page failed, the time. Out: null when the
   board is live, else {cause, lines: [what, what now], since_ms}. `since_ms` (server's clock) is the last live answer of the queue. DOM-free. */

import { isCurrent, judgeFeed } from "./freshness.js";
import { timeOfDay } from "./format.js";
import { SILENT_AFTER_MS } from "./socket.js";
import { feedOf } from "./tiles.js";

const QUEUE = "current_queue_activity";
const LAST = "These are the last values. ";
// A restart of the server takes about a second: shorter gaps than this change nothing that the age of the numbers does not say.
const RECONNECT_GRACE_MS = 2000;
const MISSED_BEAT_MS = 5000;
const CONNECT_WITHIN_MS = 4000;

const OF_THE_SERVER = {
  redis: ["Queuelight's memory (Redis) does not answer.", LAST + "The board comes back by itself when it does."],
  worker: ["Queuelight's worker has stopped: nobody asks {source}.", LAST + "The board comes back by itself when it runs again."],
  beat: ["Queuelight's scheduler has stopped: nobody asks {source}.", LAST + "The board comes back by itself when it runs again."],
};

/* line_now_ms: the monotonic clock that `line` uses; now_ms: the server's time, null until
   it is sure. */
export function notLive({ frame, line, line_now_ms, cause, failed, now_ms }) {
  const source = (frame && frame.source && frame.source.name) || "the phone system";
  const zone = (frame && frame.board && frame.board.time_zone) || "UTC";
  const found = frame ? feedOf(frame, QUEUE) : null;
  const since_ms = found && found.feed.at !== undefined ? Date.parse(found.feed.at) : null;
  const say = (name, lines) => ({ cause: name, lines: lines.map((text) => text.replace("{source}", source)), since_ms });

  if (failed) return say("page", ["This page has failed.", LAST + "It reloads itself in a moment."]);
  if (line.refused) return say("refused", ["This screen may not show this board any more.", "An administrator can give it a new address."]);
  const never = line.heard_at === null || now_ms === null;
  const silent_ms = line_now_ms - (line.heard_at === null ? line.started_at : line.heard_at);
  const gone_ms = line.open ? 0 : line_now_ms - line.closed_at;
  const current = found !== null && now_ms !== null && isCurrent(judgeFeed(found.feed, now_ms));
  // The server beats every 4 s. When it has missed one, numbers that grew old are old because of it, and the source is not to blame.
  const patience_ms = never ? CONNECT_WITHIN_MS : current ? SILENT_AFTER_MS : MISSED_BEAT_MS;
  if (silent_ms > patience_ms || (!never && gone_ms > RECONNECT_GRACE_MS)) {
    return say("web", ["Queuelight's own server does not answer.", (frame ? LAST : "") + "Trying again every few seconds."]);
  }
  if (cause && OF_THE_SERVER[cause]) return say(cause, OF_THE_SERVER[cause]);
  if (never || !frame) return say("opening", ["Waiting for the first picture.", "Connecting to Queuelight."]);

  const problem = frame.source && frame.source.problem;
  if (current && frame.source.state !== "down") return null;
  const what = problem ? problem.message
    : since_ms === null ? "{source} has not answered yet."
    : "{source} has not answered since " + timeOfDay(since_ms, zone, true) + ".";
  const stopped = Boolean(found && found.feed.stopped);
  const next = stopped ? "Polling has stopped until the settings change."
    : problem && problem.retry_at && Date.parse(problem.retry_at) > now_ms
      ? "Trying again at " + timeOfDay(Date.parse(problem.retry_at), zone, true) + "."
      : "Trying again by itself.";
  const said = problem && stopped && /stopped/i.test(problem.message);
  return say("source", [what, (since_ms === null ? "" : LAST) + (said ? "" : next)]);
}
