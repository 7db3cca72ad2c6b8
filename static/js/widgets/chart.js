/* <ql-tile-chart>: one metric over an hour to 28 days, against the same weekday a week before, with its number of now.

   In:  options metric, label, span_s, compare, threshold; a picture. Out: the tile. The line is a Plotly figure (elements/chart.js); the
   legend says in words which line is which, so that nobody has to know what a dash means. */

import "../elements/chart.js";
import { attribute, element, flag, icon, text } from "../elements/write.js";
import { weekdayOf } from "../live/days.js";
import { tile } from "../live/tiles.js";
import { say } from "../live/words.js";
import { labelOf, metricOf } from "../wall/catalogue.js";
import { padding, scaleOf, stepped, within } from "../wall/fit.js";
import { provenanceOf, sourceLine } from "../wall/provenance.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";
import { figureOf, verdictOf } from "../wall/verdict.js";

const STANDARD = { w: 57, h: 22 };
const DAY_S = 86400;
const ROOMY_U = 16;                      // lower tiles have no room for where the number comes from
const AXIS_U = 1.5;

class TileChart extends Tile {
  build() {
    const p = this.parts = {
      label: element("bdi", "name"), figure: element("b", "figure num"), today: element("span", "says"), then: element("span", "says"),
      fall: element("span", "says"), icon: element("i", "icon is-hidden"), word: element("b"), limit: element("span", "limit num"),
      chart: element("ql-chart", "chart"), waits: element("p", "drawing"), source: element("p", "provenance num"),
    };
    p.label.dir = "auto";
    p.isToday = element("span", "key is-today", element("i"), p.today);
    p.isThen = element("span", "key is-then", element("i"), p.then);
    p.isFall = element("span", "key is-fall", element("i"), p.fall);
    p.target = element("span", "target", p.icon, p.word, p.limit);
    p.legend = element("p", "legend", p.isToday, p.isThen, p.isFall, p.target);
    p.chart.setAttribute("role", "img");
    for (const part of [element("h2", "", p.label, p.figure), p.legend, p.chart, p.waits, p.source]) this.appendChild(part);
    this.dataset.metric = this.options.metric;
  }

  draw(picture) {
    const { metric } = this.options;
    const entry = metricOf(metric);
    const unit = entry === null ? "count" : entry.unit;
    const part = this.part(picture);
    const view = entry === null ? null : tile(picture.frame, metric, entry.endpoint, picture.now_ms, part);
    const p = this.parts;
    text(p.label, this.options.label || labelOf(metric, this.far));
    const shown = view === null ? { text: say("number.gone"), unit: "", none: true } : figureOf(view, unit, picture.frame.board.bands);
    text(p.figure, shown.text + (shown.unit ? " " + shown.unit : ""));
    flag(p.figure, "none", shown.none);
    const verdict = view === null ? { icon: null, word: "", limit: say("number.gone_why") } : verdictOf(view, unit, picture);
    icon(p.icon, verdict.icon);
    text(p.word, verdict.word);
    text(p.limit, verdict.limit);
    if (view !== null) this.colour(view, picture);
    flag(this, "is-late", view !== null && view.freshness === "late");
    attribute(this, "title", provenanceOf(view) || null);
    const figure = (picture.frame.charts || {})[part.chart];
    this.drawLegend(figure, picture);
    this.fit(shown, verdict, view);
    this.drawChart(figure, picture);
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

  fit(shown, verdict, view) {
    const { box, type, parts: p } = this;
    const pad = padding(box, this.room.distance_m);
    this.scale = scaleOf(box, STANDARD);
    const room = box.w - pad.start - pad.side;
    const figure = Math.min(type.word * (shown.none ? .6 : 1.15) * Math.max(.7, this.scale), stepped(room * .5 / textWidth(p.figure.textContent || "0")));
    const label = within(p.label.textContent, room - textWidth(p.figure.textContent) * figure - 1.5, type.label * Math.max(.7, this.scale));
    // What does not fit of the legend goes, the least needed first: the words of the lines, never the verdict.
    const note = Math.min(type.note * Math.max(.62, Math.min(1, this.scale)), stepped(room / (textWidth((verdict.word ? verdict.word + "  " : "") + verdict.limit) + 2)));
    const verdictWide = (textWidth((verdict.word ? verdict.word + "  " : "") + verdict.limit) + 2) * note;
    const keys = [p.isToday, p.isThen, p.isFall];
    let left = room - verdictWide - 1;
    for (const key of [p.isThen, p.isToday, p.isFall]) {
      const wide = key.classList.contains("is-hidden") ? 0 : (textWidth(key.textContent) + 3.6) * note;
      flag(key, "has-no-room", wide > left);
      if (wide <= left) left -= wide;
    }
    flag(p.legend, "is-hidden", keys.every((key) => key.classList.contains("has-no-room") || key.classList.contains("is-hidden")) && verdictWide < 1);
    this.size("pad-top", pad.top);
    this.size("pad-side", pad.side);
    this.size("pad-start", pad.start);
    this.size("fs-label", label);
    this.size("fs-figure", figure);
    this.size("fs-note", note);
    const origin = this.near && box.h >= ROOMY_U ? sourceLine(view, room) : { text: "", size: 0 };
    text(p.source, origin.text);
    this.size("fs-source", stepped(origin.size));
  }
}

function spanName(span_s) {
  if (span_s > DAY_S) return say("chart.days", { n: Math.round(span_s / DAY_S) });
  return say("chart.hours", { n: Math.round(span_s / 3600) });
}

customElements.define("ql-tile-chart", TileChart);
