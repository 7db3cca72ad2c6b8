/* What the supervisor's page says of a number beside it: the state of its cell, and why it is as it is. English, as all desk pages.
   In: a tile's view (live/tiles.js) and a picture (board.js). Out: class names and words. DOM-free. */

import { contradicted } from "../live/consistency.js";
import { isCurrent } from "../live/freshness.js";
import { age, asOf, count, duration, quantity } from "../live/format.js";
import { feedOf } from "../live/tiles.js";

export const CELL_STATES = ["is-ok", "is-warning", "is-critical", "is-stale", "is-plain"];
export const NO_NUMBER = { not_on_plan: "not on plan", too_few: "too few", unknown: "unknown", none_yet: "none yet" };
export const NO_NUMBER_ICONS = { not_on_plan: "plan", too_few: "few", unknown: "unknown", none_yet: null };
const SLA = "ticket_metric_events";
const OURS = /_\d+m$|^expected_wait$/;
const HOURS_FROM_S = 360000;             // a sum of many people's hours: beyond 100, nobody reads the seconds
const SEVERITIES = { warning: "Warning", critical: "Critical" };

/* A value that is not current, or that its own source contradicts, has no severity; without a threshold there is none to have. */
export function cellState(view, picture) {
  if (!picture.live || view.freshness === "stale" || view.freshness === "down") return "is-stale";
  if (contradicted(picture, view.name)) return "is-plain";
  return view.state === "value" && view.threshold ? "is-" + view.severity : "is-plain";
}

/* Why there is no number, in a few words. */
export function reason(view, source) {
  if (view.state === "not_on_plan") return "needs Professional";
  if (view.state === "too_few") return view.have === null ? "" : view.have + (view.have === 1 ? " call" : " calls") + ", needs " + view.needs;
  if (view.no_agents) return "no agents";
  if (view.reading) return view.reading.total ? "first reading: " + count(view.reading.done) + " of " + count(view.reading.total) : "first reading";
  if (view.freshness === "unknown" || view.freshness === "down") return "no answer yet";
  // Ours, of what the last minutes were: the vendor sends no such thing.
  return OURS.test(view.name) ? "not watched for long enough" : "not sent by " + source.split(" ")[0];
}

/* Of the numbers beside the board's own, whose feeds are refused and fail one by one. */
export function reasonBeside(view, endpoint, picture, source) {
  const found = feedOf(picture.frame, endpoint);
  const error = found && found.feed.error;
  if (view.state === "none_yet") return "";
  if (error && error.kind === "forbidden") return endpoint === SLA ? "needs an administrator" : source + " refuses (403)";
  if (found && found.feed.stopped) return "stopped until the settings change";
  if (view.state === "too_few" && view.have !== null) return view.have + ", needs " + view.needs;
  return reason(view, source);
}

/* [icon, word, words] under such a number: as `verdict`, and always how old it is. */
export function verdictBeside(view, endpoint, unit, picture, source) {
  if (view.state !== "value") return [null, "", reasonBeside(view, endpoint, picture, source)];
  const [glyph, word, words] = verdict(view, unit, picture, false);
  if (glyph === "not-live") return [glyph, view.freshness === "live" ? "" : view.freshness, view.freshness === "late" ? age(view.age_s) : words];
  return [glyph, word, [words, age(view.age_s)].filter((each) => each !== "").join(" · ")];
}

/* "≤ 6": what a number is measured against; empty without a target. */
export function goal(threshold, unit) {
  if (!threshold || threshold.target === undefined) return "";
  return (threshold.higher_is_worse === false ? "≥ " : "≤ ") + withUnit(threshold.target, unit);
}

/* "3.4 %", "0:42", "1,204": a value in running text. */
export function withUnit(value, unit) {
  if (unit === "s" && value >= HOURS_FROM_S) return count(Math.floor(value / 3600)) + " h";
  return quantity(value, unit) + (unit === "ratio" ? " %" : "");
}

/* "above 3:00 for 4:42": the limit that made a wait warning or critical, and for how long it has been beyond it. Who has waited 7:42 has been
   above 3:00 for 4:42, also where the answer with that wait has only just come. Below the limit and not yet calm again: "was above 3:00". */
function beyond(view, now_ms) {
  const limit_s = view.severity === "warning" ? view.threshold.warning_enter : view.threshold.critical_enter;
  const above_s = view.value + (now_ms - view.at_ms) / 1000 - limit_s;
  if (above_s < 0) return "was above " + duration(limit_s);
  const turned_s = view.severity_since_ms === null ? 0 : (now_ms - view.severity_since_ms) / 1000;
  return "above " + duration(limit_s) + " for " + duration(Math.max(above_s, turned_s));
}

/* [icon, word, words] under a number; `wide`: the wait, whose cell has room to say for how long. Of a good number without a target there is nothing to say. */
export function verdict(view, unit, picture, wide) {
  if (view.state === "value" && !(picture.live && isCurrent(view.freshness))) {
    return ["not-live", "", view.at_ms === null ? "no answer yet" : asOf(view.at_ms, picture.now_ms, picture.zone)];
  }
  if (view.state !== "value") return [null, "", reason(view, picture.source)];
  if (contradicted(picture, view.name)) return ["unknown", "", wide ? picture.source.split(" ")[0] + " contradicts itself" : "contradicts the wait"];
  const target = goal(view.threshold, unit);
  if (view.severity !== "ok") {
    return [view.severity, SEVERITIES[view.severity], wide ? beyond(view, picture.now_ms) : target];
  }
  if (view.freshness === "late") return ["not-live", "", age(view.age_s) + " old"];
  return target ? ["ok", "", target] : [null, "", ""];
}
