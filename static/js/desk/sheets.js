/* What of the supervisor's page can be saved, as sheets: columns and rows of plain values, with the text that people read beside them.
   In: a picture (board.js), and what the page knows (rows, columns, terms). Out: {name, title, columns: [{label, unit, right}], rows}, a cell
   being text or {value, text}. DOM-free. Every sheet says of when its numbers are. */

import { judgeFeed } from "../live/freshness.js";
import { tile } from "../live/tiles.js";
import { budgetOf, feedsOf } from "./beside.js";
import { cellOf, cellText, lasting, STATE_WORDS } from "./columns.js";
import { isoIn } from "./csv.js";
import { goal, NO_NUMBER, reason, withUnit } from "./judgement.js";

const TARGETS = { "is-warning": "Warning", "is-critical": "Critical" };

function moment(ms, zone) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return { value: null, text: "" };
  const value = isoIn(ms, zone);
  return { value, text: value.replace("T", " ") };
}

function at(text) {
  return text === undefined ? null : Date.parse(text);
}

/* `terms`: [{metric, endpoint, unit, label, definition, origin}]; `why`: (view, term) the reason why there is no number. */
export function termsSheet(name, title, terms, picture, why = (view) => reason(view, picture.source)) {
  return {
    name, title,
    columns: [
      { label: "Number" }, { label: "Value", right: true }, { label: "Unit" }, { label: "State" }, { label: "Target" }, { label: "Severity" },
      { label: "As of" }, { label: "Source" }, { label: "Meaning", wide: true },
    ],
    rows: terms.map((term) => {
      const view = tile(picture.frame, term.metric, term.endpoint, picture.now_ms);
      const known = view.state === "value";
      const lack = known ? "" : why(view, term);
      const state = known ? view.freshness : NO_NUMBER[view.state] + (lack ? ": " + lack : "");
      return [
        term.label, known ? { value: view.value, text: withUnit(view.value, term.unit) } : { value: null, text: "" },
        term.unit === "ratio" ? "0 to 1" : term.unit, state, goal(view.threshold, term.unit), TARGETS["is-" + view.severity] || "",
        moment(view.at_ms, picture.zone), term.origin, term.definition,
      ];
    }),
  };
}

export function agentsSheet(rows, columns, professional, until_ms, zone) {
  const heads = [];
  for (const column of columns) {
    heads.push({ label: column.label.split(" / ")[0], unit: column.unit, right: column.right });
    if (column.key === "for") heads.push({ label: "Since" }, { label: "At least" });
    if (column.key === "missed") heads.push({ label: "Offers", right: true });
  }
  const cells = (row) => columns.flatMap((column) => agentCells(row, column, professional, until_ms, zone));
  return { name: "agents", title: "Agents", columns: heads, rows: rows.map(cells) };
}

function agentCells(row, column, professional, until_ms, zone) {
  if (column.key === "name") return [row.name];
  if (column.key === "state") return [STATE_WORDS[row.presence]];
  if (column.key === "for") {
    const seconds = row.since_ms === null || until_ms === null ? null : Math.max(0, Math.floor((until_ms - row.since_ms) / 1000));
    return [{ value: seconds, text: lasting(seconds, row.since_exact) }, moment(row.since_ms, zone), row.since_exact ? "" : "at least"];
  }
  const cell = cellOf(row, column, professional);
  const found = [{ value: cell.state === "value" ? cell.value : null, text: cellText(cell, column.unit) }];
  if (column.key === "missed") {
    const offers = row.did === null ? null : row.did.offers;
    found.push({ value: offers, text: offers === null ? "unknown" : String(offers) });
  }
  return found;
}

export function feedsSheet(picture) {
  const { feeds } = feedsOf(picture);
  return {
    name: "feeds", title: "Feeds",
    columns: [
      { label: "Feed" }, { label: "Every", unit: "s", right: true }, { label: "State" }, { label: "Answered at" },
      { label: "Failures in a row", right: true }, { label: "Last error", wide: true }, { label: "Error at" },
    ],
    rows: Object.keys(feeds).map((id) => {
      const feed = feeds[id];
      const error = feed.error || {};
      return [
        id, { value: feed.interval_s, text: feed.interval_s + " s" }, judgeFeed(feed, picture.now_ms), moment(at(feed.at), picture.zone),
        { value: feed.failures, text: String(feed.failures) }, error.message || "", moment(at(error.at), picture.zone),
      ];
    }),
  };
}

export function budgetSheet(picture) {
  const budget = budgetOf(picture);
  const number = (value) => ({ value, text: String(value) });
  return {
    name: "budget", title: "API budget",
    columns: [
      { label: "Bucket" }, { label: "Used", right: true }, { label: "Our share", right: true }, { label: "Limit", right: true },
      { label: "Within", unit: "s", right: true },
    ],
    rows: Object.keys(budget).map((name) => {
      const use = budget[name];
      return [name, number(use.used), number(use.cap), number(use.limit), number(use.window_s)];
    }),
  };
}

export function qualitySheet(picture) {
  return {
    name: "data-quality", title: "Data quality", columns: [{ label: "Check" }, { label: "State" }, { label: "What was found", wide: true }],
    rows: (picture.frame.quality || []).map((check) => [check.name, check.state, check.text || ""]),
  };
}

export function incidentsSheet(picture) {
  return {
    name: "incidents", title: "Open incidents",
    columns: [
      { label: "Number" }, { label: "Severity" }, { label: "State" }, { label: "What", wide: true }, { label: "Since" }, { label: "Opened" },
      { label: "Taken by" },
    ],
    rows: [...(picture.frame.incidents || []), ...(picture.frame.dark_screens || [])].map((each) => [
      { value: each.id, text: String(each.id) }, each.severity, each.state, each.text,
      moment(at(each.since), picture.zone), moment(at(each.opened_at), picture.zone), each.acknowledged_by || "",
    ]),
  };
}

/* An answer of /api/v1/boards/<slug>/compared: one row a step. */
export function comparedSheet(name, title, answer) {
  const columns = [{ label: "From" }];
  for (const series of answer.series) {
    const what = series.label.replace(/ today$/, "") + (series.figure === "max" ? ", highest" : ", in the step");
    columns.push({ label: what, unit: series.unit, right: true });
    columns.push({ label: what + ", " + answer.days_before + " days before", unit: series.unit, right: true });
  }
  columns.push({ label: "Note" });
  const cell = (value, unit) => (value === null ? { value: null, text: "no data" } : { value, text: withUnit(value, unit) });
  const running = answer.running;
  return {
    name, title, columns,
    rows: answer.steps.map((step, index) => {
      const corrected = answer.series.some((series) => series.corrected.includes(index));
      const notes = [corrected ? "corrected by the source" : "", index === running ? "still running" : ""].filter(Boolean).join("; ");
      const values = answer.series.flatMap((series) => [
        index > running ? { value: null, text: "" } : cell(series.values[index], series.unit), cell(series.then[index], series.unit),
      ]);
      return [step, ...values, notes];
    }),
  };
}
