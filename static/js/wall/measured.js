/* What the tiles of one metric have in common: its name, its number or why there is none, the line under it, where it comes from.

   In:  options metric and label; a picture. Out: those parts, written and sized. A kind's own file extends this, makes its markup of `made`,
   and adds what is its own. A metric that this release does not have any more is a view of the state "gone", and says so. */

import { attribute, element, flag, icon, text } from "../elements/write.js";
import { tile } from "../live/tiles.js";
import { isSigned, labelOf, metricOf } from "./catalogue.js";
import { labelled, stepped } from "./fit.js";
import { provenanceOf, sourceLine } from "./provenance.js";
import { textWidth } from "./text_width.js";
import { Tile } from "./tile.js";
import { figureOf, ICONS, verdictOf } from "./verdict.js";

const ROOMY_U = 12;                      // lower tiles have no room for where the number comes from

export class MeasuredTile extends Tile {
  /* The parts of such a tile, and `more`; nothing is on the tile yet. */
  made(more) {
    const p = this.parts = {
      label: element("h2"), glyph: element("i", "icon is-hidden"), figure: element("span", "figure"), unit: element("small", "unit"),
      icon: element("i", "icon is-hidden"), word: element("b"), limit: element("span", "limit"), source: element("p", "provenance num"),
    };
    p.value = element("p", "value", p.glyph, p.figure, p.unit);
    p.target = element("p", "target num", p.icon, p.word, p.limit);
    Object.assign(p, more);
    p.label.dir = "auto";
    this.dataset.metric = this.options.metric;
    return p;
  }

  /* Judges the metric and writes what all such tiles say of it: {view, entry, unit, bands, part, shown, verdict}. */
  measure(picture) {
    const { metric, label } = this.options;
    const entry = metricOf(metric);
    const part = this.part(picture);
    const view = entry === null ? gone(metric) : tile(picture.frame, metric, entry.endpoint, picture.now_ms, part);
    const unit = entry === null ? "count" : entry.unit;
    const { bands } = picture.frame.board;
    const seen = { view, entry, unit, bands, part, shown: figureOf(view, unit, bands, isSigned(entry)), verdict: verdictOf(view, unit, picture) };
    const p = this.parts;
    text(p.label, bound(label || labelOf(metric, this.far)));
    this.writeNumber(seen.shown, view);
    icon(p.icon, seen.verdict.icon);
    text(p.word, seen.verdict.word);
    text(p.limit, seen.verdict.limit);
    this.colour(view, picture);
    flag(this, "is-late", view.freshness === "late");
    return seen;
  }

  writeNumber(shown, view) {
    const p = this.parts;
    icon(p.glyph, shown.none ? ICONS[view.state] : null);
    text(p.figure, shown.text);
    text(p.unit, shown.unit);
    flag(p.value, "none", shown.none);
    flag(p.value, "zero", !shown.none && view.value === 0);
  }

  /* What the pointer is told: where the number comes from, and a line of the kind's own. */
  tell(view, more = "") {
    attribute(this, "title", [provenanceOf(view), more].filter(Boolean).join("\n") || null);
  }

  /* The line of origin, where there is room for one: its height in u. */
  fitSource(view, room, roomy_u = ROOMY_U) {
    const origin = this.near && this.box.h >= roomy_u ? sourceLine(view, room) : { text: "", size: 0 };
    const size = stepped(origin.size);
    text(this.parts.source, origin.text);
    this.size("fs-source", size);
    return origin.text ? size * 1.4 : 0;
  }

  /* Edges, label, verdict and origin of a tile with one drawing beside or around its number. Gives what they leave: {room, high} in u,
     `words`: the verdict's width in em, `wide`: the number's, `note`: the verdict's size. */
  fitLines({ view, shown, verdict }, scale) {
    const { box, type, parts: p } = this;
    const pad = this.edges();
    const room = box.w - pad.start - pad.side;
    const label = this.fitLabel(room, type.label * Math.max(.6, scale));
    const words = verdictWide(verdict);
    const note = Math.min(stepped(type.note * Math.max(.62, Math.min(1.2, scale))), stepped(room / words));
    const high = box.h - pad.top - pad.bottom - label - note * 1.25 - this.fitSource(view, room);
    const figure = p.figure.textContent;
    const wide = textWidth(shown.none || figure.length > 3 ? figure : "000") + (shown.unit ? .75 : 0) + (shown.none ? 2 : 0);
    this.size("fs-note", note);
    return { room, high, words, wide, note };
  }

  /* Sets the metric's name, on two lines where one would be small; gives the height that it takes in u. */
  fitLabel(room, wished) {
    const { label } = this.parts;
    const { size, lines } = labelled(label.textContent, room, wished, this.box.h);
    flag(label, "is-two-lines", lines === 2);
    this.size("fs-label", size);
    return size * 1.15 * lines;
  }
}

/* How wide a verdict is with its icon, in em. */
export function verdictWide(verdict) {
  return textWidth((verdict.word ? verdict.word + "  " : "") + verdict.limit) + 2;
}

/* "…, 7 days": the number stays with its word where a name breaks. */
function bound(name) {
  return name.replace(/(\d) (\S+)$/, "$1\u00a0$2");
}

function gone(name) {
  return {
    name, state: "gone", value: null, freshness: "live", at_ms: null, threshold: null, severity: "ok", severity_since_ms: null, have: null,
    needs: null, needs_s: null, age_s: null,
  };
}
