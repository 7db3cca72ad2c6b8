/* <ql-tile-calls>: the calls of the day, a row for each total. A row whose number is not on the plan, too few or unknown says so in words.

   In:  options label, rows; a picture. Out: the tile. Rows may come from two feeds: the line below speaks for the oldest of them. */

import { attribute, element, flag, icon, text } from "../elements/write.js";
import { isCurrent } from "../live/freshness.js";
import { age, asOf } from "../live/format.js";
import { tile } from "../live/tiles.js";
import { say } from "../live/words.js";
import { labelOf, metricOf } from "../wall/catalogue.js";
import { padding, scaleOf, stepped, within } from "../wall/fit.js";
import { provenanceOf } from "../wall/provenance.js";
import { createRows } from "../wall/rows.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";
import { amount, ICONS } from "../wall/verdict.js";

const STANDARD = { w: 37, h: 22 };

class TileCalls extends Tile {
  build() {
    this.label = element("h2");
    this.label.dir = "auto";
    this.rows = createRows(() => {
      const row = { name: element("bdi", "name"), glyph: element("i", "icon is-hidden"), value: element("b", "num") };
      row.root = element("li", "", row.name, element("span", "what", row.glyph, row.value));
      return row;
    });
    this.none = element("p", "nothing");
    this.sign = element("i", "icon is-hidden");
    this.note = element("span", "limit");
    for (const part of [this.label, this.rows.root, this.rows.more, this.none, element("p", "target num", this.sign, this.note)]) this.appendChild(part);
  }

  draw(picture) {
    const names = this.options.rows || [];
    text(this.label, this.options.label || say("calls.heading"));
    text(this.none, names.length ? "" : say("calls.none"));
    const views = names.map((name) => {
      const entry = metricOf(name);
      return entry === null ? null : Object.assign(tile(picture.frame, name, entry.endpoint, picture.now_ms), { unit: entry.unit });
    });
    const says = this.age(views.filter((view) => view !== null), picture);
    const words = views.map((view) => (view === null ? say("number.gone") : view.state === "value" ? amount(view.value, view.unit) : say("number." + view.state)));
    const shown = this.fit(names, words);
    this.rows.draw(names.length, shown, (row, place) => {
      const view = views[place];
      const state = view === null ? "gone" : view.state;
      text(row.name, labelOf(names[place], true));
      attribute(row.root, "title", provenanceOf(view) || null);
      icon(row.glyph, state === "value" ? (isCurrent(view.freshness) || !picture.live ? null : "not-live") : ICONS[state]);
      text(row.value, words[place]);
      flag(row.root, "none", state !== "value");
      flag(row.root, "zero", state === "value" && view.value === 0);
      flag(row.root, "is-old", state === "value" && !isCurrent(view.freshness));
    });
    icon(this.sign, says === "" ? null : "not-live");
    text(this.note, says);
  }

  /* What is to be said of the age of the oldest row; colours the tile when none of its rows is of now. */
  age(views, picture) {
    const old = views.filter((view) => view.freshness === "stale" || view.freshness === "down");
    flag(this, "is-stale", !picture.live || (views.length > 0 && old.length === views.length));
    const late = views.filter((view) => view.freshness === "late");
    const oldest = (list) => list.reduce((a, b) => ((b.at_ms || 0) < (a.at_ms || 0) ? b : a));
    if (old.length || (!picture.live && views.length)) {
      const view = oldest(old.length ? old : views);
      return view.at_ms === null ? say("number.no_answer") : asOf(view.at_ms, picture.now_ms, picture.zone);
    }
    return late.length ? say("age.old", { age: age(oldest(late).age_s) }) : "";
  }

  fit(names, words) {
    const { box, type } = this;
    const pad = padding(box, this.room.distance_m);
    const scale = scaleOf(box, STANDARD);
    const room = box.w - 2 * pad.side;
    const label = within(this.label.textContent, room, type.label * Math.max(.65, scale));
    const note = stepped(Math.min(type.note, 2) * Math.max(.62, Math.min(1, scale)));
    const high = box.h - pad.top - pad.bottom - label * 1.35 - (this.note.textContent ? note * 1.25 : 0);
    const widest = names.reduce((most, name, place) => Math.max(most, textWidth(labelOf(name, true)) + 1.5 + textWidth(words[place]) * 1.25 + (/\d/.test(words[place]) ? 0 : 1.2)), 1);
    const { shown, size } = this.rows.sizes(names.length, high, Math.min(type.label * 1.1, stepped(room / widest)), this.room.distance_m);
    this.size("pad-top", pad.top);
    this.size("pad-side", pad.side);
    this.size("pad-bottom", pad.bottom);
    this.size("fs-label", label);
    this.size("fs-note", note);
    this.size("fs-row", Math.min(size, Math.max(1.25, stepped(room / widest))));
    return shown;
  }
}

customElements.define("ql-tile-calls", TileCalls);
