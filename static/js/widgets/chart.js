/* <ql-tile-chart>: one metric over an hour to 28 days, against the same weekday a week before, with its number of now.

   In:  options metric, label, span_s, compare, threshold; a picture. Out: the tile. The line is a Plotly figure (elements/chart.js); the
   legend says in words which line is which, so that nobody has to know what a dash means. */

import "../elements/chart.js";
import { attribute, element, flag, text } from "../elements/write.js";
import { weekdayOf } from "../live/days.js";
import { say } from "../live/words.js";
import { labelled, scaleOf, stepped } from "../wall/fit.js";
import { MeasuredTile, verdictWide } from "../wall/measured.js";
import { textWidth } from "../wall/text_width.js";

const STANDARD = { w: 57, h: 22 };
const DAY_S = 86400;
const ROOMY_U = 16;                      // lower tiles have no room for where the number comes from
const AXIS_U = 1.5;

class TileChart extends MeasuredTile {
  build() {
    const p = this.made({
      label: element("bdi", "name"), figure: element("b", "figure num"), today: element("span", "says"), then: element("span", "says"),
      fall: element("span", "says"), chart: element("ql-chart", "chart"), waits: element("p", "drawing"),
    });
    p.limit.className = "limit num";
    p.isToday = element("span", "key is-today", element("i"), p.today);
    p.isThen = element("span", "key is-then", element("i"), p.then);
    p.isFall = element("span", "key is-fall", element("i"), p.fall);
    p.target = element("span", "target", p.icon, p.word, p.limit);
    p.legend = element("p", "legend", p.isToday, p.isThen, p.isFall, p.target);
    p.chart.setAttribute("role", "img");
    for (const part of [element("h2", "", p.label, p.figure), p.legend, p.chart, p.waits, p.source]) this.appendChild(part);
  }

  draw(picture) {
    const seen = this.measure(picture);
    this.tell(seen.view);
    const figure = (picture.frame.charts || {})[seen.part.chart];
    this.drawLegend(figure, picture);
    this.fit(seen);
    this.drawChart(figure, picture);
  }

  writeNumber(shown) {
    const { figure } = this.parts;
    text(figure, shown.text + (shown.unit ? " " + shown.unit : ""));
    flag(figure, "none", shown.none);
  }

  drawLegend(figure, picture) {
    const p = this.parts;
    const meta = (figure && figure.layout.meta) || {};
    const names = (figure ? figure.layout.shapes || [] : []).map((shape) => shape.name);
    text(p.today, spanName(this.options.span_s));
    text(p.then, meta.then === undefined ? "" : this.options.span_s > DAY_S ? say("chart.week_before") : say("chart.weekday", { weekday: weekdayOf(meta.then) }));
    const corrected = names.indexOf("corrected") >= 0;
    text(p.fall, corrected ? say("chart.corrected", { source: picture.source.split(" ")[0] }) : names.indexOf("reset") >= 0 ? say("chart.reset") : "");
    flag(p.isThen, "is-hidden", meta.then === undefined);
    flag(p.isFall, "is-hidden", p.fall.textContent === "" || this.options.span_s > DAY_S);
  }

  drawChart(figure, picture) {
    const p = this.parts;
    flag(p.chart, "is-hidden", !figure);
    text(p.waits, figure ? "" : say("chart.drawing"));
    if (!figure) return;
    attribute(p.chart, "aria-label", say("chart.about", { name: p.label.textContent, span: p.today.textContent }));
    p.chart.show(figure, picture, Object.assign({}, this.room, {
      legend: false,
      axis_u: this.far ? 0 : Math.max(1, AXIS_U * Math.min(1.2, this.scale)),   // from 8 m nobody reads an axis: the shape has its room
    }));
  }

  fit({ view, shown, verdict }) {
    const { box, type, parts: p } = this;
    const pad = this.edges();
    this.scale = scaleOf(box, STANDARD);
    const room = box.w - pad.start - pad.side;
    const figure = Math.min(type.word * (shown.none ? .6 : 1.15) * Math.max(.7, this.scale), stepped(room * .5 / textWidth(p.figure.textContent || "0")));
    const beside = room - textWidth(p.figure.textContent) * figure - 1.5;
    const { size: label, lines } = labelled(p.label.textContent, beside, type.label * Math.max(.7, this.scale), box.h);
    flag(p.label, "is-two-lines", lines === 2);
    // What does not fit of the legend goes, the least needed first: the words of the lines, never the verdict.
    const note = Math.min(type.note * Math.max(.62, Math.min(1, this.scale)), stepped(room / verdictWide(verdict)));
    const taken = verdictWide(verdict) * note;
    const keys = [p.isToday, p.isThen, p.isFall];
    let left = room - taken - 1;
    for (const key of [p.isThen, p.isToday, p.isFall]) {
      const wide = key.classList.contains("is-hidden") ? 0 : (textWidth(key.textContent) + 3.6) * note;
      flag(key, "has-no-room", wide > left);
      if (wide <= left) left -= wide;
    }
    flag(p.legend, "is-hidden", keys.every((key) => key.classList.contains("has-no-room") || key.classList.contains("is-hidden")) && taken < 1);
    this.size("fs-label", label);
    this.size("fs-figure", figure);
    this.size("fs-note", note);
    this.fitSource(view, room, ROOMY_U);
  }
}

function spanName(span_s) {
  if (span_s > DAY_S) return say("chart.days", { n: Math.round(span_s / DAY_S) });
  return say("chart.hours", { n: Math.round(span_s / 3600) });
}

customElements.define("ql-tile-chart", TileChart);
