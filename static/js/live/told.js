/* An incident in the wall's words, from its facts in the frame. Twin of `about` and `sentence` in dashboard/alerts/shown.py. DOM-free.

   In: one of frame.incidents. Out: sentences in the board's language. In the language that the server writes, its own sentences are
   taken: of lost data and a failing source they know more than the facts do. */

import { count, duration, plus, share } from "./format.js";
import { has, language, say } from "./words.js";

const OF_THE_SERVER = "en";

/* Without the value and the place, which a wall shows elsewhere: "Longest wait at or above 3:00". */
export function about(incident) {
  if (language() === OF_THE_SERVER || incident.kind === undefined) return incident.about;
  const metric = nameOf(incident);
  if (metric === null) return aboutOther(incident);
  return incident.limit === undefined ? metric : say("incident.about." + side(incident), { metric, limit: amount(incident.limit, incident.unit) });
}

/* All of it: "Longest wait 7:42 on Support line, at or above 3:00". */
export function sentence(incident) {
  if (language() === OF_THE_SERVER || incident.kind === undefined) return incident.text;
  const metric = nameOf(incident);
  if (metric === null) {
    const what = aboutOther(incident);
    return incident.value === undefined || incident.failed_rule ? what : say("incident.lasting", { what, duration: duration(incident.value) });
  }
  const { value, limit } = incident;
  const figure = value === undefined ? metric : say("incident.figure", { metric, value: plus(value, incident.signed) + amount(value, incident.unit) });
  const what = incident.scope_name ? say("incident.placed", { what: figure, where: incident.scope_name }) : figure;
  if (limit === undefined) return what;
  if (value === limit) return say("incident.at_its_limit", { what });
  const calm = value !== undefined && (value < limit) === (incident.direction === "above");
  return say(calm ? "incident.was" : "incident.is", { what, limit: say("incident.limit." + side(incident), { limit: amount(limit, incident.unit) }) });
}

/* The metric's name; null when it is about no metric that these words know. */
function nameOf(incident) {
  const key = "metric." + incident.metric;
  return incident.metric !== undefined && incident.unit !== undefined && has(key) ? say(key) : null;
}

/* Of incidents without a metric. A kind that is newer than these words is told by the server. */
function aboutOther(incident) {
  if (incident.failed_rule) return say("incident.about.rule", { rule: incident.rule });
  const key = "incident.about." + incident.kind;
  return has(key) && incident.metric === undefined ? say(key, { screen: incident.scope_name || incident.rule }) : incident.about;
}

/* Nothing but a difference is below 0: there it is "at". */
function side(incident) {
  if (incident.direction === "above") return "above";
  return incident.limit > 0 || incident.signed ? "below" : "at";
}

/* A limit is said to the second, or as people wrote it. */
function amount(value, unit) {
  if (unit === "s") return duration(Math.round(value));
  return unit === "ratio" ? share(value) : count(value);
}
