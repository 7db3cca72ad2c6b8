/* <ql-tile-counts>: how many agents are in each state, without names. In: a picture. Out: one row of counts, or a column in a high tile. */

import { attribute, element, flag, text } from "../elements/write.js";
import { createHeadcount, sumsOf } from "../wall/headcount.js";
import { ageOf, feedNow, feedProvenance } from "../wall/provenance.js";
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
    const feed = feedNow(picture, ENDPOINT);
    const { at_ms } = feed;
    const old = feed.old || !picture.live;
    const note = ageOf(Object.assign(feed, { old }), picture);
    text(this.note, note);
    attribute(this, "title", at_ms === null ? null : feedProvenance(ENDPOINT, at_ms, picture.now_ms));
    const pad = this.edges();
    this.heads.draw(at_ms === null ? null : sumsOf(picture), this, {
      w: box.w - 2 * pad.side, h: box.h - pad.top - pad.bottom - (note ? NOTE_H : 0), wished: this.type.count * 1.4,
    });
    flag(this, "is-stale", old);
    flag(this.note, "is-old", note !== "");
  }
}

customElements.define("ql-tile-counts", TileCounts);
