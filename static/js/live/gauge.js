/* A gauge's scale and its arcs. DOM-free.

   In:  the ends of the scale, limits, a value, all in the metric's own unit. Out: shares of the scale (0 to 1), zones, path data of ring
        sectors in a box of 200 by 110 whose centre is (100, 104). */

const SPANS_S = [30, 60, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10800, 14400, 21600, 28800, 43200, 86400];
const CENTRE = { x: 100, y: 104 };

/* {low, high}: the ends. `high` unset: a third above the critical limit; where lower is worse, all of a rate or twice the target; without
   limits the round number above the highest value seen so far. Percent of a rate are shares here. */
export function scaleOf({ low, high, unit, threshold, highest }) {
  const factor = unit === "ratio" ? .01 : 1;
  const begin = (low || 0) * factor;
  if (high !== undefined && high !== null) return { low: begin, high: high * factor };
  if (threshold && threshold.higher_is_worse !== false) return { low: begin, high: Math.max(begin, roundUp(threshold.critical_enter * 1.33, unit)) || 1 };
  if (unit === "ratio") return { low: begin, high: Math.max(1, begin + .01) };
  if (threshold) return { low: begin, high: roundUp(Math.max(begin + 1, threshold.target * 2), unit) };
  return { low: begin, high: Math.max(begin + 1, roundUp(Math.max(highest || 0, unit === "s" ? 60 : 10), unit)) };
}

/* Where a value lies on the scale: 0 to 1. */
export function shareOf(value, scale) {
  return Math.max(0, Math.min(1, (value - scale.low) / (scale.high - scale.low)));
}

/* [{severity, from, to}]: which parts of the scale are calm, warning and critical, in the order of the scale. */
export function zonesOf(threshold, scale) {
  if (!threshold) return [{ severity: "ok", from: 0, to: 1 }];
  const warning = shareOf(threshold.warning_enter, scale);
  const critical = shareOf(threshold.critical_enter, scale);
  const zones = threshold.higher_is_worse === false
    ? [{ severity: "critical", from: 0, to: critical }, { severity: "warning", from: critical, to: warning }, { severity: "ok", from: warning, to: 1 }]
    : [{ severity: "ok", from: 0, to: warning }, { severity: "warning", from: warning, to: critical }, { severity: "critical", from: critical, to: 1 }];
  return zones.filter((zone) => zone.to - zone.from > .001);
}

/* A sector of the half ring between two radii, from one share of the scale to another. */
export function sector(from, to, inner, outer) {
  const at = (share, radius) => {
    const angle = Math.PI * (1 - share);
    return (CENTRE.x + radius * Math.cos(angle)).toFixed(2) + " " + (CENTRE.y - radius * Math.sin(angle)).toFixed(2);
  };
  if (to - from < .0005) return "";
  return "M" + at(from, outer) + "A" + outer + " " + outer + " 0 0 1 " + at(to, outer) + "L" + at(to, inner) + "A" + inner + " " + inner + " 0 0 0 " + at(from, inner) + "Z";
}

/* A short line across the ring. */
export function tick(share, inner, outer) {
  const angle = Math.PI * (1 - share);
  const end = (radius) => (CENTRE.x + radius * Math.cos(angle)).toFixed(2) + " " + (CENTRE.y - radius * Math.sin(angle)).toFixed(2);
  return "M" + end(inner) + "L" + end(outer);
}

/* Up to a number that people read at once: of seconds, whole minutes and hours. */
function roundUp(value, unit) {
  if (!(value > 0)) return 0;
  if (unit === "s") {
    const span = SPANS_S.find((each) => each >= value * (1 - 1e-2));
    return span === undefined ? Math.ceil(value / 86400) * 86400 : span;
  }
  const power = Math.pow(10, Math.floor(Math.log10(value)));
  for (const base of [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]) {
    if (base * power >= value * (1 - 1e-9)) return Number((base * power).toPrecision(6));
  }
  return 10 * power;
}
