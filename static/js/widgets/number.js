/* <ql-tile-number>: one number with its target, its trend, a second number beside it, and where it comes from.

   In:  options metric, label, beside, trend; a picture. Out: the tile. A metric that this release does not have any more says so. */

import { element, flag, icon, text, attribute } from "../elements/write.js";
import { contradicted } from "../live/consistency.js";
import { age } from "../live/format.js";
import { tile } from "../live/tiles.js";
import { trendOf } from "../live/trend.js";
import { has, say } from "../live/words.js";
import { labelOf, metricOf } from "../wall/catalogue.js";
import { padding, scaleOf, stepped, within } from "../wall/fit.js";
import { linesOf } from "../wall/lines.js";
import { textWidth } from "../wall/text_width.js";
import { isNow, Tile } from "../wall/tile.js";
import { amount, figureOf, ICONS, verdictOf } from "../wall/verdict.js";

const STANDARD = { w: 23, h: 18 };
const SOURCE = 1.25;                     // u: read from 3 m
// A number that grows from 9 to 10 must not change its size.
const NEVER_NARROWER = { count: "000", ratio: "0.0" };
const ARROWS = { rising: "rising", falling: "falling", steady: "steady" };

class TileNumber extends Tile {
  build() {
    this.memory = {};
    const p = this.parts = {
      label: element("h2"), glyph: element("i", "icon is-hidden"), figure: element("span", "figure"), unit: element("small", "unit"),
      arrow: element("i", "icon"), says: element("span", "says"), icon: element("i", "icon is-hidden"), word: element("b"),
      limit: element("span", "limit"), note: element("span", "note"), source: element("p", "provenance num"),
    };
    p.value = element("p", "value", p.glyph, p.figure, p.unit);
    p.trend = element("p", "trend", p.arrow, p.says);
    p.target = element("p", "target num", p.icon, p.word, p.limit, p.note);
    p.label.dir = "auto";
    this.appendChild(p.label);
    this.appendChild(element("div", "middle", p.value, p.trend));
    this.appendChild(p.target);
    this.appendChild(p.source);
    this.dataset.metric = this.options.metric;
  }

  draw(picture) {
    const { metric } = this.options;
    const entry = metricOf(metric);
    const unit = entry === null ? "count" : entry.unit;
    const bands = picture.frame.board.bands;
    const view = entry === null ? gone(metric) : tile(picture.frame, metric, entry.endpoint, picture.now_ms, this.part(picture));
    const shown = figureOf(view, unit, bands);
    const p = this.parts;
    text(p.label, this.options.label || labelOf(metric, this.far));
    icon(p.glyph, shown.none ? ICONS[view.state] : null);
    text(p.figure, shown.text);
    text(p.unit, shown.unit);
    flag(p.value, "none", shown.none);
    flag(p.value, "zero", !shown.none && view.value === 0);
    const verdict = verdictOf(view, unit, picture);
    icon(p.icon, verdict.icon);
    text(p.word, verdict.word);
    text(p.limit, verdict.limit);
    const trend = isNow(view, picture) && !contradicted(picture, metric) ? this.trend(view, unit, picture) : null;
    this.drawTrend(trend);
    text(p.note, verdict.tells || this.far ? "" : this.beside(picture, bands));
    const origin = originOf(view, entry);
    attribute(this, "title", origin[0] + (trend ? "\n" + trendSays(trend, unit, bands, metric) : ""));
    this.colour(view, picture);
    flag(this, "is-late", view.freshness === "late");
    this.fit(shown, trend, verdict, origin);
  }

  trend(view, unit, picture) {
    const { trend } = this.part(picture);
    const entry = metricOf(this.options.metric);
    if (!this.options.trend || trend === undefined) return null;
    return trendOf((picture.frame.charts || {})[trend], view.value, unit, entry.daily !== undefined, picture.now_ms);
  }

  drawTrend(trend) {
    const p = this.parts;
    attribute(p.trend, "hidden", trend === null ? "" : null);
    if (trend === null) return;
    icon(p.arrow, ARROWS[trend.direction]);
    text(p.says, say("trend." + trend.direction));
  }

  /* The second number in words of its own ("most today 9"), or by its name. */
  beside(picture, bands) {
    const name = this.options.beside;
    const entry = name ? metricOf(name) : null;
    if (entry === null) return "";
    const view = tile(picture.frame, name, entry.endpoint, picture.now_ms);
    if (!isNow(view, picture)) return "";
    const value = amount(view.value, entry.unit, bands, name);
    return has("beside." + name) ? say("beside." + name, { value }) : say("beside.any", { name: labelOf(name, true), value });
  }

  fit(shown, trend, verdict, origin) {
    const { box, type, parts: p } = this;
    const pad = padding(box, this.room.distance_m);
    const scale = scaleOf(box, STANDARD);
    const room = box.w - pad.start - pad.side;
    const label = within(p.label.textContent, room, type.label * scale);
    const note = stepped(type.note * Math.min(1.25, scale));
    const width = textWidth((verdict.word ? verdict.word + "  " : "") + verdict.limit) * 1.04 + (verdict.icon ? 1.5 : 0);
    const target = Math.min(note, stepped(room / width));
    const most = box.h > 15 ? 2 : 1;
    const told = !this.near ? "" : origin.find((each) => linesOf([each], room / SOURCE) <= most) || "";
    text(p.source, told);
    const source = this.near ? SOURCE * most : 0;
    const high = box.h - pad.top - pad.bottom - label * 1.15 - target * 1.25 - source * 1.4;
    const usual = shown.unit ? NEVER_NARROWER.ratio : NEVER_NARROWER.count;
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
    this.size("pad-top", pad.top);
    this.size("pad-side", pad.side);
    this.size("pad-bottom", pad.bottom);
    this.size("pad-start", pad.start);
    this.size("fs-label", label);
    this.size("fs-note", target);
    this.size("fs-source", SOURCE);
    this.size("source-h", source * 1.4);
    this.size("fs-value", shown.none ? none : value);
  }
}

function gone(metric) {
  return {
    name: metric, state: "gone", value: null, freshness: "live", at_ms: null, threshold: null, severity: "ok", severity_since_ms: null, have: null,
    needs: null, age_s: null,
  };
}

function trendSays(trend, unit, bands, name) {
  const before = amount(trend.before, unit, bands, name);
  return say(trend.weekday ? "trend.from_weekday" : "trend.from_quarter", { before });
}

/* Where a number comes from, in words of three lengths: feed, formula, age; feed and age; age. */
function originOf(view, entry) {
  if (entry === null) return [""];
  const old = (view.age_s === null ? say("number.no_answer") : age(view.age_s)).split(" ").join("\u00a0");
  return [say("provenance.line", { feed: entry.endpoint, formula: entry.formula || view.name, age: old }), entry.endpoint + " · " + old, old];
}

customElements.define("ql-tile-number", TileNumber);
