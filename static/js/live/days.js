/* Days as a chart's axis names them. In: ISO dates ("2026-11-16") of one axis. Out: texts in the language of the words. DOM-free. */

import { say } from "./words.js";

function parts(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return { month, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7 };
}

/* "Mon 16": days of a week by their names; days that are a week or more apart by their dates: "16 Nov". */
export function dayLabels(dates) {
  const found = dates.map(parts);
  const isWeeks = found.length > 1 && found.every((each) => each.weekday === found[0].weekday);
  return found.map((each) => (isWeeks
    ? say("date.day_month", { day: each.day, month: say("month." + each.month + ".short") })
    : say("weekday." + each.weekday + ".short") + " " + each.day));
}

/* The name of one day: "Sunday". */
export function weekdayOf(date) {
  return say("weekday." + parts(date).weekday);
}
