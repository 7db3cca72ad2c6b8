/* The columns of the table of agents, and what stands in a cell: once for the page, for sorting, and for the files that are saved.
   In: rows (live/rows.js), whether the plan sends Professional fields. Out: plain values. DOM-free.

   `field`: of an agent of /api/v1/agents, a count or seconds; `figure`: {state, value | have, needs}. `pro`: the Team plan does not send it.
   Columns without either are drawn from the live frame. `width` is in rem. */

import { age, count, duration } from "../live/format.js";

export const STATE_WORDS = {
  available: "available", on_call: "on call", wrap_up: "wrap-up", away: "away", transfers_only: "transfers only", offline: "offline",
  unknown: "unknown",
};
const DAYS_FROM_S = 360000;              // 100 hours: beyond, nobody reads the seconds

export const COLUMNS = [
  { key: "name", label: "Agent", about: "The agent's name", width: 10.5, always: true },
  { key: "state", label: "State", about: "What the agent is doing: a call wins over the sign-in state", width: 8.25, always: true },
  { key: "for", label: "For",
    about: "Time in this state. ≥: at least so long, for the state was there when watching began",
    unit: "s", width: 5.25, right: true, always: true },
  { key: "calls", label: "Calls", about: "Calls accepted today", field: "calls_accepted", unit: "count", width: 4.25, right: true, usual: true },
  { key: "aht", label: "AHT",
    about: "Mean handle time today: talk, hold and wrap-up of a handled call",
    figure: "average_handle_time", unit: "s", width: 4.25, right: true, usual: true },
  { key: "occupancy", label: "Occupancy",
    about: "Talk, hold and wrap-up over signed-in time; above 85 % for long is burn-out",
    figure: "occupancy_ratio", unit: "ratio", width: 10.75, usual: true },
  { key: "missed", label: "Missed / offers",
    about: "Offers not answered, of all offers today; one call can be offered to several",
    field: "calls_missed", unit: "count", width: 7.25, right: true, usual: true },
  { key: "talk", label: "Talk", about: "Talk time today", field: "total_talk_time", unit: "s", width: 5.25, right: true },
  { key: "wrap", label: "Wrap-up", about: "Wrap-up time today", field: "total_wrap_up_time", unit: "s", width: 5.25, right: true },
  { key: "hold", label: "Hold",
    about: "Time that callers were held today",
    field: "total_hold_time", unit: "s", pro: true, width: 5.25, right: true },
  { key: "held", label: "Held",
    about: "Calls put on hold today",
    field: "calls_put_on_hold", unit: "count", pro: true, width: 4.25, right: true },
  { key: "taken", label: "Transfers in",
    about: "Transfers accepted today",
    field: "accepted_transfers", unit: "count", pro: true, width: 6.25, right: true },
  { key: "made", label: "Transfers out",
    about: "Transfers started today",
    field: "started_transfers", unit: "count", pro: true, width: 6.75, right: true },
  { key: "denied", label: "Declined", about: "Offers declined today", field: "calls_denied", unit: "count", width: 5, right: true },
  { key: "online", label: "Signed in", about: "Signed-in time today", field: "online_time", unit: "s", width: 5.5, right: true },
  { key: "free", label: "Free", about: "Time available for calls today", field: "available_time", unit: "s", width: 5.25, right: true },
  { key: "break", label: "Time away", about: "Time away today", field: "away_time", unit: "s", width: 5.75, right: true },
];

/* The columns that somebody sees: those chosen, in the usual order; without performance only the live ones. */
export function shownColumns(chosen, performing) {
  return COLUMNS.filter((column) => column.always || (performing && chosen.includes(column.key)));
}

/* {state: value | too_few | unknown | not_on_plan, value, have, needs} of one cell; a live column has none. */
export function cellOf(row, column, professional) {
  const did = row.did;
  if (column.pro && did !== null && !professional) return { state: "not_on_plan", value: null };
  if (column.figure) return (did && did[column.figure]) || { state: "unknown", value: null };
  const value = did === null || did[column.field] === undefined ? null : did[column.field];
  return value === null ? { state: "unknown", value: null } : { state: "value", value };
}

/* A cell's value as people read it. */
export function cellText(cell, unit) {
  if (cell.state === "too_few") return "too few";
  if (cell.state !== "value") return cell.state === "not_on_plan" ? "not on plan" : "unknown";
  return unit === "s" ? duration(cell.value) : unit === "ratio" ? Math.round(cell.value * 100) + " %" : count(cell.value);
}

/* "4:12", "≥ 26:00", "5 d": for how long, in seconds; null: nobody knows. */
export function lasting(seconds, exact) {
  if (seconds === null) return "";
  return (exact ? "" : "≥ ") + (seconds < DAYS_FROM_S ? duration(seconds) : age(seconds));
}
