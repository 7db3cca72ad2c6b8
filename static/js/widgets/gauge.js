/* <ql-tile-gauge>: a number on a half ring, with its limits on the scale: by place, by pattern (dots, stripes) and by their values.

   In:  options metric, label, low, high, threshold; a picture. Out: the tile. A value beyond an end of the scale fills it and is written
   in full all the same. */

import { attribute, element, flag, icon, text } from "../elements/write.js";
import { scaleOf, sector, shareOf, tick, zonesOf } from "../live/gauge.js";
import { isCurrent } from "../live/freshness.js";
import { tile } from "../live/tiles.js";
import { say } from "../live/words.js";
import { labelOf, metricOf } from "../wall/catalogue.js";
import { padding, scaleOf as sizeOf, stepped, within } from "../wall/fit.js";
import { provenanceOf, sourceLine } from "../wall/provenance.js";
import { drawing } from "../wall/svg.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";
import { amount, figureOf, ICONS, verdictOf } from "../wall/verdict.js";

const STANDARD = { w: 28, h: 18 };
const BOX = { w: 200, h: 112 };
const ROOMY_U = 12;                      // lower tiles have no room for where the number comes from
const RINGS = { zones: [89, 97], value: [62, 85] };
let made = 0;

class TileGauge extends Tile {
  build() {
    made += 1;
    this.highest = 0;
    const name = "ql-gauge-" + made;
    const p = this.parts = {
      label: element("h2"), source: element("p", "provenance num"), glyph: element("i", "icon is-hidden"), figure: element("span", "figure"), unit: element("small", "unit"),
      icon: element("i", "icon is-hidden"), word: element("b"), limit: element("span", "limit"), low: element("span", "end num"),
      high: element("span", "end num"), track: drawing("path", { class: "gauge-track", d: sector(0, 1, ...RINGS.value) }),
      fill: drawing("path", { class: "gauge-fill" }), zones: drawing("g"), ticks: drawing("path", { class: "gauge-ticks" }),
    };
    const dots = drawing("pattern", { id: name + "-dots", width: 6, height: 6, patternUnits: "userSpaceOnUse" },
      drawing("rect", { class: "gauge-warning", width: 6, height: 6 }), drawing("circle", { class: "gauge-ink", cx: 3, cy: 3, r: 1.5 }));
    const stripes = drawing("pattern", { id: name + "-stripes", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      drawing("rect", { class: "gauge-critical", width: 6, height: 6 }), drawing("rect", { class: "gauge-ink", width: 2.4, height: 6 }));
    this.fills = { ok: null, warning: "url(#" + name + "-dots)", critical: "url(#" + name + "-stripes)" };
    p.svg = drawing("svg", { class: "gauge", viewBox: "0 0 " + BOX.w + " " + BOX.h, "aria-hidden": "true" },
      drawing("defs", {}, dots, stripes), p.track, p.fill, p.zones, p.ticks);
    p.value = element("p", "value", p.glyph, p.figure, p.unit);
    p.target = element("p", "target num", p.icon, p.word, p.limit);
    p.dial = element("div", "dial", p.svg, p.value, p.low, p.high);
    p.label.dir = "auto";
    for (const part of [p.label, p.dial, p.target, p.source]) this.appendChild(part);
    this.dataset.metric = this.options.metric;
  }

  draw(picture) {
    const { metric } = this.options;
    const entry = metricOf(metric);
    const unit = entry === null ? "count" : entry.unit;
    const view = entry === null ? null : tile(picture.frame, metric, entry.endpoint, picture.now_ms, this.part(picture));
    const shown = view === null ? { text: say("number.gone"), unit: "", none: true } : figureOf(view, unit, picture.frame.board.bands);
    const verdict = view === null ? { icon: null, word: "", limit: say("number.gone_why") } : verdictOf(view, unit, picture);
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
    attribute(this, "title", provenanceOf(view) || null);
    if (view !== null) this.colour(view, picture);
    flag(this, "is-late", view !== null && view.freshness === "late");
    this.drawRing(view, unit, shown.none);
    this.fit(shown, verdict, view);
  }

  drawRing(view, unit, none) {
    const p = this.parts;
    const threshold = view === null ? null : view.threshold;
    if (!none && view.value > this.highest) this.highest = view.value;
    const scale = scaleOf({ low: this.options.low, high: this.options.high, unit, threshold, highest: this.highest });
    const look = JSON.stringify([threshold, scale]);
    if (look !== this.look) {
      this.look = look;
      while (p.zones.firstChild) p.zones.removeChild(p.zones.firstChild);
      const zones = zonesOf(threshold, scale);
      for (const zone of zones) {
        const arc = drawing("path", { class: "gauge-zone is-" + zone.severity + "-zone", d: sector(zone.from, zone.to, ...RINGS.zones) });
        if (this.fills[zone.severity]) arc.setAttribute("fill", this.fills[zone.severity]);
        p.zones.appendChild(arc);
      }
      attribute(p.ticks, "d", zones.slice(1).map((zone) => tick(zone.from, RINGS.value[0] - 4, RINGS.zones[1] + 2)).join(""));
      text(p.low, amount(scale.low, unit));
      text(p.high, amount(scale.high, unit));
    }
    attribute(p.fill, "d", none ? "" : sector(0, Math.max(.008, shareOf(view.value, scale)), ...RINGS.value));
    flag(p.fill, "is-old", !none && !isCurrent(view.freshness));
  }

  fit(shown, verdict, view) {
    const { box, type, parts: p } = this;
    const pad = padding(box, this.room.distance_m);
    const scale = sizeOf(box, STANDARD);
    const room = box.w - pad.start - pad.side;
    const label = within(p.label.textContent, room, type.label * Math.max(.6, scale));
    const words = textWidth((verdict.word ? verdict.word + "  " : "") + verdict.limit) + 2;
    const note = Math.min(stepped(type.note * Math.max(.62, Math.min(1.2, scale))), stepped(room / words));
    const end = this.far ? 0 : stepped(Math.min(type.note * .8 * Math.max(.7, scale), 1.75));
    const origin = this.near && box.h >= ROOMY_U ? sourceLine(view, room) : { text: "", size: 0 };
    const source = stepped(origin.size);
    text(p.source, origin.text);
    const high = box.h - pad.top - pad.bottom - label * 1.15 - note * 1.25 - (origin.text ? source * 1.4 : 0);
    // The ends of the scale stand under the ring, so the ring has what they leave.
    const width = Math.min(room, (high - end * 1.2) / BOX.h * BOX.w);
    const inner = RINGS.value[0] * 2 / BOX.w * width * .86;
    const wide = textWidth(shown.none ? p.figure.textContent : p.figure.textContent.length > 3 ? p.figure.textContent : "000") + (shown.unit ? .75 : 0) + (shown.none ? 2 : 0);
    const value = Math.min(stepped(inner / wide), stepped(width * .24), type.value * Math.max(1, scale));
    this.size("pad-top", pad.top);
    this.size("pad-side", pad.side);
    this.size("pad-bottom", pad.bottom);
    this.size("pad-start", pad.start);
    this.size("fs-label", label);
    this.size("fs-note", note);
    this.size("fs-source", source);
    this.size("fs-value", value);
    this.size("fs-end", end);
    this.size("dial-w", width);
    this.size("dial-h", width / BOX.w * BOX.h);
  }
}

customElements.define("ql-tile-gauge", TileGauge);
