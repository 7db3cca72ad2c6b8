/* <ql-tile-number>: one number with its target, its trend, a second number beside it, and where it comes from.

   In:  options metric, label, beside, trend; a picture. Out: the tile. A metric that this release does not have any more says so. */

import { attribute, element, flag, icon, text } from "../elements/write.js";
import { contradicted } from "../live/consistency.js";
import { tile } from "../live/tiles.js";
import { trendOf } from "../live/trend.js";
import { has, say } from "../live/words.js";
import { isSigned, labelOf, metricOf } from "../wall/catalogue.js";
import { scaleOf, stepped } from "../wall/fit.js";
import { linesOf } from "../wall/lines.js";
import { MeasuredTile, verdictWide } from "../wall/measured.js";
import { provenances } from "../wall/provenance.js";
import { textWidth } from "../wall/text_width.js";
import { isNow } from "../wall/tile.js";
import { amount } from "../wall/verdict.js";

const STANDARD = { w: 23, h: 18 };
const SMALLER = .8;
const SOURCE = 1.25;                     // u: read from 3 m
// A number that grows from 9 to 10 must not change its size.
const NEVER_NARROWER = { count: "000", ratio: "0.0" };

class TileNumber extends MeasuredTile {
  build() {
    const p = this.made({ arrow: element("i", "icon"), says: element("span", "says"), note: element("span", "note") });
    p.trend = element("p", "trend", p.arrow, p.says);
    p.target.appendChild(p.note);
    for (const part of [p.label, element("div", "middle", p.value, p.trend), p.target, p.source]) this.appendChild(part);
  }

  draw(picture) {
    const { metric } = this.options;
    const seen = this.measure(picture);
    const { view, bands } = seen;
    const trend = isNow(view, picture) && !contradicted(picture, metric) ? this.trend(seen, picture) : null;
    this.drawTrend(trend);
    text(this.parts.note, seen.verdict.tells || this.far ? "" : this.beside(picture, bands));
    this.tell(view, trend ? trendSays(trend, seen, metric) : "");
    this.fit(seen, trend);
  }

  trend({ view, unit, entry, part }, picture) {
    if (!this.options.trend || part.trend === undefined) return null;
    return trendOf((picture.frame.charts || {})[part.trend], view.value, unit, entry.daily !== undefined, picture.now_ms);
  }

  drawTrend(trend) {
    const p = this.parts;
    attribute(p.trend, "hidden", trend === null ? "" : null);
    if (trend === null) return;
    icon(p.arrow, trend.direction);
    text(p.says, say("trend." + trend.direction));
  }

  /* The second number in words of its own ("most today 9"), or by its name. */
  beside(picture, bands) {
    const name = this.options.beside;
    const entry = name ? metricOf(name) : null;
    if (entry === null) return "";
    const view = tile(picture.frame, name, entry.endpoint, picture.now_ms);
    if (!isNow(view, picture)) return "";
    const value = amount(view.value, entry.unit, bands, name, isSigned(entry));
    return has("beside." + name) ? say("beside." + name, { value }) : say("beside.any", { name: labelOf(name, true), value });
  }

  fit({ view, entry, shown, verdict }, trend) {
    const { box, type, parts: p } = this;
    const pad = this.edges();
    const scale = scaleOf(box, STANDARD);
    const room = box.w - pad.start - pad.side;
    const label = this.fitLabel(room, type.label * scale);
    const note = stepped(type.note * Math.min(1.25, scale));
    const width = (verdictWide(verdict) - 2) * 1.04 + (verdict.icon ? 1.5 : 0);
    // Beside a limit a second number that does not fit breaks away, unseen; alone it is set smaller, or left out: cut, it would be another.
    const beside = verdict.icon || verdict.limit ? 0 : textWidth(p.note.textContent) * 1.04;
    const target = Math.min(note, stepped(room / width), beside * note * SMALLER > room ? note : stepped(room / beside));
    attribute(p.note, "hidden", beside * target > room ? "" : null);
    const most = box.h > 15 ? 2 : 1;
    const told = !this.near ? "" : provenances(view, unbroken).find((each) => linesOf([each], room / SOURCE) <= most) || "";
    text(p.source, told);
    const source = this.near ? SOURCE * most : 0;
    const high = box.h - pad.top - pad.bottom - label - target * 1.25 - source * 1.4;
    const usual = shown.unit ? NEVER_NARROWER.ratio : (isSigned(entry) ? "+" : "") + NEVER_NARROWER.count;
    const widest = textWidth(shown.text) > textWidth(usual) ? shown.text : usual;
    const widthOfValue = textWidth(widest) + (shown.unit ? .75 : 0);
    const trendWide = trend === null ? 0 : Math.max(textWidth(p.says.textContent) * note, note) + .8 * note;
    const largest = type.value * Math.max(1, Math.sqrt(box.w * box.h / STANDARD.w / STANDARD.h) * 1.05);
    const arrow = this.options.trend ? 2.1 * note : 0;  // kept whether there is a trend now or not, so that the number stays as it is
    const value = Math.min(stepped(high * (this.far ? .94 : .76)), stepped((room - arrow) / widthOfValue), largest);
    const shownWidth = Math.max(textWidth(shown.text), textWidth("00")) + (shown.unit ? .75 : 0);
    const besides = shownWidth * value + trendWide <= room;
    flag(p.trend, "is-bare", trend !== null && !besides);
    const none = Math.min(stepped(high * .34), type.value * .36 * scale, stepped(room / (textWidth(p.figure.textContent) + 2.2)));
    this.size("fs-note", target);
    this.size("fs-source", SOURCE);
    this.size("source-h", source * 1.4);
    this.size("fs-value", shown.none ? none : value);
  }
}

function trendSays(trend, { unit, bands, entry }, name) {
  const before = amount(trend.before, unit, bands, name, isSigned(entry));
  return say(trend.weekday ? "trend.from_weekday" : "trend.from_quarter", { before });
}

/* An age keeps together where a line of origin breaks. */
function unbroken(age) {
  return age.split(" ").join("\u00a0");
}

customElements.define("ql-tile-number", TileNumber);
