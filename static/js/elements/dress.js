/* A figure of the frame in the inks, type and words of its tile. It comes with the chart library, which no first picture waits for. DOM-free.

   In:  a figure of frame.charts, made by dashboard/live/charts.py, whose trace names (gap, area, then, line, over), line names (warning,
   critical, reset, corrected) and label (now) are given colours, widths and words; inks; a box in px. Out: {data, layout} for Plotly. */

import { dayLabels, weekdayOf } from "../live/days.js";
import { heightTexts } from "../live/heights.js";
import { has, say } from "../live/words.js";
import { textWidth } from "../wall/text_width.js";

const AXIS_U = 1.5;
const LABEL_EM = 4.2;                    // the room that the name of an hour or of a day takes

/* A copy of the figure with type, widths, inks and words; the frame's own stays untouched, because patches are made against it.
   `inks.type` is the size of the axes' type in px, 0 for axes without names; without it, 1.5 of the unit. */
export function dress(made, inks, box, current = true) {
  const figure = told(made);
  const rem = inks.rem;
  const bare = inks.type === 0;
  const type = inks.type === undefined ? AXIS_U * rem : inks.type;
  const data = figure.data.map((trace) => {
    if (trace.name === "gap") return patterned(trace, inks.hatch, .6, .8 * rem, .12);
    if (trace.name === "over") return patterned(trace, inks.dots, 1, .7 * rem, .2);
    if (trace.name === "area") return Object.assign({}, trace, { fillcolor: inks.area });
    if (trace.name === "then") return Object.assign({}, trace, { line: { color: inks.then || inks.note, width: .18 * rem, dash: .7 * rem + "px," + .5 * rem + "px" } });
    return Object.assign({}, trace, { line: { color: inks.line, width: .22 * rem } });
  });
  const margin = { t: .6 * rem, r: 0, b: bare ? .2 * rem : type + .9 * rem, l: bare ? 0 : heights(figure.layout) * type + 1.2 * rem };
  const [low, top] = figure.layout.yaxis.range;
  const height = Math.max(1, box.height - margin.t - margin.b);
  // The right edge of a frozen chart is not now.
  const labels = (figure.layout.annotations || []).filter((label) => !bare && (current || label.name !== "now"));
  const lines = labels.filter((label) => label.name !== "now");
  const shifts = spread(lines, (value) => value / (top - low) * height, type);
  const font = { color: inks.note, size: Math.max(1, type) };
  const layout = Object.assign({}, figure.layout, {
    width: box.width, height: box.height, margin, autosize: false,
    font: { family: "Inter, sans-serif", size: Math.max(1, type), color: inks.note },
    xaxis: Object.assign({}, figure.layout.xaxis, bare ? { showticklabels: false } : named(figure.layout, box.width - margin.l, type), {
      tickfont: font, tickangle: 0, ticklabelstandoff: .3 * rem, anchor: "y",
    }),
    yaxis: Object.assign({}, figure.layout.yaxis, figure.layout.yaxis.showticklabels === false ? {} : {
      showticklabels: !bare, tickfont: font, ticklabelstandoff: .4 * rem, showgrid: true, gridcolor: inks.grid, gridwidth: Math.max(1, .06 * rem),
    }),
    shapes: (figure.layout.shapes || []).map((shape) => Object.assign({}, shape, { line: stroke(shape.name, inks) })),
    annotations: labels.map((label) => Object.assign({}, label, label.name === "now" ? {
      text: has("chart.now") ? say("chart.now") : label.text, font, xshift: -.8 * rem, yshift: -.15 * rem, borderpad: 0,
    } : {
      font: { color: inks[label.name], size: type }, xshift: -.6 * rem, yshift: shifts[label.name], borderpad: 0,
    })).concat(legendOf(figure.layout.meta, inks, type, font)),
  });
  return { data, layout };
}

/* The same figure with its heights and limits in the language of the words; as it came where the page has no words. */
function told(figure) {
  const { annotations = [], meta, yaxis } = figure.layout;
  if (!meta || !has("number.percent")) return figure;
  const texts = (values) => heightTexts(values, meta.unit, meta.signed);
  const limits = annotations.filter((label) => label.name !== "now");
  const names = texts(limits.map((label) => label.y));
  const layout = Object.assign({}, figure.layout, {
    annotations: annotations.map((label) => (label.name === "now" ? label : Object.assign({}, label, { text: names[limits.indexOf(label)] }))),
    yaxis: yaxis.tickvals ? Object.assign({}, yaxis, { ticktext: texts(yaxis.tickvals) }) : yaxis,
  });
  return { data: figure.data, layout };
}

/* How wide the names of the heights are, in em. */
function heights(layout) {
  const names = layout.yaxis.showticklabels === false
    ? (layout.annotations || []).filter((label) => label.name !== "now").map((label) => label.text) : layout.yaxis.ticktext || [];
  return names.reduce((most, name) => Math.max(most, textWidth(name)), 1.2);
}

/* What the dashed line is, at the upper end of it, where the tile has no legend of its own. */
function legendOf(meta, inks, type, font) {
  if (!inks.legend || type === 0 || !meta || meta.then === undefined || !has("chart.weekday")) return [];
  const words = say("chart.weekday", { weekday: weekdayOf(meta.then) });
  return [{
    name: "legend", xref: "paper", yref: "paper", x: 0, y: 1, xanchor: "left", yanchor: "top", showarrow: false, text: "\u2013\u2009\u2013 " + words, font,
    xshift: .6 * inks.rem, borderpad: 0,
  }];
}

/* Two limits differ by their dashes as well; a midnight is thin and quiet. */
function stroke(name, inks) {
  const rem = inks.rem;
  if (name === "reset" || name === "corrected") {
    return { color: inks.note, width: .1 * rem, dash: name === "reset" ? .2 * rem + "px," + .4 * rem + "px" : .8 * rem + "px," + .3 * rem + "px" };
  }
  return { color: inks[name], width: .15 * rem, dash: name === "warning" ? .5 * rem + "px," + .5 * rem + "px" : 1.4 * rem + "px," + .5 * rem + "px" };
}

/* The labels of the time axis: days by name, and none that would touch its neighbour or "now". */
function named(layout, width, type) {
  const axis = layout.xaxis;
  if (!axis.tickvals || !axis.tickvals.length) return {};
  const days = layout.meta && layout.meta.days;
  const texts = days && has("weekday.1.short") ? dayLabels(days) : axis.ticktext;
  const room = width / Math.abs(axis.range[0]);
  const kept = { tickvals: [], ticktext: [] };
  let last = -Infinity;
  axis.tickvals.forEach((at, place) => {
    if ((at - last) * room < LABEL_EM * type * (days ? 1.25 : 1) || -at * room < LABEL_EM * type) return;
    kept.tickvals.push(at);
    kept.ticktext.push(texts[place]);
    last = at;
  });
  return kept;
}

/* How far each label moves up, so that none lies over the hours or over the one below it: pixels by name, lines from the lowest. */
function spread(lines, pixels, type) {
  const shifts = {};
  let floor = .6 * type;
  for (const line of lines.slice().sort((a, b) => a.y - b.y)) {
    const at = Math.max(pixels(line.y), floor);
    shifts[line.name] = at - pixels(line.y);
    floor = at + 1.14 * type;
  }
  return shifts;
}

function patterned(trace, colour, opacity, size, solidity) {
  return Object.assign({}, trace, { fillpattern: Object.assign({}, trace.fillpattern, { fgcolor: colour, fgopacity: opacity, size, solidity }) });
}
