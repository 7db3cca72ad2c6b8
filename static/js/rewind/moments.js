/* Moments in words and back, in the board's time zone. In: milliseconds since 1970, or what a date field holds. DOM-free. */

import { parts } from "../live/format.js";

const two = (n) => String(n).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/* "Sat 21 Nov 2026, 14:32:07". */
export function whole(ms, zone) {
  const t = parts(ms, zone);
  const day = DAYS[new Date(Date.UTC(t.year, t.month - 1, t.day)).getUTCDay()];
  return `${day} ${t.day} ${MONTHS[t.month - 1]} ${t.year}, ${two(t.hour)}:${two(t.minute)}:${two(t.second)}${t.known ? "" : " UTC"}`;
}

/* "14:32", with the day where the span is longer than one. */
export function short(ms, zone, span_ms) {
  const t = parts(ms, zone);
  const time = `${two(t.hour)}:${two(t.minute)}`;
  if (span_ms > 4 * 86400000) return `${t.day} ${MONTHS[t.month - 1]}`;
  return span_ms > 86400000 || t.hour + t.minute === 0 ? `${t.day} ${MONTHS[t.month - 1]} ${time}` : time;
}

/* What a field of type datetime-local shows: "2026-11-21T14:32:07". */
export function typed(ms, zone) {
  const t = parts(ms, zone);
  return `${t.year}-${two(t.month)}-${two(t.day)}T${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
}

/* The other way: milliseconds, or null for what is no moment. Of an hour that a change of the clocks made happen twice, the first; one
   that it skipped becomes the hour after it. */
export function untyped(text, zone) {
  const wanted_ms = Date.parse(text.length === 16 ? text + ":00Z" : text + "Z");
  if (Number.isNaN(wanted_ms)) return null;
  // The zone's distance is looked up a day before and a day after: only one or both of them can hold at that time.
  const found = [-86400000, 86400000]
    .map((shift) => wanted_ms - distance(wanted_ms + shift, zone))
    .filter((ms, place, all) => all.indexOf(ms) === place);
  const right = found.filter((ms) => ms + distance(ms, zone) === wanted_ms);
  return right.length ? Math.min(...right) : Math.max(...found);
}

/* How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
function distance(ms, zone) {
  const t = parts(ms, zone);
  return Date.UTC(t.year, t.month - 1, t.day, t.hour, t.minute, t.second) - Math.floor(ms / 1000) * 1000;
}
