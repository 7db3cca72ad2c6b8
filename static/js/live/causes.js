/* Why the board is not live, in words for the floor: the nearest broken part first, because what lies behind it cannot be known.

   In:  the frame, the line (socket.js), the server's cause from its beats, whether this page failed, the time. Out: null when the
   board is live, else {cause, lines: [what, what now], since_ms}. `since_ms` (server's clock) is the last live answer of the feed that speaks
   for the board: the phone's queue, or where no phone is shown, that of the tickets, or Kayako's. DOM-free. */

import { isCurrent, judgeFeed } from "./freshness.js";
import { count, dayMonth, moment, parts, timeOfDay } from "./format.js";
import { SILENT_AFTER_MS } from "./socket.js";
import { readingOf, speakerOf } from "./tiles.js";
import { has, say } from "./words.js";

// A restart of the server takes about a second: shorter gaps than this change nothing that the age of the numbers does not say.
const RECONNECT_GRACE_MS = 2000;
const MISSED_BEAT_MS = 5000;
const CONNECT_WITHIN_MS = 4000;

const OF_THE_SERVER = ["redis", "worker", "beat"];
const GONE = ["gone", "4404"];
const FOR_LONG = ["auth", "refused_config"];   // their sentence says itself that nothing is tried again

/* line_now_ms: the monotonic clock that `line` uses; now_ms: the server's time, null until
   it is sure. */
export function notLive({ frame, line, line_now_ms, cause, failed, now_ms }) {
  const source = (frame && frame.source && frame.source.name) || say("notice.the_source");
  const zone = (frame && frame.board && frame.board.time_zone) || "UTC";
  const found = frame ? speakerOf(frame) : null;
  const since_ms = found && found.feed.at !== undefined ? Date.parse(found.feed.at) : null;
  const told = (name, what, next) => ({ cause: name, lines: [what, next], since_ms });
  const last = (next) => (next === "" ? say("notice.last_values") : say("notice.last_values_and", { next }));

  if (failed) return told("page", say("notice.page"), last(say("notice.reloads")));
  if (GONE.indexOf(line.refused) >= 0) return told("refused", say("notice.gone"), say("notice.gone_next"));
  if (line.refused) return told("refused", say("notice.refused"), say("notice.new_address"));
  const never = line.heard_at === null || now_ms === null;
  const silent_ms = line_now_ms - (line.heard_at === null ? line.started_at : line.heard_at);
  const gone_ms = line.open ? 0 : line_now_ms - line.closed_at;
  const current = found !== null && now_ms !== null && isCurrent(judgeFeed(found.feed, now_ms));
  // The server beats every 4 s. When it has missed one, numbers that grew old are old because of it, and the source is not to blame.
  const patience_ms = never ? CONNECT_WITHIN_MS : current ? SILENT_AFTER_MS : MISSED_BEAT_MS;
  if (silent_ms > patience_ms || (!never && gone_ms > RECONNECT_GRACE_MS)) {
    return told("web", say("notice.web"), frame ? last(say("notice.trying_often")) : say("notice.trying_often"));
  }
  if (OF_THE_SERVER.indexOf(cause) >= 0) {
    return told(cause, say("notice." + cause, { source }), last(say(cause === "redis" ? "notice.back_when_answers" : "notice.back_when_runs")));
  }
  if (never || !frame) return told("opening", say("notice.opening"), say("notice.connecting"));

  const problem = frame.source && frame.source.problem;
  if (current && frame.source.state !== "down") return null;
  const reading = since_ms === null && found !== null && !problem ? readingOf(found.feed) : null;
  if (reading !== null) return told("reading", readingSaid(reading, source), say("notice.reading_next"));
  const what = problem ? problemSaid(problem, frame.source, now_ms, zone)
    : since_ms === null ? say("notice.never_answered", { source })
    : say("notice.nothing_since", { source, time: timeOfDay(since_ms, zone, true) });
  const stopped = Boolean(found && found.feed.stopped);
  const next = stopped ? (problem && FOR_LONG.indexOf(problem.kind) >= 0 ? "" : say("notice.stopped"))
    : problem && problem.retry_at && Date.parse(problem.retry_at) > now_ms
      ? say("notice.trying_at", { time: timeOfDay(Date.parse(problem.retry_at), zone, true) })
      : say("notice.trying");
  return told("source", what, since_ms === null ? next : last(next));
}

/* What is wrong beside the source that speaks for the board, in a sentence; empty when nothing is. */
export function besideSaid(frame, now_ms) {
  const beside = frame.source && frame.source.beside;
  return beside && beside.problem ? problemSaid(beside.problem, beside, now_ms, (frame.board && frame.board.time_zone) || "UTC") : "";
}

/* A source of which everything is read for the first time, and how far that is. */
function readingSaid({ done, total }, source) {
  return total ? say("notice.reading_of", { source, done: count(done), total: count(total) }) : say("notice.reading", { source });
}

/* What is wrong with a source ({name, endpoint}), by the problem's kind; of a kind that is newer than these words, and of one without a
   beginning, what the server says. */
function problemSaid(problem, { name, endpoint }, now_ms, zone) {
  const own = "problem." + problem.kind + "_beyond";       // some sentences speak of the phone
  const key = endpoint !== undefined && has(own) ? own : "problem." + problem.kind;
  if (!has(key) || problem.since === undefined) return problem.message;
  const since_ms = Date.parse(problem.since);
  const time = timeOfDay(since_ms, zone, true);
  const day = moment(since_ms, now_ms, zone).day;
  return say(key, { name, since: day ? say("date.with_time", { day: dayMonth(parts(since_ms, zone)), time }) : time });
}
