/* <ql-chart>: a figure of the frame, drawn by Plotly in the inks and at the size of its tile.

   In: frame.charts[data-chart], made by dashboard/live/charts.py, whose trace names (gap, area, wait, over) and line names (warning,
   critical, now) this file gives colours and widths. The library is loaded after the first paint; without it the tile simply has no chart. */

import { loadPlotly } from "./plotly.js";

const CONFIG = { staticPlot: true, displayModeBar: false, responsive: false };
const RETRY_MS = 60000;

class QlChart extends HTMLElement {
  /* `room`: the tile's (wall/tile.js). */
  show(figure, picture, room) {
    this.unit_px = room.u;
    const box = { width: this.clientWidth, height: this.clientHeight };
    if (box.width < 50 || box.height < 50) return;
    const look = [box.width, box.height, picture.frame.board.theme, picture.live, this.parentNode.className].join();
    if (figure === this.figure && look === this.look) return;
    this.figure = figure;
    this.look = look;
    this.current = picture.live && !this.parentNode.classList.contains("is-stale");
    if (this.waiting) return;
    this.waiting = true;
    loadPlotly(room.library).then((Plotly) => {
      this.waiting = false;
      const drawn = dress(this.figure, inksOf(this), { width: this.clientWidth, height: this.clientHeight }, this.current);
      return Plotly.react(this, drawn.data, drawn.layout, CONFIG);
    }).catch((error) => {
      // The numbers do not depend on the chart: it is left out, said in the console, and tried again.
      console.warn("Queuelight: no chart:", error.message);
      this.look = null;
      setTimeout(() => { this.waiting = false; }, RETRY_MS);
    });
  }
}

/* The colours that hold in this tile now: its severity and age change custom properties, which a figure cannot know. */
function inksOf(node) {
  const style = getComputedStyle(node);
  const ink = (name) => style.getPropertyValue(name).trim();
  return {
    line: ink("--chart-line"), area: ink("--chart-area"), warning: ink("--chart-warning"), critical: ink("--chart-critical"),
    note: ink("--text-3"), hatch: ink("--chart-hatch"), dots: ink("--chart-dots"), rem: node.unit_px,
  };
}

/* A copy of the figure with type, widths and inks; the frame's own stays untouched, because patches are made against it. */
export function dress(figure, inks, box, current = true) {
  const rem = inks.rem;
  const data = figure.data.map((trace) => {
    if (trace.name === "gap") return patterned(trace, inks.hatch, .6, .8 * rem, .12);
    if (trace.name === "over") return patterned(trace, inks.dots, 1, .7 * rem, .2);
    if (trace.name === "area") return Object.assign({}, trace, { fillcolor: inks.area });
    return Object.assign({}, trace, { line: { color: inks.line, width: .22 * rem } });
  });
  const margin = { t: .6 * rem, r: 0, b: 2.4 * rem, l: 5.6 * rem };
  const top = figure.layout.yaxis.range[1];
  const height = Math.max(1, box.height - margin.t - margin.b);
  // The right edge of a frozen chart is not now.
  const labels = (figure.layout.annotations || []).filter((label) => current || label.name !== "now");
  const lines = labels.filter((label) => label.name !== "now");
  const shifts = spread(lines, (value) => value / top * height, rem);
  const layout = Object.assign({}, figure.layout, {
    width: box.width, height: box.height, margin, autosize: false,
    font: { family: "Inter, sans-serif", size: 1.5 * rem, color: inks.note },
    xaxis: Object.assign({}, figure.layout.xaxis, { tickfont: { color: inks.note, size: 1.5 * rem }, ticklabelstandoff: .3 * rem, anchor: "y" }),
    shapes: (figure.layout.shapes || []).map((shape) => Object.assign({}, shape, {
      line: { color: inks[shape.name], width: .15 * rem, dash: shape.name === "warning" ? .5 * rem + "px," + .5 * rem + "px" : 1.4 * rem + "px," + .5 * rem + "px" },
    })),
    annotations: labels.map((label) => Object.assign({}, label, label.name === "now" ? {
      font: { color: inks.note, size: 1.5 * rem }, xshift: -.8 * rem, yshift: -.15 * rem, borderpad: 0,
    } : {
      font: { color: inks[label.name], size: 1.5 * rem }, xshift: -.6 * rem, yshift: shifts[label.name], borderpad: 0,
    })),
  });
  return { data, layout };
}

/* How far each label moves up, so that none lies over the hours or over the one below it: pixels by name, lines from the lowest. */
function spread(lines, pixels, rem) {
  const shifts = {};
  let floor = .9 * rem;
  for (const line of lines.slice().sort((a, b) => a.y - b.y)) {
    const at = Math.max(pixels(line.y), floor);
    shifts[line.name] = at - pixels(line.y);
    floor = at + 1.7 * rem;
  }
  return shifts;
}

function patterned(trace, colour, opacity, size, solidity) {
  return Object.assign({}, trace, { fillpattern: Object.assign({}, trace.fillpattern, { fgcolor: colour, fgopacity: opacity, size, solidity }) });
}

customElements.define("ql-chart", QlChart);
