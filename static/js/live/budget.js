/* The vendor's limits by bucket. In: a frame, the time. Out: plain objects. DOM-free.

   [{name, used, cap, limit, window_s, state, until_ms}]: `state` is ok, nearly (95 % of our share, from where on polls begin to wait) or
   used_up; `until_ms` is when a feed of the bucket that waits for it will be asked again, null when none waits. */

const NAMES = ["queue", "other"];
const NEARLY = .95;
const QUEUE = "current_queue_activity";
const KAYAKO = "kayako_cases";

export function bucketsOf(frame, now_ms) {
  const budget = frame.budget || {};
  return NAMES.filter((name) => budget[name] !== undefined).map((name) => {
    const { used, cap, limit, window_s } = budget[name];
    const until = untilOf(frame.feeds || {}, name, now_ms);
    return { name, used, cap, limit, window_s, until_ms: until, state: until !== null || used >= cap ? "used_up" : used >= cap * NEARLY ? "nearly" : "ok" };
  });
}

function untilOf(feeds, name, now_ms) {
  let until = null;
  for (const id of Object.keys(feeds)) {
    const feed = feeds[id];
    if (!feed.waiting || feed.retry_at === undefined || (feed.endpoint === QUEUE) !== (name === "queue")) continue;
    if (feed.reading !== undefined || feed.endpoint === KAYAKO) continue;   // a first reading goes slowly by itself; Kayako has limits of its own
    const at = Date.parse(feed.retry_at);
    if (at > now_ms && (until === null || at < until)) until = at;
  }
  return until;
}
