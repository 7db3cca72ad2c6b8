/* Whether two feeds that should say the same do: agents online by the queue's count and by the list of agents. DOM-free.

   In: a frame and the time, at each drawing; a memory of the caller's. Out: {state: agree|differ|open, words}.
   The feeds are asked at different moments, so a difference counts only when it has lasted: two answers of the slower feed. The queue
   counts agents online or away; whether it counts those who take transfers only is not documented, so either count agrees. */

import { isCurrent, judgeFeed } from "./freshness.js";
import { feedOf } from "./tiles.js";

const LASTING_INTERVALS = 4;
const SHORTEST_MS = 20000;

export function consistency(frame, now_ms, memory) {
  const queue = feedOf(frame, "current_queue_activity");
  const agents = feedOf(frame, "agents_activity");
  const counted = (frame.metrics || {}).agents_online;
  const comparable = queue && agents && !filtered(queue.id) && !filtered(agents.id) && counted && counted.value !== undefined
    && isCurrent(judgeFeed(queue.feed, now_ms)) && isCurrent(judgeFeed(agents.feed, now_ms));
  if (!comparable) {
    memory.since_ms = null;
    return { state: "open", words: "not compared", why: "Agents online cannot be compared now." };
  }
  const online = frame.agents.filter((agent) => agent.state === "online" || agent.state === "away").length;
  const transfers = frame.agents.filter((agent) => agent.state === "transfers_only").length;
  if (counted.value >= online && counted.value <= online + transfers) {
    memory.since_ms = null;
    return { state: "agree", words: "consistent", why: "Agents online: the queue and the list of agents agree." };
  }
  if (memory.since_ms === null || memory.since_ms === undefined) memory.since_ms = now_ms;
  const lasting_ms = Math.max(SHORTEST_MS, LASTING_INTERVALS * agents.feed.interval_s * 1000);
  if (now_ms - memory.since_ms < lasting_ms) return { state: "agree", words: "consistent", why: "Agents online differ just now; feeds are asked at different moments." };
  return {
    state: "differ", words: "differs", why: "Agents online: " + counted.value + " by the queue, " + online + " by the list of agents.",
  };
}

/* A feed's id ends with its filter: account:endpoint:1,2. */
function filtered(id) {
  return id.split(":").length > 2;
}
