/* <ql-tile-agents>: how many agents are in which state, and who, since when.

   In:  frame.agents, sorted by name by the server; options counts, times. Offline agents are counted, not shown. Each agent keeps its slot
   while the roster has the same people: only glyph and time change. Chips are as large as the roster allows; where it does not fit even in
   small ones, only those whom the floor can act on (available, wrap-up, away) get a chip, and the rest is counted. */

import { attribute, choose, element, flag, icon, text } from "../elements/write.js";
import { age, duration, shortNames } from "../live/format.js";
import { presence } from "../live/tiles.js";
import { say } from "../live/words.js";
import { createHeadcount, ICONS, STATES, sumsOf } from "../wall/headcount.js";
import { linesOf } from "../wall/lines.js";
import { ageOf, feedNow, feedProvenance } from "../wall/provenance.js";
import { chipsFor } from "../wall/roster.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";

const ENDPOINT = "agents_activity";
const BOLD = 1.05;                       // an available agent's name is set stronger
const ORDINARY = 6;                      // em: a longer name is cut, and does not make everybody's chip larger
const LEAST_NAME = .72;                  // of a chip's type: so much smaller is a name that would not fit
const CHIP_STATES = STATES.map((state) => "state-" + state);
const NOTE_W = 11;
const USUAL_TIME = textWidth("≥ 00:00"); // has its room in every chip; an hour more takes it from the name
const BESIDE_SIZE = 1.625;               // of the note beside the counts, where it has room
const LEAST_BESIDE = .875;
const LINE = 1.12;
const TIED = "\u00a0";                   // "19 offline" is not torn apart

class TileAgents extends Tile {
  build() {
    this.slots = [];
    this.people = null;
    this.names = null;
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
    const feed = feedNow(picture, ENDPOINT);
    const { at_ms, freshness, old } = feed;
    const known = at_ms !== null;
    const named = picture.frame.board.names !== "none";
    const agents = (known && picture.frame.agents) || [];
    // A frozen board does not count on: the times stand where the last answer left them.
    const until_ms = old || !picture.live ? at_ms : picture.now_ms;
    const pad = this.edges(box, shrink);
    const here = agents.filter((agent) => presence(agent) !== "offline");
    const offline = agents.length - here.length;
    const w = box.w - 2 * pad.side;
    const noted = old || freshness === "late" || !known || offline > 0 || here.length > 32;
    const counted = this.options.counts !== false || this.far || !named;
    const beside = noted && counted && box.w > 60;
    const listed = named && !this.far;
    const high = box.h - pad.top - pad.bottom;
    attribute(this.heads.root, "hidden", counted ? null : "");
    const head = !counted ? 0 : this.heads.draw(known ? sumsOf(picture) : null, this, {
      w: w - (beside ? NOTE_W + 1 : 0), h: listed ? high * .36 : high - (noted && !beside ? 2.4 : 0), shrink,
      wished: type.count * (listed ? Math.min(1, Math.max(.5, box.w / 80)) : 1.4),
    });
    const note = noted && !beside ? 2.2 : 0;
    if (listed) this.takeNames(here);
    const { chips, rest, layout } = listed
      ? chipsFor(here, {
        w, h: high - head - note - (counted ? 1.2 : 0), size: type.name, times: this.options.times !== false, widest: this.names.widest,
      })
      : { chips: [], rest: 0, layout: null };
    const notes = [ageOf(feed, picture)].filter(Boolean);
    if (rest) notes.push(say("agents.not_shown", { n: rest }));
    if (offline) notes.push(say("agents.offline", { n: offline }));
    attribute(this, "title", known ? feedProvenance(ENDPOINT, at_ms, picture.now_ms) : null);
    text(this.note, this.far && !old ? "" : notes.map((each) => each.replace(/ /g, TIED)).join(TIED + "· "));
    flag(this, "note-beside", beside);
    this.size("fs-beside", this.besideSize(listed && chips.length ? head + 1 : high) * shrink);
    flag(this, "is-counted", !listed);
    flag(this.note, "is-old", old || freshness === "late");
    text(this.empty, known && listed && chips.length === 0 ? say(rest ? "agents.nobody_free" : "agents.nobody") : "");
    this.size("roster-top", 1.2 * shrink);
    this.drawRoster(chips, until_ms, layout, shrink);
    flag(this, "is-stale", old || !picture.live);
  }

  /* The size at which the note beside the counts stays above the chips: each of its parts on a line of its own, if need be. */
  besideSize(room) {
    const words = this.note.textContent.split(TIED).join(".");           // as wide as a space
    let size = Math.min(BESIDE_SIZE, NOTE_W / Math.max(1, ...words.split(" ").map(textWidth)) / BOLD);
    while (size > LEAST_BESIDE && linesOf([words], NOTE_W / BOLD / size) * LINE * size > room) size -= .125;
    return size;
  }

  /* The names of those who are here, in parts; made anew only when others are. */
  takeNames(here) {
    const people = here.map((agent) => agent.id + "\n" + agent.name).join("\n");
    if (people === this.people) return;
    this.people = people;
    const parts = namesInParts(here.map((agent) => agent.name));
    const widest = (of) => parts.reduce((most, each) => (of(each) > ORDINARY ? most : Math.max(most, of(each))), 0);
    this.names = {
      byId: new Map(here.map((agent, i) => [agent.id, parts[i]])),
      widest: { short: widest((each) => each.short), first: widest((each) => each.least) },
    };
  }

  drawRoster(chips, until_ms, layout, shrink) {
    attribute(this.roster, "hidden", chips.length === 0 ? "" : null);
    while (this.slots.length < chips.length) this.slots.push(this.newSlot());
    this.slots.forEach((slot, i) => {
      const agent = chips[i];
      attribute(slot.node, "hidden", agent ? null : "");
      if (!agent) return;
      const state = ICONS[presence(agent)] ? presence(agent) : "unknown";
      choose(slot.node, CHIP_STATES, "state-" + state);
      icon(slot.icon, ICONS[state]);
      attribute(slot.icon, "title", say("state." + state));
      const time = this.options.times === false ? "" : timeIn(agent, until_ms);
      text(slot.time, time);
      this.drawName(slot, this.names.byId.get(agent.id), layout.name - Math.max(0, textWidth(time) - USUAL_TIME) * .875);
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
  drawName(slot, name, room) {
    text(slot.first, name.first);
    text(slot.rest, name.rest);
    flag(slot.name, "tells", name.tells);
    const size = name.least <= room ? "" : Math.max(LEAST_NAME, Math.floor(room / name.least * 50) / 50) + "em";
    if (slot.size === size) return;
    slot.size = size;
    slot.name.style.fontSize = size;
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

/* [{first, rest, tells, short, least}]: the short names, cut where a chip may drop the rest; `tells`: without it another chip would read the
   same. `short`, `least`: how wide the whole is, and what must be seen of it, in em. */
function namesInParts(names) {
  const sums = {};
  const cut = shortNames(names).map((name) => {
    const [first, ...rest] = name.split(/\s+/);
    sums["=" + first] = (sums["=" + first] || 0) + 1;
    return { first, rest: rest.join(" ") };
  });
  return cut.map(({ first, rest }) => {
    const tells = rest !== "" && sums["=" + first] > 1;
    const short = textWidth((first + " " + rest).trim()) * BOLD;
    return { first, rest, tells, short, least: tells ? short : textWidth(first) * BOLD };
  });
}

/* "4:12", or "≥ 4:12" when the state is older than our knowledge of it. */
function timeIn(agent, until_ms) {
  const since_ms = Date.parse(agent.since);
  if (until_ms === null || !isFinite(since_ms)) return "";
  const seconds = (until_ms - since_ms) / 1000;
  return (agent.since_exact === false ? "≥ " : "") + (seconds < 36000 ? duration(seconds) : age(seconds));
}

customElements.define("ql-tile-agents", TileAgents);
