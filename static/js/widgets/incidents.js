/* <ql-tile-incidents>: what is wrong now, since when, and who has taken it. In: frame.incidents (worst first); option most. Out: a list.

   Calm says so: an empty tile could mean anything. The worst that nobody has taken colours the tile. */

import { attribute, choose, element, flag, icon, text } from "../elements/write.js";
import { lasted, snoozed, taken } from "../live/alarm.js";
import { about } from "../live/told.js";
import { say } from "../live/words.js";
import { padding, stepped, within } from "../wall/fit.js";
import { textWidth } from "../wall/text_width.js";
import { Tile, TILE_STATES } from "../wall/tile.js";

class TileIncidents extends Tile {
  build() {
    this.rows = [];
    this.label = element("h2");
    this.more = element("span", "more");
    this.name = element("span", "name");
    this.label.appendChild(this.name);
    this.label.appendChild(this.more);
    this.list = element("ul", "troubles");
    this.sign = element("i", "icon");
    this.word = element("span");
    this.calm = element("p", "calm", this.sign, this.word);
    for (const part of [this.label, this.list, this.calm]) this.appendChild(part);
  }

  draw(picture) {
    const { box, type, far } = this;
    const incidents = picture.frame.incidents || [];
    const pad = padding(box, this.room.distance_m);
    const w = box.w - pad.start - pad.side;
    text(this.name, say("incidents.heading"));
    const label = within(this.name.textContent + "  +10", w, type.label * Math.min(1, Math.max(.6, box.h / 12)));
    const room = box.h - pad.top - pad.bottom - label * 1.5;
    const most = Math.min(this.options.most || 4, incidents.length);
    const wished = type.note * (far ? 1.2 : 1.1);
    const wide = w > 36;                 // a row is one line there, else two
    const tall = wide ? 1.6 : 2.75;
    const widest = Math.max(1, ...incidents.slice(0, most).map((each) => textWidth(about(each))));
    const narrow = wide ? wished : stepped(w / (widest * 1.06 + 2.2));
    const size = Math.max(wished * .55, Math.min(wished, narrow, stepped(room / Math.max(1, most) / tall)));
    const fits = Math.max(1, Math.floor(room / (size * tall)));
    const shown = Math.max(incidents.length ? 1 : 0, Math.min(most, fits));
    while (this.rows.length < shown) this.rows.push(this.newRow());
    this.rows.forEach((row, i) => {
      attribute(row.node, "hidden", i < shown ? null : "");
      if (i < shown) drawRow(row, incidents[i], picture);
    });
    const rest = incidents.length - shown;
    text(this.more, rest > 0 ? "+" + rest : "");
    attribute(this.list, "hidden", shown === 0 ? "" : null);
    attribute(this.calm, "hidden", shown === 0 ? null : "");
    icon(this.sign, picture.live ? "ok" : "not-live");
    text(this.word, picture.live ? say("incidents.none") : say("incidents.unknown"));
    const loud = incidents.filter((each) => each.state === "open" && !snoozed(each, picture.now_ms));
    const worst = loud.some((each) => each.severity === "critical") ? "is-critical" : loud.length ? "is-warning" : "is-plain";
    choose(this, TILE_STATES, picture.live ? worst : "is-stale");
    flag(this.list, "is-wide", wide);
    this.size("pad-top", pad.top);
    this.size("pad-side", pad.side);
    this.size("pad-start", pad.start);
    this.size("pad-bottom", pad.bottom);
    this.size("fs-label", label);
    this.size("fs-row", stepped(size));
    this.size("fs-calm", Math.min(wished * 1.2, stepped(w / (textWidth(this.word.textContent) + 2))));
  }

  newRow() {
    const row = {
      sign: element("i", "icon"), about: element("span", "about"), since: element("span", "since num"), whose: element("span", "whose"),
    };
    row.about.dir = row.whose.dir = "auto";
    row.node = element("li", "trouble", row.sign, element("p", "", row.about), element("p", "facts", row.since, row.whose));
    this.list.appendChild(row.node);
    return row;
  }
}

function drawRow(row, one, picture) {
  icon(row.sign, one.severity === "critical" ? "critical" : "warning");
  text(row.about, about(one));
  const going = picture.live && one.state !== "recovering";
  text(row.since, going ? say("incidents.for", { time: lasted(one, picture.now_ms) }) : "");
  text(row.whose, taken(one, picture.now_ms));
  flag(row.node, "is-quiet", one.state !== "open");
}

customElements.define("ql-tile-incidents", TileIncidents);
