/* <ql-past>: what a rule would have told, or an incident's metric. In: the figure beside it (script#past-figure), made by
   dashboard/incidents/rules_picture.py or picture.py, whose traces (gap, value, warning, critical), lines and band (held) this file gives
   colours and sizes. Without the library the words beside it have to do. */

import { loadPlotly } from "./plotly.js";

const CONFIG = { staticPlot: true, displayModeBar: false, responsive: false };
const TYPE_PX = 12;
const NARROWEST_LABEL_PX = 52;

class QlPast extends HTMLElement {
  connectedCallback() {
    const source = document.getElementById("past-figure");
    if (source === null) return;
    this.figure = JSON.parse(source.textContent);
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this);
    this.theme = new MutationObserver(() => this.draw());
    this.theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  disconnectedCallback() {
    if (this.watch) this.watch.disconnect();
    if (this.theme) this.theme.disconnect();
  }

  draw() {
    const width = this.clientWidth, height = this.clientHeight;
    if (width < 80 || height < 80) return;
    loadPlotly(this.dataset.library).then((Plotly) => {
      const drawn = dress(this.figure, inksOf(this), width, height);
      return Plotly.react(this, drawn.data, drawn.layout, CONFIG);
    }).catch((error) => console.warn("Queuelight: no picture:", error.message));
  }
}

function inksOf(node) {
  const style = getComputedStyle(node);
  const ink = (name) => style.getPropertyValue(name).trim();
  return { value: ink("--ok"), warning: ink("--warning"), critical: ink("--critical"), note: ink("--text-2"), hatch: ink("--text-3"), line: ink("--line"), rim: ink("--tile") };
}

function dress(figure, inks, width, height) {
  const looks = {
    gap: { fillpattern: { shape: "/", fgcolor: inks.hatch, bgcolor: "rgba(0,0,0,0)", size: 6, solidity: .3, fgopacity: .8 } },
    value: { line: { color: inks.value, width: 1.5 } },
    warning: { marker: { color: inks.warning, symbol: "triangle-up", size: 10, line: { color: inks.rim, width: 1.5 } } },
    critical: { marker: { color: inks.critical, symbol: "octagon", size: 10, line: { color: inks.rim, width: 1.5 } } },
  };
  const font = { family: "Inter, sans-serif", size: TYPE_PX, color: inks.note };
  return {
    data: figure.data.map((trace) => Object.assign({ cliponaxis: false }, trace, looks[trace.name])),
    layout: Object.assign({}, figure.layout, {
      width, height, autosize: false, font, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", margin: { t: 10, r: 8, b: 24, l: 48 },
      xaxis: Object.assign({}, thinned(figure.layout.xaxis, width), { tickangle: 0, showgrid: false, zeroline: false, tickfont: font }),
      yaxis: Object.assign({}, figure.layout.yaxis, { showgrid: true, gridcolor: inks.line, zeroline: false, tickfont: font }),
      shapes: (figure.layout.shapes || []).map((shape) => Object.assign({}, shape, shape.name === "held" ? {
        line: { width: 0 }, fillcolor: inks.hatch, opacity: .25,
      } : {
        line: { color: inks[shape.name], width: 1.5, dash: shape.name === "warning" ? "dot" : "dash" },
      })),
    }),
  };
}

/* Every second label where there is no room for all. */
function thinned(axis, width) {
  if (axis.tickvals.length * NARROWEST_LABEL_PX <= width) return axis;
  const kept = (list) => list.filter((_, place) => place % 2 === 0);
  return Object.assign({}, axis, { tickvals: kept(axis.tickvals), ticktext: kept(axis.ticktext) });
}

customElements.define("ql-past", QlPast);
