/* <ql-tile-budget>: how much of the vendor's limits polling has used, by bucket: our share is a mark on the bar, not its end.

   In:  frame.budget, and the feeds that wait for it. Out: the tile. The limits slide: there is no moment at which they begin anew, but
   where a pause is known to end, the tile says when. */

import { element, flag, icon, text } from "../elements/write.js";
import { bucketsOf } from "../live/budget.js";
import { count, timeOfDay } from "../live/format.js";
import { say } from "../live/words.js";
import { scaleOf, stepped, within } from "../wall/fit.js";
import { createRows } from "../wall/rows.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";

const STANDARD = { w: 33, h: 14 };
const TIGHT_U = 1.5;
const BESIDE_U = 28;

class TileBudget extends Tile {
  build() {
    this.label = element("h2");
    this.rows = createRows(() => {
      const row = {
        name: element("span", "name"), used: element("b", "num"), of: element("span", "of num"), bar: element("i", "used"), mark: element("i", "mark"),
        glyph: element("i", "icon is-hidden"), says: element("span", "says num"),
      };
      row.root = element("li", "", element("p", "line", row.name, element("span", "what", row.used, row.of)),
        element("p", "bar", row.bar, row.mark), element("p", "foot", row.glyph, row.says));
      return row;
    });
    this.none = element("p", "nothing");
    for (const part of [this.label, this.rows.root, this.none]) this.appendChild(part);
  }

  draw(picture) {
    const buckets = bucketsOf(picture.frame, picture.now_ms);
    text(this.label, say("budget.heading"));
    text(this.none, buckets.length ? "" : say("budget.unknown"));
    flag(this, "is-stale", !picture.live);
    flag(this, "is-warning", picture.live && buckets.some((each) => each.state !== "ok"));
    const words = buckets.map((each) => ({
      name: say("budget." + each.name), used: count(each.used), of: say("budget.of", { limit: each.limit }),
      says: this.says(each, picture.zone), near: each.state !== "ok",
    }));
    this.fit(words);
    this.rows.draw(buckets.length, buckets.length, (row, place) => {
      const { used, cap, limit, state } = buckets[place];
      text(row.name, words[place].name);
      text(row.used, words[place].used);
      text(row.of, " " + words[place].of);
      row.bar.style.width = Math.min(100, used / limit * 100).toFixed(1) + "%";
      row.mark.style.left = Math.min(100, cap / limit * 100).toFixed(1) + "%";
      icon(row.glyph, state === "ok" ? null : "warning");
      text(row.says, words[place].says);
      flag(row.root, "is-near", state !== "ok");
    });
  }

  says(bucket, zone) {
    if (bucket.until_ms !== null) return say("budget.until", { time: timeOfDay(bucket.until_ms, zone, true) });
    if (bucket.state === "used_up") return say("budget.waits");
    const share = say("budget.share", { cap: bucket.cap });
    const minutes = bucket.window_s % 60 === 0;
    const span = say(minutes ? "budget.in_minutes" : "budget.in_seconds", { n: minutes ? bucket.window_s / 60 : bucket.window_s });
    return bucket.state === "nearly" ? say("budget.nearly") + " · " + share : span + " · " + share;
  }

  fit(words) {
    const { box, type } = this;
    const pad = this.edges();
    const scale = scaleOf(box, STANDARD);
    // In a wide, low tile the buckets stand side by side.
    const beside = words.length > 1 && box.w > BESIDE_U * words.length && box.w > 2.4 * box.h;
    const room = (box.w - pad.start - pad.side) / (beside ? words.length : 1) - (beside ? 1.5 : 0);
    flag(this, "is-beside", beside);
    const label = within(this.label.textContent, room, type.label * Math.max(.65, scale));
    const high = box.h - pad.top - pad.bottom - label * 1.3;
    const widest = words.reduce((most, each) => Math.max(most, textWidth(each.name) + 1 + textWidth(each.used) * 1.25 + textWidth(each.of)), 1);
    // Where three lines a bucket would be too small to read, what is well goes without its third.
    const of = (lines) => Math.min(type.note * 1.1 * Math.max(.8, scale), stepped(room / widest), stepped(high / (beside ? lines / words.length : lines)));
    const near = words.filter((each) => each.near).length;
    const tight = of(2.9 * words.length) < TIGHT_U;
    const row = of(Math.max(1, tight ? 2.25 * words.length + (beside && near ? words.length : near) : 2.9 * words.length));
    flag(this, "is-tight", tight);
    const longest = words.reduce((most, each) => Math.max(most, textWidth(each.says) + 1.5), 1);
    const foot = Math.min(row * .82, stepped(room / longest));
    this.size("fs-label", label);
    this.size("fs-row", Math.max(.9, row));
    this.size("fs-foot", foot);
  }
}

customElements.define("ql-tile-budget", TileBudget);
