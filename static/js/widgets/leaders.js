/* <ql-tile-leaders>: who has done most today, or that nobody is ranked here. Nobody with nothing is listed.

   In:  options is_on, label, by, most; a picture with the server's list (frame.widgets: `leaders` and `unit`, or `off`). Out: the tile. */

import { attribute, element, flag, text } from "../elements/write.js";
import { quantity } from "../live/format.js";
import { say } from "../live/words.js";
import { stepped } from "../wall/fit.js";
import { ListTile } from "../wall/listed.js";
import { ageOf, feedNow, feedProvenance } from "../wall/provenance.js";
import { textWidth } from "../wall/text_width.js";

const ENDPOINT = "agents_activity";
const STANDARD = { w: 28, h: 22 };
const NAME_EM = 12;                      // so much of a name at least is seen before it is cut

class TileLeaders extends ListTile {
  build() {
    this.made(() => {
      const row = { place: element("span", "place num"), name: element("bdi", "name"), value: element("b", "num") };
      row.root = element("li", "", row.place, row.name, element("span", "what", row.value));
      return row;
    });
  }

  draw(picture) {
    const part = this.part(picture);
    const off = Boolean(part.off) || !this.options.is_on;
    const leaders = off ? [] : part.leaders || [];
    const feed = feedNow(picture, ENDPOINT);
    const { at_ms } = feed;
    const old = feed.old || at_ms === null || !picture.live;
    const nobody = at_ms === null ? say("number.no_answer") : leaders.length ? "" : say("leaders.nobody");
    this.write(
      this.options.label || say("leaders." + this.options.by), off ? say("leaders.off") + ". " + say("leaders.off_why") : nobody,
      off || at_ms === null ? "" : ageOf(Object.assign(feed, { old }), picture),
    );
    flag(this, "is-stale", (old && !off) || !picture.live);
    flag(this, "is-off", off);
    attribute(this, "title", off ? null : feedProvenance(ENDPOINT, at_ms, picture.now_ms));
    const values = leaders.map((each) => quantity(each.value, part.unit));
    const shown = this.fit(leaders, values);
    this.rows.draw(leaders.length, shown, (row, place) => {
      text(row.place, String(place + 1));
      text(row.name, leaders[place].name);
      text(row.value, values[place]);
    });
    flag(this.rows.root, "is-hidden", leaders.length === 0);
  }

  fit(leaders, values) {
    const { type } = this;
    const { room, high } = this.fitHead(STANDARD);
    const widest = leaders.reduce((most, each, place) => Math.max(most, Math.min(NAME_EM, textWidth(each.name)) + 2.8 + textWidth(values[place]) * 1.25), 1);
    const wished = Math.min(type.label * 1.25, Math.max(1.25, stepped(room / widest)));
    const { shown, size } = this.rows.sizes(leaders.length, high, wished, this.room.distance_m);
    const nothing = textWidth(this.none.textContent) / 2.4;
    this.size("fs-row", leaders.length ? size : Math.max(1.25, Math.min(type.note, stepped(room / Math.max(6, nothing)))));
    return shown;
  }
}

customElements.define("ql-tile-leaders", TileLeaders);
