/* Whether a number rises: against a quarter of an hour ago, or, for a total of the day, against the same time of the same weekday.
   DOM-free.

   In:  the points of frame.charts ({at, step_s, values, then}), the number now, its unit. Out: null where nothing can be said, else
   {direction: "rising"|"falling"|"steady", before, at_ms (of `before`), weekday: whether it is that of a week ago}.
   A small change is none: a wall must not point up and down at every call. */

const BACK_MS = 900000;
const APART_MS = 240000;                 // how far a point may lie from the moment it stands for
const SHARE = .1;
const LEAST = { count: 2, s: 15, ratio: .01 };

export function trendOf(points, value, unit, weekday, now_ms) {
  if (!points || value === null || !points.step_s) return null;
  const list = weekday ? points.then : points.values;
  const at_ms = weekday ? now_ms : now_ms - BACK_MS;
  const found = near(list || [], Date.parse(points.at), points.step_s * 1000, at_ms);
  if (found === null) return null;
  const change = value - found.value;
  const band = Math.max(LEAST[unit] || 0, Math.abs(found.value) * SHARE);
  const direction = Math.abs(change) < band ? "steady" : change > 0 ? "rising" : "falling";
  return { direction, before: found.value, at_ms: found.at_ms, weekday };
}

/* The known point nearest to a moment. The last of `list` was at `end_ms`. */
function near(list, end_ms, step_ms, at_ms) {
  let best = null;
  list.forEach((value, i) => {
    if (value === null) return;
    const point_ms = end_ms - (list.length - 1 - i) * step_ms;
    if (best === null || Math.abs(point_ms - at_ms) < Math.abs(best.at_ms - at_ms)) best = { value, at_ms: point_ms };
  });
  return best !== null && Math.abs(best.at_ms - at_ms) <= Math.max(APART_MS, step_ms) ? best : null;
}
