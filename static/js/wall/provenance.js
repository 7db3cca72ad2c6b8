/* Where a tile's number comes from, in one line: feed, formula, age. In: a judged metric (live/tiles.js), its entry of the catalogue.
   Out: text in the board's language. */

import { age } from "../live/format.js";
import { say } from "../live/words.js";
import { metricOf } from "./catalogue.js";
import { textWidth } from "./text_width.js";

const LEAST_U = 1;
const MOST_U = 1.5;

/* Empty for a metric that has gone. */
export function provenanceOf(view) {
  const entry = view === null ? null : metricOf(view.name);
  if (entry === null) return "";
  return say("provenance.line", { feed: entry.endpoint, formula: entry.formula || view.name, age: oldOf(view.at_ms === null ? null : view.age_s) });
}

/* The same for a line of so much room (u) on the tile: {text, size}. Without room for the formula, the feed and the age; then the age. */
export function sourceLine(view, room) {
  if (view === null || provenanceOf(view) === "") return { text: "", size: 0 };
  const old = view.at_ms === null ? null : view.age_s;
  const words = [provenanceOf(view), say("provenance.short", { feed: metricOf(view.name).endpoint, age: oldOf(old) }), oldOf(old)];
  const text = words.find((each) => textWidth(each) * LEAST_U <= room) || words[words.length - 1];
  return { text, size: Math.min(MOST_U, room / textWidth(text)) };
}

/* The same for what comes from a whole feed. `at_ms` null: it never answered. */
export function feedProvenance(endpoint, at_ms, now_ms) {
  return say("provenance.short", { feed: endpoint, age: oldOf(at_ms === null ? null : Math.max(0, (now_ms - at_ms) / 1000)) });
}

function oldOf(age_s) {
  return age_s === null ? say("number.no_answer") : age(age_s);
}
