/* <ql-chart>: a figure of the frame, drawn by Plotly in the inks and at the size of its tile.

   In: a figure of frame.charts; a picture; the tile's room, which has the addresses of the library and of dress.js. Both are loaded after
   the first paint; without them the tile has no chart. */

import { language } from "../live/words.js";
import { bringLater } from "../tv/later.js";
import { loadPlotly } from "./plotly.js";

const CONFIG = { staticPlot: true, displayModeBar: false, responsive: false };
const RETRY_MS = 60000;
const AFTER_PAINT_MS = 100;              // the numbers are seen first
const AXIS_U = 1.5;
let dress = null;
let dressing = null;

class QlChart extends HTMLElement {
  /* `room`: the tile's (wall/tile.js). */
  show(figure, picture, room) {
    this.unit_px = room.u;
    this.legend = room.legend !== false;
    this.axis_u = room.axis_u === undefined ? AXIS_U : room.axis_u;
    const box = { width: this.clientWidth, height: this.clientHeight };
    if (box.width < 50 || box.height < 50) return;
    const look = [this.axis_u, language(), box.width, box.height, picture.frame.board.theme, picture.live, this.parentNode.className].join();
    if (figure === this.figure && look === this.look) return;
    this.figure = figure;
    this.look = look;
    this.current = picture.live && !this.parentNode.classList.contains("is-stale");
    if (this.waiting) return;
    // Where the library is there it is drawn at once: a moment later the words may be those of another view.
    if (window.Plotly && dress !== null) {
      this.paint(window.Plotly).catch((error) => this.fail(error));
      return;
    }
    this.waiting = true;
    setTimeout(() => this.bring(room.files), AFTER_PAINT_MS);
  }

  bring({ plotly, dress: dresser }) {
    Promise.all([loadPlotly(plotly.script), loadDress(dresser.script)]).then(([Plotly]) => {
      this.waiting = false;
      return this.paint(Plotly);
    }).catch((error) => this.fail(error));
  }

  paint(Plotly) {
    const drawn = dress(this.figure, inksOf(this), { width: this.clientWidth, height: this.clientHeight }, this.current);
    return Promise.resolve(Plotly.react(this, drawn.data, drawn.layout, CONFIG));
  }

  /* The numbers do not depend on the chart: it is left out, said in the console, and tried again. */
  fail(error) {
    console.warn("Queuelight: no chart:", error.message);
    this.look = null;
    this.waiting = true;
    setTimeout(() => { this.waiting = false; }, RETRY_MS);
  }
}

/* Once for all charts; tried again until it comes. */
function loadDress(address) {
  if (dressing === null) {
    dressing = new Promise((resolve) => bringLater(address, (module) => {
      dress = module.dress;
      resolve();
    }));
  }
  return dressing;
}

/* The colours that hold in this tile now: its severity and age change custom properties, which a figure cannot know. */
function inksOf(node) {
  const style = getComputedStyle(node);
  const ink = (name) => style.getPropertyValue(name).trim();
  return {
    line: ink("--chart-line"), area: ink("--chart-area"), warning: ink("--chart-warning"), critical: ink("--chart-critical"),
    note: ink("--text-3"), hatch: ink("--chart-hatch"), dots: ink("--chart-dots"), then: ink("--chart-then"), grid: ink("--line"),
    rem: node.unit_px, type: node.axis_u * node.unit_px, legend: node.legend,
  };
}

customElements.define("ql-chart", QlChart);
