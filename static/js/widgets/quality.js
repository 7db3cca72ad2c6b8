/* <ql-tile-quality>: whether the numbers fit each other, and how old each feed is.

   In:  frame.quality (the server's checks) and frame.feeds. Out: the tile. What does not fit comes first; ages tick each second. */

import { element, flag, icon, text } from "../elements/write.js";
import { judgeFeed } from "../live/freshness.js";
import { age, duration, share } from "../live/format.js";
import { has, say } from "../live/words.js";
import { scaleOf, stepped, within } from "../wall/fit.js";
import { createRows } from "../wall/rows.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";

const STANDARD = { w: 33, h: 14 };
const ORDER = { off: 0, unknown: 1, ok: 2 };
const ICONS = { off: "warning", unknown: "unknown", ok: "ok" };
const FEED_ICONS = { live: "ok", late: "not-live", stale: "not-live", down: "not-live", unknown: "unknown" };
const MOST_CHECKS = 3;

class TileQuality extends Tile {
  build() {
    this.label = element("h2");
    this.sign = element("i", "icon is-hidden");
    this.verdict = element("span", "limit");
    this.rows = createRows(() => {
      const row = { glyph: element("i", "icon"), name: element("bdi", "name"), value: element("b", "num") };
      row.root = element("li", "", row.glyph, row.name, element("span", "what", row.value));
      return row;
    });
    for (const part of [this.label, element("p", "target", this.sign, this.verdict), this.rows.root, this.rows.more]) this.appendChild(part);
  }

  draw(picture) {
    const checks = (picture.frame.quality || []).slice().sort((a, b) => ORDER[a.state] - ORDER[b.state]);
    const off = checks.filter((check) => check.state === "off");
    const known = checks.filter((check) => check.state !== "unknown");
    const state = !picture.live || known.length === 0 ? "unknown" : off.length ? "off" : "ok";
    text(this.label, say("quality.heading"));
    icon(this.sign, ICONS[state]);
    text(this.verdict, state === "ok" ? say("quality.agree") : state === "off" ? say("quality.differ", { n: off.length }) : say("quality.not_compared"));
    flag(this, "is-stale", !picture.live);
    flag(this, "is-ok", state === "ok");
    flag(this, "is-warning", state === "off");
    // The checks that found something, then the feeds; what fits is one line above, not six.
    const found = off.slice(0, MOST_CHECKS).map((check) => ({ icon: "warning", name: sentence(check), value: "" }));
    const feeds = feedsOf(picture);
    let lines = found.concat(feeds);
    let shown = this.fit(lines);
    if (shown < lines.length && feeds.length > 1) {      // no room for each feed: the oldest speaks for all
      lines = found.concat(oldestOf(feeds));
      shown = this.fit(lines);
    }
    if (found.length > 0 && shown < lines.length && shown < 2) {   // nor for two: what is wrong is more than how old it is
      lines = found.slice(0, 1);
      shown = this.fit(lines);
    }
    this.rows.draw(lines.length, shown, (row, place) => {
      icon(row.glyph, lines[place].icon);
      text(row.name, lines[place].name);
      text(row.value, lines[place].value);
      flag(row.root, "is-off", lines[place].icon === "warning");
      flag(row.root, "is-late", lines[place].icon === "not-live");
    });
  }

  fit(lines) {
    const { box, type } = this;
    const pad = this.edges();
    const scale = scaleOf(box, STANDARD);
    const room = box.w - pad.start - pad.side;
    const label = within(this.label.textContent, room, type.label * Math.max(.65, scale));
    const note = Math.min(stepped(type.note * Math.max(.65, Math.min(1.2, scale))), stepped(room / (textWidth(this.verdict.textContent) + 2)));
    const high = box.h - pad.top - pad.bottom - label * 1.2 - note * 1.8;
    const widest = lines.reduce((most, line) => Math.max(most, textWidth(line.name) + textWidth(line.value) * 1.1 + 2.6), 1);
    const { shown, size } = this.rows.sizes(lines.length, high, Math.min(note, Math.max(1.25, stepped(room / widest))), this.room.distance_m);
    this.size("fs-label", label);
    this.size("fs-note", note);
    this.size("fs-row", size);
    return shown;
  }
}

/* A check in the board's words; one that this page does not know yet speaks for itself. */
function sentence(check) {
  const key = "quality." + check.name + "." + check.state;
  if (!has(key)) return check.text;
  return say(key, Object.assign({}, check, {
    n: check.late_count, wait: check.wait_s === undefined ? undefined : duration(check.wait_s), share: check.ratio === undefined ? undefined : share(check.ratio),
  }));
}

function feedsOf(picture) {
  const feeds = picture.frame.feeds || {};
  return Object.keys(feeds).map((id) => {
    const feed = feeds[id];
    const state = judgeFeed(feed, picture.now_ms);
    const at_ms = feed.at === undefined ? null : Date.parse(feed.at);
    return {
      icon: FEED_ICONS[state], name: say("quality.feed." + feed.endpoint), at_ms,
      value: at_ms === null ? say("quality.never") : age(Math.max(0, (picture.now_ms - at_ms) / 1000)),
    };
  });
}

/* The feed that is worst off; of those on time, the oldest, under a name for all of them. */
function oldestOf(feeds) {
  const late = feeds.filter((feed) => feed.icon !== "ok");
  const worst = (late.length ? late : feeds).reduce((a, b) => ((b.at_ms || 0) < (a.at_ms || 0) ? b : a));
  return [late.length ? worst : Object.assign({}, worst, { name: say("quality.feeds.ok") })];
}

customElements.define("ql-tile-quality", TileQuality);
