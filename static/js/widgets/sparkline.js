/* <ql-tile-sparkline>: a number and its last hours as a bare line, with its limit across it. A gap is a gap.

   In:  options metric, label, span_s, threshold; a picture with the points of frame.charts. Out: the tile. */

import { attribute, element, flag, icon, text } from "../elements/write.js";
import { strokes } from "../live/strokes.js";
import { tile } from "../live/tiles.js";
import { say } from "../live/words.js";
import { labelOf, metricOf } from "../wall/catalogue.js";
import { padding, scaleOf, stepped, within } from "../wall/fit.js";
import { provenanceOf, sourceLine } from "../wall/provenance.js";
import { drawing } from "../wall/svg.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";
import { figureOf, ICONS, verdictOf } from "../wall/verdict.js";

const STANDARD = { w: 28, h: 14 };
const HEADROOM = 1.1;
const ROOMY_U = 12;                      // lower tiles have no room for where the number comes from
const LEAST_TOP = { s: 60, count: 4, ratio: .05 };

class TileSparkline extends Tile {
  build() {
    const p = this.parts = {
      label: element("h2"), source: element("p", "provenance num"), glyph: element("i", "icon is-hidden"), figure: element("span", "figure"), unit: element("small", "unit"),
      icon: element("i", "icon is-hidden"), word: element("b"), limit: element("span", "limit"), span: element("span", "note"),
      svg: drawing("svg", { class: "spark", preserveAspectRatio: "none", "aria-hidden": "true" }), area: drawing("path", { class: "spark-area" }),
      line: drawing("path", { class: "spark-line" }), then: drawing("path", { class: "spark-then" }), mark: drawing("path", { class: "spark-limit" }), dot: element("i", "spark-dot"),
    };
    for (const part of [p.area, p.then, p.mark, p.line]) p.svg.appendChild(part);
    p.value = element("p", "value", p.glyph, p.figure, p.unit);
    p.target = element("p", "target num", p.icon, p.word, p.limit, p.span);
    p.label.dir = "auto";
    this.appendChild(p.label);
    this.appendChild(element("div", "middle", p.value, element("div", "spark-box", p.svg, p.dot)));
    this.appendChild(p.target);
    this.appendChild(p.source);
    this.dataset.metric = this.options.metric;
  }

  draw(picture) {
    const { metric } = this.options;
    const entry = metricOf(metric);
    const unit = entry === null ? "count" : entry.unit;
    const part = this.part(picture);
    const view = entry === null ? null : tile(picture.frame, metric, entry.endpoint, picture.now_ms, part);
    const shown = view === null ? { text: say("number.gone"), unit: "", none: true } : figureOf(view, unit, picture.frame.board.bands);
    const verdict = view === null ? { icon: null, word: "", limit: say("number.gone_why"), tells: true } : verdictOf(view, unit, picture);
    const p = this.parts;
    text(p.label, this.options.label || labelOf(metric, this.far));
    icon(p.glyph, shown.none ? ICONS[view === null ? "gone" : view.state] : null);
    text(p.figure, shown.text);
    text(p.unit, shown.unit);
    flag(p.value, "none", shown.none);
    flag(p.value, "zero", !shown.none && view.value === 0);
    icon(p.icon, verdict.icon);
    text(p.word, verdict.word);
    text(p.limit, verdict.limit);
    const points = (picture.frame.charts || {})[part.points];
    const compared = Boolean(points && points.then && points.then.some((value) => value !== null));
    const span = say("sparkline.hours", { n: Math.round(this.options.span_s / 3600) });
    this.notes = verdict.tells || this.far ? [""] : compared ? [span + " · " + say("sparkline.compared"), say("sparkline.compared"), span] : [span];
    attribute(this, "title", provenanceOf(view) || null);
    if (view !== null) this.colour(view, picture);
    flag(this, "is-late", view !== null && view.freshness === "late");
    this.drawLine(points, unit, view, entry);
    this.fit(shown, verdict, view);
  }

  drawLine(points, unit, view, entry) {
    const p = this.parts;
    flag(p.svg, "is-hidden", !points);
    const limit = view !== null && view.threshold ? view.threshold.warning_enter : null;
    if (points !== this.points || limit !== this.limitDrawn) {
      this.points = points;
      this.limitDrawn = limit;
      const values = points ? points.values : [];
      const then = (points && points.then) || [];
      const highest = values.concat(then).reduce((most, value) => (value !== null && value > most ? value : most), 0);
      const top = Math.max(highest * HEADROOM, limit !== null && highest > limit * .5 ? limit * HEADROOM : 0, LEAST_TOP[unit]);
      const path = strokes(values, top, entry !== null && entry.daily !== undefined);
      attribute(p.svg, "viewBox", "0 0 " + Math.max(1, values.length - 1) + " 100");
      attribute(p.line, "d", path.line);
      attribute(p.then, "d", strokes(then, top, entry !== null && entry.daily !== undefined).line);
      attribute(p.area, "d", path.area);
      attribute(p.mark, "d", limit !== null && limit < top ? "M0 " + (100 - limit / top * 100).toFixed(1) + "H" + values.length : "");
      flag(p.dot, "is-hidden", path.last === null);
      if (path.last !== null) p.dot.style.top = (path.last.y * 100).toFixed(1) + "%";
    }
    if (!points) flag(p.dot, "is-hidden", true);
  }

  fit(shown, verdict, view) {
    const { box, type, parts: p } = this;
    const pad = padding(box, this.room.distance_m);
    const scale = scaleOf(box, STANDARD);
    const room = box.w - pad.start - pad.side;
    const label = within(p.label.textContent, room, type.label * Math.max(.6, scale));
    const words = textWidth((verdict.word ? verdict.word + "  " : "") + verdict.limit) + 2;
    const note = Math.min(stepped(type.note * Math.max(.62, Math.min(1.2, scale))), stepped(room / words));
    text(p.span, this.notes.find((each) => (words + textWidth(each)) * note <= room) || "");
    const origin = this.near && box.h >= ROOMY_U ? sourceLine(view, room) : { text: "", size: 0 };
    const source = stepped(origin.size);
    text(p.source, origin.text);
    const high = box.h - pad.top - pad.bottom - label * 1.15 - note * 1.25 - (origin.text ? source * 1.4 : 0);
    const wide = textWidth(shown.none ? p.figure.textContent : p.figure.textContent.length > 3 ? p.figure.textContent : "000") + (shown.unit ? .75 : 0) + (shown.none ? 2 : 0);
    const share = shown.none ? .7 : this.far ? .6 : .48;
    const value = Math.min(stepped(high * (shown.none ? .4 : .72)), stepped(room * share / wide), type.value * Math.max(.8, scale));
    this.size("pad-top", pad.top);
    this.size("pad-side", pad.side);
    this.size("pad-bottom", pad.bottom);
    this.size("pad-start", pad.start);
    this.size("fs-label", label);
    this.size("fs-note", note);
    this.size("fs-source", source);
    this.size("fs-value", value);
    this.size("spark-h", high * .72);
  }
}

customElements.define("ql-tile-sparkline", TileSparkline);
