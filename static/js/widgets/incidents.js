/* <ql-tile-incidents>: what is wrong now, since when, and who has taken it. In: frame.incidents (worst first); option most. Out: a list.

   Calm says so: an empty tile could mean anything. The worst that nobody has taken colours the tile. */

import { attribute, choose, element, flag, icon, text } from "../elements/write.js";
import { lasted, snoozed, taken } from "../live/alarm.js";
import { about } from "../live/told.js";
import { say } from "../live/words.js";
import { stepped, within } from "../wall/fit.js";
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
    const pad = this.edges();
    const w = box.w - pad.start - pad.side;
    text(this.name, say("incidents.heading"));
    const label = within(this.name.textContent + "  +10", w, type.label * Math.min(1, Math.max(.6, box.h / 16)));
    const room = box.h - pad.top - pad.bottom - label * 1.5;
    const most = Math.min(this.options.most || 4, incidents.length);
    const wished = type.note * (far ? 1.2 : 1.1);
    // A row is one line or two, whichever is larger: it is never cut, for the limit at its end tells two incidents apart.
    const told = incidents.slice(0, most).map((each) => [textWidth(about(each)) * 1.06, textWidth(factsOf(each, picture).join(""))]);
    const sizeOf = (width_em, line_em) => Math.min(wished, stepped(w / width_em), stepped(room / Math.max(1, most) / line_em));
    const inOne = sizeOf(Math.max(1, ...told.map(([what, facts]) => what + facts + 4.2)), 1.6);
    const inTwo = sizeOf(Math.max(1, ...told.map(([what, facts]) => Math.max(what, facts * .82 + .7) + 2.4)), 2.75);
    const wide = inOne >= inTwo;
    const tall = wide ? 1.6 : 2.75;
    const size = Math.max(wished * .55, inOne, inTwo);
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
  const [since, whose] = factsOf(one, picture);
  text(row.since, since);
  text(row.whose, whose);
  flag(row.node, "is-quiet", one.state !== "open");
}

/* For how long, and who has taken it. */
function factsOf(one, picture) {
  const going = picture.live && one.state !== "recovering";
  return [going ? say("incidents.for", { time: lasted(one, picture.now_ms) }) : "", taken(one, picture.now_ms)];
}

customElements.define("ql-tile-incidents", TileIncidents);
