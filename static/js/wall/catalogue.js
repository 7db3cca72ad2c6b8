/* What the page knows of each metric: unit, endpoint, formula. In: the json_script "catalogue" of the page. Out: one entry, or null
   for a metric that this release does not have (any more).

   A page carries the metrics of its first picture; the others are fetched once that is drawn, like the words (languages.js). */

import { has, say } from "../live/words.js";

const RETRY_MS = 10000;
const COMING = { unit: "count", endpoint: "" };   // not known yet: its tile says "unknown", and not that there is no such metric
let table = null;
let inPart = false;

function take() {
  const node = document.getElementById("catalogue");
  table = node === null ? {} : JSON.parse(node.textContent);
  inPart = document.documentElement.dataset.words === "part";
}

/* The first picture is drawn: what the page left out may come. */
export function bringRestOfCatalogue() {
  if (table === null) take();
  if (!inPart) return;
  fetch("/words/metrics.json", { credentials: "same-origin" }).then((answer) => {
    if (!answer.ok) throw new Error("status " + answer.status);
    return answer.json();
  }).then((whole) => {
    table = whole;
    inPart = false;
  }).catch((error) => {
    console.warn("Queuelight: what there is to know of the metrics did not come:", error.message);
    setTimeout(bringRestOfCatalogue, RETRY_MS);
  });
}

/* {unit: count|s|ratio, endpoint, formula?, daily?, signed?}; null: gone. */
export function metricOf(name) {
  if (table === null) take();
  if (Object.prototype.hasOwnProperty.call(table, name)) return table[name];
  return inPart ? COMING : null;
}

/* Whether the metric (what `metricOf` gives) is a difference, written with its sign. */
export function isSigned(entry) {
  return entry !== null && entry.signed !== undefined;
}

/* The metric's name in the board's language; `short` where room is dear. One that is gone has its bare name. */
export function labelOf(name, short) {
  const key = "metric." + name;
  if (short && has(key + ".short")) return say(key + ".short");   // a page carries only those that differ (boards/page.py)
  return has(key) ? say(key) : name;
}
