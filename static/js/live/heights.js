/* How the heights of a chart are written beside its axis, in the language of the words. In: values that stand one above the other, their
   unit (s, count, ratio), whether they are differences. Out: texts in one form. DOM-free. Twin of dashboard/live/chart_axes.py `texts_of`. */

import { duration, plus, share } from "./format.js";
import { digits, say } from "./words.js";

const HOUR_S = 3600;
const DAY_S = 86400;

/* 12 h, 24 h, 36 h; 2 d, 4 d; 1:30, 3:00; 5 %; 1,200; +50, −50. */
export function heightTexts(values, unit, signed) {
  if (unit === "ratio") return values.map(share);
  if (unit !== "s") return values.map((value) => plus(value, signed) + whole(value));
  const areAll = (part_s) => values.every((value) => value % part_s === 0);
  if (!areAll(HOUR_S) || !values.some(Boolean)) return values.map(duration);
  const [part_s, key] = areAll(DAY_S) ? [DAY_S, "age.days"] : [HOUR_S, "age.hours"];
  return values.map((value) => say(key, { n: value / part_s }));
}

/* Without the bound of a tile: two heights must not have one name. */
function whole(value) {
  return digits(Number.isInteger(value) ? String(value) : value.toFixed(1));
}
