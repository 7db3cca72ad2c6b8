/* A judged metric in words, as tiles write it. In: what live/tiles.js `tile` gives, the unit, a picture. Out: texts in the board's language,
   names of icons. */

import { age, asOf, plus, quantity } from "../live/format.js";
import { say } from "../live/words.js";
import { contradicted } from "../live/consistency.js";
import { bandOf, isBanded } from "../live/bands.js";
import { readingSaid } from "./provenance.js";

export const ICONS = { not_on_plan: "plan", too_few: "few", none_yet: "few", unknown: "unknown", gone: "unknown" };

/* The number itself: {text, unit, none}: `none` means that there is none, and `text` says so. `bands`: counts of people waiting as bands;
   `signed`: a difference, with its sign. */
export function figureOf(view, unit, bands, signed) {
  if (view.state !== "value") return { text: say("number." + view.state), unit: "", none: true };
  if (bands && isBanded(view.name)) return { text: say(bandOf(view.value)), unit: "", none: false };
  return { text: plus(view.value, signed) + quantity(view.value, unit), unit: unit === "ratio" ? "%" : "", none: false };
}

/* A quantity with its unit, for running text. */
export function amount(value, unit, bands, name, signed) {
  if (bands && isBanded(name)) return say(bandOf(value));
  return unit === "ratio" ? say("number.percent", { n: quantity(value, unit) }) : plus(value, signed) + quantity(value, unit);
}

/* "≤ 6": what the tile is measured against; empty without a target. */
export function limitOf(threshold, unit) {
  if (!threshold || threshold.target === undefined) return "";
  return say(threshold.higher_is_worse === false ? "number.at_least" : "number.at_most", { limit: amount(threshold.target, unit) });
}

/* Why there is no number, in a few words. `have` counts calls, or whatever else a rate is one of: tickets, targets, conversations. */
export function reasonOf(view, source) {
  if (view.state === "gone") return say("number.gone_why");
  if (view.state === "not_on_plan") return say("number.needs_professional");
  if (view.needs_s !== null && view.needs_s !== undefined) return say("number.watched_too_short", { n: Math.round(view.needs_s / 60) });
  if (view.state === "too_few") return view.have === null ? "" : say(view.of_cases ? "number.too_few_cases_why" : "number.too_few_why", { n: view.have, needs: view.needs });
  if (view.state === "none_yet") return say("number.none_yet_why");
  if (view.no_kayako) return say("number.no_kayako");
  if (view.no_agents) return say("number.no_agents");
  if (view.reading) return readingSaid(view.reading);
  if (view.freshness === "unknown" || view.freshness === "down") return say("number.no_answer");
  return say("number.not_sent", { source: source.split(" ")[0] });
}

/* The line under a number: {icon, word, limit, tells}. `word`: the severity; `limit`: target, age, or why there is none. `tells`: it says
   something that must be seen (not merely the target), so nothing may take its room. */
export function verdictOf(view, unit, picture) {
  // A board that is not live has no number of now, however young the answer: no tick, no warning, but when it was.
  const old = view.freshness === "stale" || view.freshness === "down" || (!picture.live && view.state === "value");
  if (old && view.state !== "gone") {
    const limit = view.at_ms === null ? say("number.no_answer") : asOf(view.at_ms, picture.now_ms, picture.zone);
    return { icon: "not-live", word: "", limit, tells: true };
  }
  if (view.state !== "value") return { icon: null, word: "", limit: reasonOf(view, picture.source), tells: true };
  const late = view.freshness === "late";
  if (contradicted(picture, view.name) && !late) return { icon: "unknown", word: "", limit: say("number.contradictory"), tells: true };
  const severe = view.severity !== "ok";
  return {
    icon: severe ? view.severity : late ? "not-live" : view.threshold ? "ok" : null,
    word: severe ? say("severity." + view.severity) : "",
    limit: late ? say("age.old", { age: age(view.age_s) }) : limitOf(view.threshold, unit),
    tells: severe || late,
  };
}
