/* <ql-desk-chart>: the wall's figure at a desk's size. In: frame.charts[data-chart]; the library is loaded after the first paint. */

import { dress } from "./chart.js";
import { loadPlotly } from "./plotly.js";

const CONFIG = { staticPlot: true, displayModeBar: false, responsive: false };
// chart.js sets type at 1.5 of its unit: 12 px here.
const UNIT_PX = 8;
const RETRY_MS = 60000;
const SMALLEST_PX = 80;

class QlDeskChart extends HTMLElement {
  draw(picture) {
    const figure = (picture.frame.charts || {})[this.dataset.chart];
    const box = { width: this.clientWidth, height: this.clientHeight };
    if (!figure || box.width < SMALLEST_PX || box.height < SMALLEST_PX) return;
    const look = [box.width, box.height, document.documentElement.dataset.theme, picture.live].join();
    if (figure === this.figure && look === this.look) return;
    this.figure = figure;
    this.look = look;
    this.current = picture.live;         // a chart that stands still does not end at "now"
    if (this.waiting) return;
    this.waiting = true;
    loadPlotly(this.dataset.library).then((Plotly) => {
      this.waiting = false;
      const drawn = dress(this.figure, this.inks(), { width: this.clientWidth, height: this.clientHeight }, this.current);
      return Plotly.react(this, drawn.data, drawn.layout, CONFIG);
    }).catch((error) => {
      // The page does not depend on the chart: it is left out, said in the console, and tried again.
      console.warn("Queuelight: no chart:", error.message);
      this.look = null;
      setTimeout(() => { this.waiting = false; }, RETRY_MS);
    });
  }

  inks() {
    const style = getComputedStyle(this);
    // A probe resolves color-mix() and var() to a colour that the library can read.
    const probe = document.createElement("i");
    this.append(probe);
    const ink = (name) => {
      probe.style.color = "var(" + name + ")";
      return readable(getComputedStyle(probe).color);
    };
    const found = {
      line: ink("--chart-line"), area: ink("--chart-area"), warning: ink("--chart-warning"), critical: ink("--chart-critical"),
      note: ink("--text-3"), hatch: ink("--chart-hatch"), dots: ink("--chart-dots"), rem: UNIT_PX * parseFloat(style.fontSize) / 14,
    };
    probe.remove();
    return found;
  }
}

/* "color(srgb 0.43 0.75 0.97 / 0.18)", as color-mix() computes, in the older form. */
function readable(colour) {
  const match = /^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)$/.exec(colour);
  if (match === null) return colour;
  const [red, green, blue] = match.slice(1, 4).map((part) => Math.round(Number(part) * 255));
  return "rgba(" + [red, green, blue, match[4] === undefined ? 1 : Number(match[4])].join() + ")";
}

customElements.define("ql-desk-chart", QlDeskChart);
