/* Whether the source agrees with itself. DOM-free.

   `consistency`: two feeds that should say the same, agents online by the queue's count and by the list of agents.
   In: a frame and the time, at each drawing; a memory of the caller's. Out: {state: agree|differ|open, words, why}.
   The feeds are asked at different moments, so a difference counts only when it has lasted: two answers of the slower feed. The queue
   counts agents online or away; whether it counts those who take transfers only is not documented, so either count agrees.

   `contradiction`: one answer of the queue that excludes itself: nobody waits, and somebody has waited for so long. */

import { isCurrent, judgeFeed } from "./freshness.js";
import { feedOf } from "./tiles.js";
import { say } from "./words.js";

const LASTING_INTERVALS = 4;
const SHORTEST_MS = 20000;
const CONTRADICTED = ["longest_wait_time", "calls_waiting"];
const CONTRADICTION_LASTS_MS = 3000;     // one answer may be counted just while the last caller is put through

export function consistency(frame, now_ms, memory) {
  const queue = feedOf(frame, "current_queue_activity");
  const agents = feedOf(frame, "agents_activity");
  const counted = (frame.metrics || {}).agents_online;
  const comparable = queue && agents && !filtered(queue.id) && !filtered(agents.id) && counted && counted.value !== undefined
    && isCurrent(judgeFeed(queue.feed, now_ms)) && isCurrent(judgeFeed(agents.feed, now_ms));
  if (!comparable) {
    memory.since_ms = null;
    return { state: "open", words: say("consistency.not_compared"), why: say("consistency.not_compared_why") };
  }
  const online = frame.agents.filter((agent) => agent.state === "online" || agent.state === "away").length;
  const transfers = frame.agents.filter((agent) => agent.state === "transfers_only").length;
  if (counted.value >= online && counted.value <= online + transfers) {
    memory.since_ms = null;
    return { state: "agree", words: say("consistency.consistent"), why: say("consistency.consistent_why") };
  }
  if (memory.since_ms === null || memory.since_ms === undefined) memory.since_ms = now_ms;
  const lasting_ms = Math.max(SHORTEST_MS, LASTING_INTERVALS * agents.feed.interval_s * 1000);
  if (now_ms - memory.since_ms < lasting_ms) {
    return { state: "agree", words: say("consistency.consistent"), why: say("consistency.just_now_why") };
  }
  return {
    state: "differ", words: say("consistency.differs"), why: say("consistency.differs_why", { queue: counted.value, listed: online }),
  };
}

/* "none", "new" or "lasting": whether the queue's last answer says both that nobody waits and how long somebody has waited.
   Which of the two is wrong nobody knows: such a wait must not count on, and once it lasts neither number has a severity. */
export function contradiction(frame, now_ms, memory) {
  const [wait, waiting] = CONTRADICTED.map((name) => ((frame && frame.metrics) || {})[name] || {});
  const both = waiting.value === 0 && wait.value > 0 && wait.at === waiting.at;
  if (!both) {
    memory.since_ms = null;
    return "none";
  }
  if (memory.since_ms === null || memory.since_ms === undefined) memory.since_ms = now_ms;
  return now_ms - memory.since_ms < CONTRADICTION_LASTS_MS ? "new" : "lasting";
}

/* Whether this metric is one of the two that a picture's lasting contradiction leaves without a judgement. */
export function contradicted(picture, metric) {
  return picture.contradiction === "lasting" && CONTRADICTED.indexOf(metric) >= 0;
}

/* A feed's id ends with its filter: account:endpoint:1,2. */
export function filtered(id) {
  return id.split(":").length > 2;
}
