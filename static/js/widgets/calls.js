/* <ql-tile-calls>: the calls of the day, a row for each total. A row whose number is not on the plan, too few or unknown says so in words.

   In:  options label, rows; a picture. Out: the tile. Rows may come from two feeds: the line below speaks for the oldest of them. */

import { attribute, element, flag, icon, text } from "../elements/write.js";
import { isCurrent } from "../live/freshness.js";
import { tile } from "../live/tiles.js";
import { say } from "../live/words.js";
import { isSigned, labelOf, metricOf } from "../wall/catalogue.js";
import { stepped } from "../wall/fit.js";
import { ListTile } from "../wall/listed.js";
import { ageOf, provenanceOf } from "../wall/provenance.js";
import { textWidth } from "../wall/text_width.js";
import { amount, ICONS } from "../wall/verdict.js";

const STANDARD = { w: 37, h: 22 };

class TileCalls extends ListTile {
  build() {
    this.made(() => {
      const row = { name: element("bdi", "name"), glyph: element("i", "icon is-hidden"), value: element("b", "num") };
      row.root = element("li", "", row.name, element("span", "what", row.glyph, row.value));
      return row;
    });
  }

  draw(picture) {
    const names = this.options.rows || [];
    const views = names.map((name) => {
      const entry = metricOf(name);
      return entry === null ? null : Object.assign(tile(picture.frame, name, entry.endpoint, picture.now_ms), { unit: entry.unit, signed: isSigned(entry) });
    });
    const known = views.filter((view) => view !== null);
    this.write(this.options.label || say("calls.heading"), names.length ? "" : say("calls.none"), this.age(known, picture));
    const words = views.map((view) => (view === null ? say("number.gone") : view.state === "value" ? amount(view.value, view.unit, false, view.name, view.signed) : say("number." + view.state)));
    const shown = this.fit(names, words);
    this.rows.draw(names.length, shown, (row, place) => {
      const view = views[place];
      const state = view === null ? "gone" : view.state;
      text(row.name, labelOf(names[place], true));
      attribute(row.root, "title", view === null ? null : provenanceOf(view));
      icon(row.glyph, state === "value" ? (isCurrent(view.freshness) || !picture.live ? null : "not-live") : ICONS[state]);
      text(row.value, words[place]);
      flag(row.root, "none", state !== "value");
      flag(row.root, "zero", state === "value" && view.value === 0);
      flag(row.root, "is-old", state === "value" && !isCurrent(view.freshness));
    });
  }

  /* What is to be said of the age of the oldest row; colours the tile when none of its rows is of now. */
  age(views, picture) {
    const old = views.filter((view) => view.freshness === "stale" || view.freshness === "down");
    flag(this, "is-stale", !picture.live || (views.length > 0 && old.length === views.length));
    const late = views.filter((view) => view.freshness === "late");
    const oldest = (list) => list.reduce((a, b) => ((b.at_ms || 0) < (a.at_ms || 0) ? b : a));
    if (old.length || (!picture.live && views.length)) return ageOf({ at_ms: oldest(old.length ? old : views).at_ms, old: true }, picture);
    return late.length ? ageOf(oldest(late), picture) : "";
  }

  fit(names, words) {
    const { room, high } = this.fitHead(STANDARD);
    const widest = names.reduce((most, name, place) => Math.max(most, textWidth(labelOf(name, true)) + 1.5 + textWidth(words[place]) * 1.25 + (/\d/.test(words[place]) ? 0 : 1.2)), 1);
    const { shown, size } = this.rows.sizes(names.length, high, Math.min(this.type.label * 1.1, stepped(room / widest)), this.room.distance_m);
    this.size("fs-row", Math.min(size, Math.max(1.25, stepped(room / widest))));
    return shown;
  }
}

customElements.define("ql-tile-calls", TileCalls);
