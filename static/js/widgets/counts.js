/* <ql-tile-counts>: how many agents are in each state, without names. In: a picture. Out: one row of counts, or a column in a high tile. */

import { attribute, element, flag, text } from "../elements/write.js";
import { judgeFeed } from "../live/freshness.js";
import { age, asOf } from "../live/format.js";
import { feedOf } from "../live/tiles.js";
import { say } from "../live/words.js";
import { padding } from "../wall/fit.js";
import { createHeadcount, sumsOf } from "../wall/headcount.js";
import { Tile } from "../wall/tile.js";

const ENDPOINT = "agents_activity";
const NOTE_H = 1.9;

class TileCounts extends Tile {
  build() {
    this.heads = createHeadcount();
    this.note = element("p", "agents-note num");
    this.appendChild(this.heads.root);
    this.appendChild(this.note);
  }

  draw(picture) {
    const { box } = this;
    const found = feedOf(picture.frame, ENDPOINT);
    const freshness = judgeFeed(found && found.feed, picture.now_ms);
    const at_ms = found && found.feed.at !== undefined ? Date.parse(found.feed.at) : null;
    const old = freshness === "stale" || freshness === "down" || !picture.live;
    let note = "";
    if (at_ms === null) note = say("number.no_answer");
    else if (old) note = asOf(at_ms, picture.now_ms, picture.zone);
    else if (freshness === "late") note = say("age.old", { age: age((picture.now_ms - at_ms) / 1000) });
    text(this.note, note);
    attribute(this, "title", at_ms === null ? null : say("provenance.short", { feed: ENDPOINT, age: age((picture.now_ms - at_ms) / 1000) }));
    const pad = padding(box, this.room.distance_m);
    this.size("pad-top", pad.top);
    this.size("pad-side", pad.side);
    this.size("pad-bottom", pad.bottom);
    this.heads.draw(at_ms === null ? null : sumsOf(picture), this, {
      w: box.w - 2 * pad.side, h: box.h - pad.top - pad.bottom - (note ? NOTE_H : 0), wished: this.type.count * 1.4,
    });
    flag(this, "is-stale", old);
    flag(this.note, "is-old", note !== "");
  }
}

customElements.define("ql-tile-counts", TileCounts);
