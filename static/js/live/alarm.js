/* Which open incident a board shows, and whether it rings. DOM-free.

   In: the frame's incidents (worst and oldest first), the time. Out: plain values. An incident rings while it is critical and nobody has
   taken it: acknowledged, snoozed and recovering ones are silent. */

import { duration } from "./format.js";
import { say } from "./words.js";

export function worst(incidents) {
  return incidents && incidents.length ? incidents[0] : null;
}

export function rings(incidents, now_ms) {
  return (incidents || []).some((each) => each.severity === "critical" && each.state === "open" && !snoozed(each, now_ms));
}

export function snoozed(incident, now_ms) {
  return incident.snoozed_until !== undefined && Date.parse(incident.snoozed_until) > now_ms;
}

/* How long it has held, as the wall writes times. */
export function lasted(incident, now_ms) {
  return duration(Math.max(0, (now_ms - Date.parse(incident.since)) / 1000));
}

/* Who has taken it, in two or three words. */
export function taken(incident, now_ms) {
  if (incident.state === "recovering") return say("incident.recovering");
  if (incident.state === "acknowledged") {
    return incident.acknowledged_by ? say("incident.taken_by", { who: incident.acknowledged_by }) : say("incident.taken");
  }
  return say(snoozed(incident, now_ms) ? "incident.snoozed" : "incident.not_taken");
}
