/* <ql-tile-sparkline>: a number and its last hours as a bare line, with its limit across it. A gap is a gap.

   In:  options metric, label, span_s, threshold; a picture with the points of frame.charts. Out: the tile. */

import { attribute, element, flag, text } from "../elements/write.js";
import { strokes } from "../live/strokes.js";
import { say } from "../live/words.js";
import { scaleOf, stepped } from "../wall/fit.js";
import { MeasuredTile } from "../wall/measured.js";
import { drawing } from "../wall/svg.js";
import { textWidth } from "../wall/text_width.js";

const STANDARD = { w: 28, h: 14 };
const HEADROOM = 1.1;
const LEAST_TOP = { s: 60, count: 4, ratio: .05 };

class TileSparkline extends MeasuredTile {
  build() {
    const p = this.made({
      span: element("span", "note"), svg: drawing("svg", { class: "spark", preserveAspectRatio: "none", "aria-hidden": "true" }),
      area: drawing("path", { class: "spark-area" }), line: drawing("path", { class: "spark-line" }), then: drawing("path", { class: "spark-then" }),
      mark: drawing("path", { class: "spark-limit" }), dot: element("i", "spark-dot"),
    });
    for (const part of [p.area, p.then, p.mark, p.line]) p.svg.appendChild(part);
    p.target.appendChild(p.span);
    const middle = element("div", "middle", p.value, element("div", "spark-box", p.svg, p.dot));
    for (const part of [p.label, middle, p.target, p.source]) this.appendChild(part);
  }

  draw(picture) {
    const seen = this.measure(picture);
    const points = (picture.frame.charts || {})[seen.part.points];
    const compared = Boolean(points && points.then && points.then.some((value) => value !== null));
    const span = say("sparkline.hours", { n: Math.round(this.options.span_s / 3600) });
    const then = say("sparkline.compared");
    this.notes = seen.verdict.tells || this.far ? [""] : compared ? [span + " · " + then, then, span] : [span];
    this.tell(seen.view);
    this.drawLine(points, seen);
    this.fit(seen);
  }

  drawLine(points, { unit, view, entry }) {
    const p = this.parts;
    flag(p.svg, "is-hidden", !points);
    const limit = view.threshold ? view.threshold.warning_enter : null;
    if (points !== this.points || limit !== this.limitDrawn) {
      this.points = points;
      this.limitDrawn = limit;
      const values = points ? points.values : [];
      const then = (points && points.then) || [];
      const highest = values.concat(then).reduce((most, value) => (value !== null && value > most ? value : most), 0);
      const top = Math.max(highest * HEADROOM, limit !== null && highest > limit * .5 ? limit * HEADROOM : 0, LEAST_TOP[unit]);
      const low = values.concat(then).reduce((least, value) => (value !== null && value < least ? value : least), 0) * HEADROOM;
      const isDaily = entry !== null && entry.daily !== undefined;
      const path = strokes(values, top, isDaily, low);
      attribute(p.svg, "viewBox", "0 0 " + Math.max(1, values.length - 1) + " 100");
      attribute(p.line, "d", path.line);
      attribute(p.then, "d", strokes(then, top, isDaily, low).line);
      attribute(p.area, "d", path.area);
      attribute(p.mark, "d", limit !== null && limit < top ? "M0 " + (100 - (limit - low) / (top - low) * 100).toFixed(1) + "H" + values.length : "");
      flag(p.dot, "is-hidden", path.last === null);
      if (path.last !== null) p.dot.style.top = (path.last.y * 100).toFixed(1) + "%";
    }
    if (!points) flag(p.dot, "is-hidden", true);
  }

  fit(seen) {
    const { type } = this;
    const { none } = seen.shown;
    const scale = scaleOf(this.box, STANDARD);
    const { room, high, words, wide, note } = this.fitLines(seen, scale);
    text(this.parts.span, this.notes.find((each) => (words + textWidth(each)) * note <= room) || "");
    const share = none ? .7 : this.far ? .6 : .48;
    const value = Math.min(stepped(high * (none ? .4 : .72)), stepped(room * share / wide), type.value * Math.max(.8, scale));
    this.size("fs-value", value);
    this.size("spark-h", high * .72);
  }
}

customElements.define("ql-tile-sparkline", TileSparkline);
