/* The supervisor's charts as Plotly figures: a level as a line (longest wait), totals as bars (calls a quarter of an hour), each beside the
   same weekday before. In: an answer of the comparison, inks, the size, limits. Out: {data, layout}, or words. DOM-free.
   What is not known is a hatched gap, never a line across it; what is yet to come is empty. */

import { dayOf, timeOf, timeTicks, valueTicks, weekdayOf } from "./axis.js";
import { duration, quantity } from "../live/format.js";
import { withUnit } from "./judgement.js";

const TYPE_PX = 12;
const NO_COLOUR = "rgba(0,0,0,0)";
const NOWHERE = { fixedrange: true, showgrid: false, zeroline: false };

/* {now, then}: what the two lines are called. */
export function namesOf(answer) {
  const day = weekdayOf(answer.steps[answer.running === undefined ? 0 : answer.running]);
  switch (answer.span) {
    case "today": return { now: "today", then: "last " + day };
    case "7d": return { now: "these 7 days", then: "the 7 days before" };
    case "28d": return { now: "these 28 days", then: "the 28 days before" };
    default: return { now: "now", then: "last " + day };
  }
}

/* "14:15 to 14:30", "Sat 21 Nov 14:00", "21 Nov". */
export function stepName(answer, index) {
  const step = answer.steps[index];
  if (answer.step_s >= 86400) return weekdayOf(step).slice(0, 3) + " " + dayOf(step);
  const next = answer.steps[index + 1];
  const span = timeOf(step) + (answer.step_s >= 900 && next !== undefined ? " to " + timeOf(next) : "");
  return answer.span === "7d" ? weekdayOf(step).slice(0, 3) + " " + dayOf(step) + ", " + span : span;
}

/* "per 15 min", "per hour", "per day". */
export function perStep(answer) {
  return answer.step_s >= 86400 ? "per day" : answer.step_s >= 3600 ? "per hour" : "per " + Math.round(answer.step_s / 60) + " min";
}

/* [first, last] places of each run of steps that are over and of which nothing is known. */
export function gapsOf(answer, values) {
  const runs = [];
  const last = answer.running === undefined ? -1 : answer.running;
  for (let index = 0; index < last; index += 1) {
    if (values[index] !== null) continue;
    const run = runs[runs.length - 1];
    if (run && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs;
}

/* "No data before 11:00." of a chart that is hatched from its beginning for a quarter of its time or more, as after a first start, so that
   nobody takes it for a failure; "" of any other. */
export function lackOf(answer) {
  const running = answer.running === undefined ? answer.steps.length - 1 : answer.running;
  const { values } = answer.series[0];
  const first = values.findIndex((value) => value !== null);
  if (first < 0 || first > running || first < Math.max(1, running / 4)) return "";
  const step = answer.steps[first];
  const day = weekdayOf(step).slice(0, 3) + " " + dayOf(step);
  const begin = answer.step_s >= 86400 ? day : answer.span === "7d" ? day + ", " + timeOf(step) : timeOf(step);
  return first === running ? "No data yet: it begins " + (answer.step_s >= 86400 ? "on " : "at ") + begin + "." : "No data before " + begin + ".";
}

/* `against`: the second total is drawn below the line, so that the eye weighs it against the first. */
export function figureOf(answer, { inks, width, height, limits, against = false }) {
  const [first, second] = answer.series;
  const bars = first.figure === "increase";
  const known = answer.series.flatMap((series) => [...series.values, ...series.then]).filter((value) => value !== null);
  const highest = Math.max(0, ...known, ...(bars || !limits ? [] : [limits.warning * 1.1]));
  const say = (value) => quantity(Math.abs(value), first.unit);
  const y = against ? bothWays(valueTicks(2 * highest, first.unit, say), highest, say) : valueTicks(highest, first.unit, say);
  const margin = { t: 8, r: 10, b: 24, l: first.unit === "s" && highest >= 3600 ? 58 : 46 };
  const x = answer.steps.map((_, place) => place + 0.5);
  const hover = answer.steps.map((_, index) => hoverOf(answer, index));
  const font = { family: "Inter, sans-serif", size: TYPE_PX, color: inks.note };
  const data = [gapTrace(gapsOf(answer, first.values), y.top, inks, against ? -y.top : 0)];
  if (against) {
    data.push(barTrace(x, first, hover, inks, answer.running), stripedTrace(x, { values: below(second.values) }, inks));
    data.push(thenTrace(x, first.then, inks, "hvh"), thenTrace(x, below(second.then), inks, "hvh"));
  } else if (bars) {
    data.push(barTrace(x, first, hover, inks, answer.running), ...(second ? [stripedTrace(x, second, inks)] : []));
    data.push(thenTrace(x, first.then, inks, "hvh"));
  } else data.push(thenTrace(x, first.then, inks, "linear"), lineTrace(x, first.values, hover, inks));
  const lines = bars || !limits ? [] : [["warning", limits.warning], ["critical", limits.critical]].filter(([, value]) => value <= y.top);
  return {
    data,
    layout: {
      width, height, margin, font, autosize: false, showlegend: false, barmode: "overlay", bargap: 0.18,
      paper_bgcolor: NO_COLOUR, plot_bgcolor: NO_COLOUR, hovermode: "x", hoverdistance: 40, dragmode: false,
      hoverlabel: { bgcolor: inks.surface, bordercolor: inks.note, font: Object.assign({}, font, { color: inks.text }), align: "left" },
      xaxis: Object.assign({
        range: [0, answer.steps.length], tickfont: font, tickangle: 0, ticks: "",
      }, timeTicks(answer, width - margin.l - margin.r), NOWHERE),
      yaxis: Object.assign({
        range: [against ? -y.top : 0, y.top], tickvals: y.tickvals, ticktext: y.ticktext, tickfont: font,
      }, NOWHERE, { showgrid: true, gridcolor: inks.line }),
      shapes: against ? [across(0, { color: inks.note, width: 1 })] : lines.map(([name, value]) => (
        across(value, { color: inks[name], width: 1.5, dash: name === "warning" ? "dot" : "dash" })
      )),
    },
  };
}

function across(value, line) {
  return { type: "line", xref: "paper", x0: 0, x1: 1, y0: value, y1: value, line };
}

function below(values) {
  return values.map((value) => (value === null ? null : -value));
}

/* Ticks above and below the line, and as far as the highest value reaches. */
function bothWays({ tickvals }, highest, say) {
  const reached = tickvals.filter((value, place) => place === 1 || (value > 0 && value <= highest * 1.05));
  const ticks = [...reached.map((value) => -value).reverse(), 0, ...reached];
  return { tickvals: ticks, ticktext: ticks.map(say), top: Math.max(highest, reached[reached.length - 1]) * 1.08 };
}

function lineTrace(x, values, hover, inks) {
  return {
    type: "scatter", mode: alone(values) ? "lines+markers" : "lines", name: "now", x, y: values, connectgaps: false,
    line: { color: inks.now, width: 2 }, marker: { color: inks.now, size: 4 }, hoverinfo: "text", hovertext: hover, cliponaxis: false,
  };
}

/* A value between two gaps makes no line: it needs a mark of its own. */
function alone(values) {
  const none = (place) => place < 0 || place >= values.length || values[place] === null;
  return values.some((value, place) => value !== null && none(place - 1) && none(place + 1));
}

function barTrace(x, series, hover, inks, running) {
  return {
    type: "bar", name: "now", x, y: series.values, hoverinfo: "text", hovertext: hover, textposition: "none",
    marker: { color: inks.now, opacity: series.values.map((_, place) => (place === running ? 0.55 : 0.9)), line: { width: 0 } },
  };
}

function stripedTrace(x, series, inks) {
  return {
    type: "bar", name: "part", x, y: series.values, hoverinfo: "skip",
    marker: {
      color: inks.surface, line: { color: inks.text, width: 1 },
      pattern: { shape: "/", fgcolor: inks.text, bgcolor: inks.surface, size: 5, solidity: 0.45 },
    },
  };
}

function thenTrace(x, values, inks, shape) {
  return {
    type: "scatter", mode: "lines", name: "then", x, y: values, connectgaps: false, hoverinfo: "skip",
    line: { color: inks.then, width: 1.5, dash: "4px,3px", shape },
  };
}

function gapTrace(runs, top, inks, bottom) {
  const x = [], y = [];
  for (const [first, last] of runs) {
    x.push(first, first, last + 1, last + 1, first, null);
    y.push(bottom, top, top, bottom, bottom, null);
  }
  return {
    type: "scatter", mode: "lines", name: "gap", x, y, fill: "toself", line: { width: 0 }, hoverinfo: "skip",
    fillpattern: { shape: "/", fgcolor: inks.hatch, bgcolor: NO_COLOUR, size: 7, solidity: 0.18, fgopacity: 0.8 },
  };
}

function hoverOf(answer, index) {
  const names = namesOf(answer);
  const running = answer.running === undefined ? -1 : answer.running;
  const lines = ["<b>" + stepName(answer, index) + (index === running ? ", still running" : "") + "</b>"];
  for (const series of answer.series) {
    const what = answer.series.length > 1 ? series.label.replace(/ today$/, "") + " " : "";
    const value = index > running ? "" : series.values[index] === null ? "no data" : withUnit(series.values[index], series.unit);
    const then = series.then[index] === null ? "no data" : withUnit(series.then[index], series.unit);
    lines.push(what + (value ? names.now + ": " + value + ", " : "") + names.then + ": " + then);
    if (series.corrected.includes(index)) lines.push("corrected by the source");
  }
  return lines.join("<br>");
}

/* The chart in a sentence or two, for whoever does not see it. */
export function spoken(title, answer) {
  const names = namesOf(answer);
  const parts = [];
  const running = answer.running === undefined ? -1 : answer.running;
  for (const series of answer.series) {
    parts.push(highest(series, series.values, names.now, answer, running));
    parts.push(highest(series, series.then, names.then, answer, answer.steps.length));
  }
  const gaps = gapsOf(answer, answer.series[0].values).reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (gaps > 0) parts.push("No data for " + duration(gaps * answer.step_s) + ".");
  return title + " " + perStep(answer) + ". " + parts.join(" ");
}

function highest(series, values, name, answer, last) {
  let best = -1;
  values.forEach((value, index) => { if (value !== null && index <= last && (best < 0 || value > values[best])) best = index; });
  const what = series.label.replace(/ today$/, "") + ", " + name + ": ";
  return best < 0 ? what + "no data." : what + "highest " + withUnit(values[best], series.unit) + " at " + stepName(answer, best) + ".";
}
