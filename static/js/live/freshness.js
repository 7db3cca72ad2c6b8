/* How old a number may be before it stops being live: the twin of dashboard/domain/freshness.py.
   tests/vectors/freshness.json holds both to one rule. Times are milliseconds since 1970 on the server's clock. DOM-free. */

export const LATE_AFTER_INTERVALS = 2;
export const STALE_AFTER_INTERVALS = 5;
export const GRACE_S = 0.5;
export const AWAY_AFTER_S = 10;

/* at_ms null: never a good answer. failing_since_ms undefined: nothing is known to fail. Returns live, late, stale, down or unknown. */
export function judge({ at_ms, interval_s, failing, failing_since_ms, stopped, now_ms }) {
  if (stopped) return "down";
  if (at_ms === null || at_ms === undefined) return failing ? "down" : "unknown";
  const age_s = Math.max(0, (now_ms - at_ms) / 1000 - GRACE_S);
  if (age_s > STALE_AFTER_INTERVALS * interval_s) return failing || failing_since_ms !== undefined ? "down" : "stale";
  const away = failing_since_ms !== undefined && (now_ms - failing_since_ms) / 1000 >= AWAY_AFTER_S;
  if (away && (failing || age_s > interval_s)) return "down";
  return age_s > LATE_AFTER_INTERVALS * interval_s ? "late" : "live";
}

/* The same for an entry of frame.feeds; undefined (no such feed) is unknown. */
export function judgeFeed(feed, now_ms) {
  if (!feed) return "unknown";
  return judge({
    at_ms: feed.at === undefined ? null : Date.parse(feed.at),
    failing_since_ms: feed.failing_since === undefined ? undefined : Date.parse(feed.failing_since),
    interval_s: feed.interval_s, failing: Boolean(feed.failing), stopped: Boolean(feed.stopped), now_ms,
  });
}

/* A number that may be shown as now. */
export function isCurrent(freshness) {
  return freshness === "live" || freshness === "late";
}
