/* Where a tile's numbers come from, and how old they are. In: a judged metric (live/tiles.js) and its entry of the catalogue, or a whole
   feed. Out: texts in the board's language. */

import { age, asOf, count } from "../live/format.js";
import { judgeFeed } from "../live/freshness.js";
import { feedOf, readingOf } from "../live/tiles.js";
import { say } from "../live/words.js";
import { metricOf } from "./catalogue.js";
import { textWidth } from "./text_width.js";

const LEAST_U = 1;
const MOST_U = 1.5;

/* In words of three lengths: feed, formula, age; feed and age; age. Empty ones for a metric that has gone. `write`: how an age is written. */
export function provenances(view, write = String) {
  const entry = metricOf(view.name);
  if (entry === null) return [""];
  const old = write(oldOf(view.at_ms === null ? null : view.age_s));
  const feed = entry.endpoint;
  return [say("provenance.line", { feed, formula: entry.formula || view.name, age: old }), say("provenance.short", { feed, age: old }), old];
}

/* The longest of them. */
export function provenanceOf(view) {
  return provenances(view)[0];
}

/* The longest of them for a line of so much room (u) on the tile: {text, size}. */
export function sourceLine(view, room) {
  const words = provenances(view);
  if (words[0] === "") return { text: "", size: 0 };
  const text = words.find((each) => textWidth(each) * LEAST_U <= room) || words[words.length - 1];
  return { text, size: Math.min(MOST_U, room / textWidth(text)) };
}

/* A whole feed at this moment: {at_ms (null: it never answered), freshness, old: stale or down, error: {kind, message} or null}. */
export function feedNow(picture, endpoint) {
  const found = feedOf(picture.frame, endpoint);
  const freshness = judgeFeed(found && found.feed, picture.now_ms);
  const at_ms = found && found.feed.at !== undefined ? Date.parse(found.feed.at) : null;
  return { at_ms, freshness, old: freshness === "stale" || freshness === "down", error: (found && found.feed.error) || null };
}

/* Why there is nothing of a feed that has never answered. One that waits for its turn is read page by page for the first time. */
export function feedSilence(picture, endpoint) {
  const found = feedOf(picture.frame, endpoint);
  const reading = found ? readingOf(found.feed) : null;
  return reading === null ? say("number.no_answer") : readingSaid(reading);
}

/* A first reading and how far it is, as live/tiles.js `readingOf` tells it. */
export function readingSaid({ done, total }) {
  return total ? say("feed.first_reading_of", { done: count(done), total: count(total) }) : say("feed.first_reading");
}

/* What must be said of its age: that it never answered, as of when it is, or that it is late. Empty where it is on time. */
export function ageOf({ at_ms, freshness, old }, picture) {
  if (at_ms === null) return say("number.no_answer");
  if (old) return asOf(at_ms, picture.now_ms, picture.zone);
  return freshness === "late" ? say("age.old", { age: oldOf(Math.max(0, (picture.now_ms - at_ms) / 1000)) }) : "";
}

/* The line of origin for what comes from a whole feed. `at_ms` null: it never answered. */
export function feedProvenance(endpoint, at_ms, now_ms) {
  return say("provenance.short", { feed: endpoint, age: oldOf(at_ms === null ? null : Math.max(0, (now_ms - at_ms) / 1000)) });
}

function oldOf(age_s) {
  return age_s === null ? say("number.no_answer") : age(age_s);
}
