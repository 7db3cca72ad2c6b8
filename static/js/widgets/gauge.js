/* <ql-tile-gauge>: a number on a half ring, with its limits on the scale: by place, by pattern (dots, stripes) and by their values.

   In:  options metric, label, low, high, threshold; a picture. Out: the tile. A value beyond an end of the scale fills it and is written
   in full all the same. */

import { attribute, element, flag, text } from "../elements/write.js";
import { scaleOf, sector, shareOf, tick, zonesOf } from "../live/gauge.js";
import { isCurrent } from "../live/freshness.js";
import { scaleOf as sizeOf, stepped } from "../wall/fit.js";
import { MeasuredTile } from "../wall/measured.js";
import { drawing } from "../wall/svg.js";
import { amount } from "../wall/verdict.js";

const STANDARD = { w: 28, h: 18 };
const BOX = { w: 200, h: 112 };
const RINGS = { zones: [89, 97], value: [62, 85] };
let made = 0;

class TileGauge extends MeasuredTile {
  build() {
    made += 1;
    this.highest = 0;
    const name = "ql-gauge-" + made;
    const p = this.made({
      low: element("span", "end num"), high: element("span", "end num"),
      track: drawing("path", { class: "gauge-track", d: sector(0, 1, ...RINGS.value) }),
      fill: drawing("path", { class: "gauge-fill" }), zones: drawing("g"), ticks: drawing("path", { class: "gauge-ticks" }),
    });
    const dots = drawing("pattern", { id: name + "-dots", width: 6, height: 6, patternUnits: "userSpaceOnUse" },
      drawing("rect", { class: "gauge-warning", width: 6, height: 6 }), drawing("circle", { class: "gauge-ink", cx: 3, cy: 3, r: 1.5 }));
    const stripes = drawing("pattern", { id: name + "-stripes", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      drawing("rect", { class: "gauge-critical", width: 6, height: 6 }), drawing("rect", { class: "gauge-ink", width: 2.4, height: 6 }));
    this.fills = { ok: null, warning: "url(#" + name + "-dots)", critical: "url(#" + name + "-stripes)" };
    p.svg = drawing("svg", { class: "gauge", viewBox: "0 0 " + BOX.w + " " + BOX.h, "aria-hidden": "true" },
      drawing("defs", {}, dots, stripes), p.track, p.fill, p.zones, p.ticks);
    p.dial = element("div", "dial", p.svg, p.value, p.low, p.high);
    for (const part of [p.label, p.dial, p.target, p.source]) this.appendChild(part);
  }

  draw(picture) {
    const seen = this.measure(picture);
    this.tell(seen.view);
    this.drawRing(seen);
    this.fit(seen);
  }

  drawRing({ view, unit, shown: { none } }) {
    const p = this.parts;
    const { threshold } = view;
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

  fit(seen) {
    const { type } = this;
    const scale = sizeOf(this.box, STANDARD);
    const { room, high, wide } = this.fitLines(seen, scale);
    const end = this.far ? 0 : stepped(Math.min(type.note * .8 * Math.max(.7, scale), 1.75));
    // The ends of the scale stand under the ring, so the ring has what they leave.
    const width = Math.min(room, (high - end * 1.2) / BOX.h * BOX.w);
    const inner = RINGS.value[0] * 2 / BOX.w * width * .86;
    const value = Math.min(stepped(inner / wide), stepped(width * .24), type.value * Math.max(1, scale));
    this.size("fs-value", value);
    this.size("fs-end", end);
    this.size("dial-w", width);
    this.size("dial-h", width / BOX.w * BOX.h);
  }
}

customElements.define("ql-tile-gauge", TileGauge);
