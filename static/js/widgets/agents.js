/* <ql-tile-agents>: how many agents are in which state, and who, since when.

   In:  frame.agents, sorted by name by the server; options counts, times. Offline agents are counted, not shown. Each agent keeps its slot
   while the roster has the same people: only glyph and time change. Chips are as large as the roster allows; where it does not fit even in
   small ones, only those whom the floor can act on (available, wrap-up, away) get a chip, and the rest is counted. */

import { attribute, choose, element, flag, icon, text } from "../elements/write.js";
import { judgeFeed } from "../live/freshness.js";
import { age, asOf, duration, shortNames } from "../live/format.js";
import { feedOf, presence } from "../live/tiles.js";
import { say } from "../live/words.js";
import { padding } from "../wall/fit.js";
import { createHeadcount, ICONS, STATES, sumsOf } from "../wall/headcount.js";
import { chipsFor } from "../wall/roster.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";

const ENDPOINT = "agents_activity";
const LONG_NAME = 7;                     // letters; in a small chip such a name takes smaller ones
const CHIP_STATES = STATES.map((state) => "state-" + state);
const NOTE_W = 11;
const BESIDE_SIZE = 1.625;               // of the note beside the counts, where its longest word has room

class TileAgents extends Tile {
  build() {
    this.slots = [];
    this.people = null;
    this.names = [];
    this.heads = createHeadcount();
    this.note = element("p", "agents-note num");
    this.empty = element("p", "nobody");
    this.roster = element("ul", "roster");
    for (const part of [this.heads.root, this.note, this.empty, this.roster]) this.appendChild(part);
    this.classList.add("agents");
    attribute(this.heads.root, "hidden", this.options.counts === false ? "" : null);
  }

  draw(picture) {
    const { type } = this;
    // Everybody keeps their place when the NOT LIVE band takes its row: the layout is that of the whole room, drawn smaller.
    const box = this.room.full;
    const shrink = Math.min(1, this.room.box.h / box.h);
    const found = feedOf(picture.frame, ENDPOINT);
    const freshness = judgeFeed(found && found.feed, picture.now_ms);
    const known = Boolean(found && found.feed.at !== undefined);
    const named = picture.frame.board.names !== "none";
    const agents = (known && picture.frame.agents) || [];
    const old = freshness === "stale" || freshness === "down";
    const at_ms = known ? Date.parse(found.feed.at) : null;
    // A frozen board does not count on: the times stand where the last answer left them.
    const until_ms = old || !picture.live ? at_ms : picture.now_ms;
    const pad = padding(box, this.room.distance_m);
    const here = agents.filter((agent) => presence(agent) !== "offline");
    const offline = agents.length - here.length;
    const w = box.w - 2 * pad.side;
    const noted = old || freshness === "late" || !known || offline > 0 || here.length > 32;
    const beside = noted && box.w > 60;
    const counted = this.options.counts !== false || this.far || !named;
    const listed = named && !this.far;
    const high = box.h - pad.top - pad.bottom;
    attribute(this.heads.root, "hidden", counted ? null : "");
    const head = !counted ? 0 : this.heads.draw(known ? sumsOf(picture) : null, this, {
      w: w - (beside ? NOTE_W + 1 : 0), h: listed ? high * .36 : high - (noted && !beside ? 2.4 : 0), shrink,
      wished: type.count * (listed ? Math.min(1, Math.max(.5, box.w / 80)) : 1.4),
    });
    const note = noted && !beside ? 2.2 : 0;
    const { chips, rest, layout } = listed
      ? chipsFor(here, { w, h: high - head - note - (counted ? 1.2 : 0), size: type.name, times: this.options.times !== false })
      : { chips: [], rest: 0, layout: null };
    const notes = [];
    if (old) notes.push(known ? asOf(at_ms, picture.now_ms, picture.zone) : say("number.no_answer"));
    else if (freshness === "late") notes.push(say("age.old", { age: age((picture.now_ms - at_ms) / 1000) }));
    else if (!known) notes.push(say("number.no_answer"));
    if (rest) notes.push(say("agents.not_shown", { n: rest }));
    if (offline) notes.push(say("agents.offline", { n: offline }));
    attribute(this, "title", known ? say("provenance.short", { feed: ENDPOINT, age: age((picture.now_ms - at_ms) / 1000) }) : null);
    text(this.note, this.far && !old ? "" : notes.join(" · "));
    flag(this, "note-beside", beside);
    const longest = Math.max(1, ...this.note.textContent.split(/\s+/).map(textWidth));
    this.size("fs-beside", Math.min(BESIDE_SIZE, NOTE_W / (longest * 1.06)));
    flag(this, "is-counted", !listed);
    flag(this.note, "is-old", old || freshness === "late");
    text(this.empty, known && listed && chips.length === 0 ? say(rest ? "agents.nobody_free" : "agents.nobody") : "");
    this.size("pad-top", pad.top * shrink);
    this.size("pad-side", pad.side);
    this.size("pad-bottom", pad.bottom * shrink);
    this.size("roster-top", 1.2 * shrink);
    this.drawRoster(chips, until_ms, layout, shrink);
    flag(this, "is-stale", old || !picture.live);
  }

  drawRoster(chips, until_ms, layout, shrink) {
    attribute(this.roster, "hidden", chips.length === 0 ? "" : null);
    const people = chips.map((agent) => agent.id + "\n" + agent.name).join("\n");
    if (people !== this.people) {
      this.people = people;
      this.names = namesInParts(chips.map((agent) => agent.name));
    }
    while (this.slots.length < chips.length) this.slots.push(this.newSlot());
    this.slots.forEach((slot, i) => {
      const agent = chips[i];
      attribute(slot.node, "hidden", agent ? null : "");
      if (!agent) return;
      const state = ICONS[presence(agent)] ? presence(agent) : "unknown";
      choose(slot.node, CHIP_STATES, "state-" + state);
      icon(slot.icon, ICONS[state]);
      attribute(slot.icon, "title", say("state." + state));
      this.drawName(slot, this.names[i]);
      text(slot.time, this.options.times === false ? "" : timeIn(agent, until_ms));
    });
    if (layout === null || chips.length === 0) return;
    flag(this, "is-dense", layout.dense);
    this.size("fs-name", layout.size * shrink);
    this.size("chip-h", layout.height * shrink);
    this.size("chip-gap", layout.gap * shrink);
    if (this.columns !== layout.columns) {
      this.columns = layout.columns;
      this.roster.style.gridTemplateColumns = "repeat(" + layout.columns + ", minmax(0, 1fr))";
    }
  }

  /* The initial goes before a letter of the first name does, unless it tells two people apart. */
  drawName(slot, name) {
    const letters = Array.from(name.first).length + (name.tells ? 2 : 0);
    text(slot.first, name.first);
    text(slot.rest, name.rest);
    flag(slot.name, "tells", name.tells);
    flag(slot.name, "long", letters >= LONG_NAME);
  }

  newSlot() {
    const first = element("span", "first");
    const rest = element("span", "rest");
    const name = element("span", "name", first, document.createTextNode(" "), rest);
    const slot = { icon: element("i", "icon"), name, first, rest, time: element("time", "") };
    slot.name.dir = "auto";              // a right-to-left name must not pull the time over to its side
    slot.node = element("li", "agent", slot.icon, slot.name, slot.time);
    this.roster.appendChild(slot.node);
    return slot;
  }
}

/* [{first, rest, tells}]: the short names, cut where a chip may drop the rest; `tells`: without it another chip would read the same. */
function namesInParts(names) {
  const sums = {};
  const cut = shortNames(names).map((name) => {
    const [first, ...rest] = name.split(/\s+/);
    sums["=" + first] = (sums["=" + first] || 0) + 1;
    return { first, rest: rest.join(" ") };
  });
  return cut.map(({ first, rest }) => ({ first, rest, tells: rest !== "" && sums["=" + first] > 1 }));
}

/* "4:12", or "≥ 4:12" when the state is older than our knowledge of it. */
function timeIn(agent, until_ms) {
  const since_ms = Date.parse(agent.since);
  if (until_ms === null || !isFinite(since_ms)) return "";
  const seconds = (until_ms - since_ms) / 1000;
  return (agent.since_exact === false ? "≥ " : "") + (seconds < 36000 ? duration(seconds) : age(seconds));
}

customElements.define("ql-tile-agents", TileAgents);
