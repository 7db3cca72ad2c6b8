/* One metric as a tile shows it, judged at this moment. In: a frame and the server's time. Out: a small plain object. DOM-free.

   `state` says what there is: value, not_on_plan, too_few, none_yet, unknown. `freshness` says how old: live, late, stale, down, unknown.
   They are two questions: a number can be stale, and so can the knowledge that a plan lacks it. */

import { isCurrent, judgeFeed } from "./freshness.js";

// Of these an empty number is no silence of the source: a median of no tickets, the next breach where none is announced.
const QUEUE = "current_queue_activity";
const OF_CASES = ["tickets", "ticket_metrics", "ticket_metric_events", "kayako_cases"];
// Of all that a board shows, only a Kayako that is not set up is not asked: every other feed is in the frame.
const KAYAKO = "kayako_cases";
// Of the tickets' own feed, but made of when tickets were solved, which is read with their times.
const OF_TIMES = /^tickets_(solved|net_flow)_/;
const VALUE_STATES = ["live", "late", "stale", "down"];

/* The feed of an endpoint on this board: {id, feed}, or null when the board does not poll it. */
export function feedOf(frame, endpoint) {
  const feeds = frame.feeds || {};
  for (const id of Object.keys(feeds)) {
    if (feeds[id].endpoint === endpoint) return { id, feed: feeds[id] };
  }
  return null;
}

/* The feed that speaks for the whole board: as `feedOf`. Of the phone it is the queue. */
export function speakerOf(frame) {
  return feedOf(frame, (frame.source && frame.source.endpoint) || QUEUE);
}

/* How far the first reading of a feed is: {done, total (null: not known)}; null where none is under way, or it fails before its first answer. */
export function readingOf(feed) {
  if (!feed || (feed.at === undefined && (feed.failing || feed.stopped))) return null;
  if (feed.reading !== undefined) return { done: feed.reading.done, total: feed.reading.total === undefined ? null : feed.reading.total };
  return feed.at === undefined && feed.waiting ? { done: null, total: null } : null;
}

/* How far that is, page by page, of which a number of this feed waits. */
function firstReading(frame, name, feed) {
  const own = readingOf(feed);
  if (own !== null || feed.at === undefined || !OF_TIMES.test(name)) return own;
  const times = feedOf(frame, "ticket_metrics");
  return (times && readingOf(times.feed)) || { done: null, total: null };
}

/* `part`: what the server judged for one widget (frame.widgets[<id>]): its own threshold and severity stand for the board's. */
export function tile(frame, name, endpoint, now_ms, part) {
  const metric = (frame.metrics || {})[name];
  const found = feedOf(frame, endpoint);
  const freshness = judgeFeed(found && found.feed, now_ms);
  const at = metric && metric.at !== undefined ? metric.at : found ? found.feed.at : undefined;
  const at_ms = at === undefined ? null : Date.parse(at);
  const own = Boolean(part && part.severity !== undefined);
  const threshold = (own ? part.threshold : (frame.thresholds || {})[name]) || null;
  const out = {
    name, freshness, at_ms, threshold, of_cases: OF_CASES.indexOf(endpoint) >= 0, reading: null,
    state: "unknown", value: null, severity: "ok", severity_since_ms: null, have: null, needs: null, needs_s: null,
    no_kayako: endpoint === KAYAKO && found === null, no_agents: Boolean(metric && metric.no_agents),
    age_s: at_ms === null ? null : Math.max(0, (now_ms - at_ms) / 1000),
  };
  const reading = out.of_cases && found !== null ? firstReading(frame, name, found.feed) : null;
  if (!metric || metric.value === undefined) out.reading = reading;
  if (!metric) return out;
  if (metric.value !== undefined && metric.value !== null && VALUE_STATES.indexOf(metric.state) >= 0) {
    out.state = "value";
    out.value = metric.value;
  } else if (metric.state === "not_on_plan") {
    out.state = "not_on_plan";
  } else if (metric.needs !== undefined) {                // its `state` may be stale by now: it is still too few, as of then
    out.state = "too_few";
    out.have = metric.have === undefined ? null : metric.have;
    out.needs = metric.needs;
  } else if (metric.needs_s !== undefined) {              // it speaks of so many seconds, and not all of them were watched yet
    out.needs_s = metric.needs_s;
  } else if (out.of_cases && metric.state === "unknown" && metric.at !== undefined && reading === null) {
    out.state = "none_yet";
  }
  if (out.state === "value" && isCurrent(freshness)) {   // an old value has no severity: nobody knows it
    const judged = own ? part : metric;
    out.severity = judged.severity || "ok";
    if (judged.severity_since !== undefined && out.severity !== "ok") out.severity_since_ms = Date.parse(judged.severity_since);
  }
  return out;
}

/* A wait that ticks between two polls: seconds now, from the last reading, in whole seconds. Frozen when not current.
   The vendor cuts fractions off, so two readings of one caller disagree by up to a second: the start of the wait is kept
   unless it moves by more, and the display never steps back for nothing. `memory` is an object of the caller's, kept between calls. */
export function tickingWait(view, now_ms, memory) {
  if (view.state !== "value" || view.value <= 0 || !isCurrent(view.freshness) || view.at_ms === null) {
    memory.start_ms = null;
    return view.value;
  }
  const start = view.at_ms - view.value * 1000;
  if (memory.start_ms === null || memory.start_ms === undefined || Math.abs(start - memory.start_ms) > 1600) memory.start_ms = start;
  return Math.max(0, Math.floor((now_ms - memory.start_ms) / 1000));
}

/* What an agent is doing, in the floor's words: a call wins over the sign-in state (twin of dashboard/domain/derive.py presence). */
export function presence(agent) {
  if (agent.call_status) return agent.call_status;
  return agent.state === "online" ? "available" : agent.state;
}
