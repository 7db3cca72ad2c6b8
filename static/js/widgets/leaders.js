/* <ql-tile-leaders>: who has done most today, or that nobody is ranked here. Nobody with nothing is listed.

   In:  options is_on, label, by, most; a picture with the server's list (frame.widgets: `leaders` and `unit`, or `off`). Out: the tile. */

import { attribute, element, flag, icon, text } from "../elements/write.js";
import { judgeFeed } from "../live/freshness.js";
import { age, asOf, quantity } from "../live/format.js";
import { feedOf } from "../live/tiles.js";
import { say } from "../live/words.js";
import { padding, scaleOf, stepped, within } from "../wall/fit.js";
import { feedProvenance } from "../wall/provenance.js";
import { createRows } from "../wall/rows.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";

const ENDPOINT = "agents_activity";
const STANDARD = { w: 28, h: 22 };
const NAME_EM = 9;                       // so much of a name at least is seen before it is cut

class TileLeaders extends Tile {
  build() {
    this.label = element("h2");
    this.label.dir = "auto";
    this.rows = createRows(() => {
      const row = { place: element("span", "place num"), name: element("bdi", "name"), value: element("b", "num") };
      row.root = element("li", "", row.place, row.name, element("span", "what", row.value));
      return row;
    });
    this.none = element("p", "nothing");
    this.sign = element("i", "icon is-hidden");
    this.note = element("span", "limit");
    for (const part of [this.label, this.rows.root, this.rows.more, this.none, element("p", "target num", this.sign, this.note)]) this.appendChild(part);
  }

  draw(picture) {
    const part = this.part(picture);
    const off = Boolean(part.off) || !this.options.is_on;
    const leaders = off ? [] : part.leaders || [];
    const found = feedOf(picture.frame, ENDPOINT);
    const freshness = judgeFeed(found && found.feed, picture.now_ms);
    const at_ms = found && found.feed.at !== undefined ? Date.parse(found.feed.at) : null;
    const old = freshness === "stale" || freshness === "down" || freshness === "unknown" || !picture.live;
    text(this.label, this.options.label || say("leaders." + this.options.by));
    text(this.none, off ? say("leaders.off") + ". " + say("leaders.off_why") : at_ms === null ? say("number.no_answer") : leaders.length ? "" : say("leaders.nobody"));
    let note = "";
    if (!off && at_ms !== null) {
      if (old) note = asOf(at_ms, picture.now_ms, picture.zone);
      else if (freshness === "late") note = say("age.old", { age: age((picture.now_ms - at_ms) / 1000) });
    }
    icon(this.sign, note ? "not-live" : null);
    text(this.note, note);
    flag(this, "is-stale", (old && !off) || !picture.live);
    flag(this, "is-off", off);
    attribute(this, "title", off ? null : feedProvenance(ENDPOINT, at_ms, picture.now_ms));
    const values = leaders.map((each) => quantity(each.value, part.unit));
    const shown = this.fit(leaders, values, note);
    this.rows.draw(leaders.length, shown, (row, place) => {
      text(row.place, String(place + 1));
      text(row.name, leaders[place].name);
      text(row.value, values[place]);
    });
    flag(this.rows.root, "is-hidden", leaders.length === 0);
  }

  fit(leaders, values, note) {
    const { box, type } = this;
    const pad = padding(box, this.room.distance_m);
    const scale = scaleOf(box, STANDARD);
    const room = box.w - 2 * pad.side;
    const label = within(this.label.textContent, room, type.label * Math.max(.65, scale));
    const small = stepped(Math.min(type.note, 2) * Math.max(.62, Math.min(1, scale)));
    const high = box.h - pad.top - pad.bottom - label * 1.35 - (note ? small * 1.25 : 0);
    const widest = leaders.reduce((most, each, place) => Math.max(most, Math.min(NAME_EM, textWidth(each.name)) + 2.8 + textWidth(values[place]) * 1.25), 1);
    const wished = Math.min(type.label * 1.25, Math.max(1.25, stepped(room / widest)));
    const { shown, size } = this.rows.sizes(leaders.length, high, wished, this.room.distance_m);
    const nothing = textWidth(this.none.textContent) / 2.4;
    this.size("pad-top", pad.top);
    this.size("pad-side", pad.side);
    this.size("pad-bottom", pad.bottom);
    this.size("fs-label", label);
    this.size("fs-note", small);
    this.size("fs-row", leaders.length ? size : Math.max(1.25, Math.min(type.note, stepped(room / Math.max(6, nothing)))));
    return shown;
  }
}

customElements.define("ql-tile-leaders", TileLeaders);
