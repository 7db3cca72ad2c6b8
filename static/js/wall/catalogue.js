/* What the page knows of each metric: unit, endpoint, formula. In: the json_script "catalogue" of the page. Out: one entry, or null
   for a metric that this release does not have (any more). */

import { has, say } from "../live/words.js";

let table = null;

/* {unit: count|s|ratio, endpoint, formula?, daily?}; null: gone. */
export function metricOf(name) {
  if (table === null) {
    const node = document.getElementById("catalogue");
    table = node === null ? {} : JSON.parse(node.textContent);
  }
  return Object.prototype.hasOwnProperty.call(table, name) ? table[name] : null;
}

/* The metric's name in the board's language; `short` where room is dear. One that is gone has its bare name. */
export function labelOf(name, short) {
  const key = "metric." + name;
  if (short && has(key + ".short")) return say(key + ".short");   // a page carries only those that differ (boards/page.py)
  return has(key) ? say(key) : name;
}
