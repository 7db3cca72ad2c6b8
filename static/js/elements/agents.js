/* <ql-agents>: how many agents are in which state, and who, since when.

   In: frame.agents, sorted by name by the server. Offline agents are counted, not shown. Each agent keeps its slot while the roster has
   the same people: only glyph and time change. Up to 18 chips stand at full size, up to 32 smaller; beyond, only those whom the floor
   can act on (available, wrap-up, away) get a chip, and the rest is counted. */

import { judgeFeed } from "../live/freshness.js";
import { age, asOf, count, duration, shortNames } from "../live/format.js";
import { feedOf, presence } from "../live/tiles.js";
import { attribute, choose, element, flag, icon, text } from "./write.js";

const ENDPOINT = "agents_activity";
const ROOMY = 18;
const DENSE = 32;
const LONG_NAME = 7;                     // letters; in a small chip such a name takes smaller ones
const STATES = ["available", "on_call", "wrap_up", "away", "transfers_only", "unknown"];
const ALWAYS = ["available", "on_call", "wrap_up", "away"];
const ACTIONABLE = ["available", "wrap_up", "away"];
const ICONS = { available: "available", on_call: "on-call", wrap_up: "wrap-up", away: "away", transfers_only: "transfers", unknown: "unknown" };
const CHIP_STATES = STATES.map((state) => "state-" + state);

/* Which agents get a chip: {chips, uncounted}. Exported for its test. */
export function cast(agents) {
  const here = agents.filter((agent) => presence(agent) !== "offline");
  if (here.length <= DENSE) return { chips: here, rest: 0 };
  const act = here.filter((agent) => ACTIONABLE.indexOf(presence(agent)) >= 0);
  const chips = act.slice(0, DENSE);
  return { chips, rest: here.length - chips.length };
}

class QlAgents extends HTMLElement {
  draw(picture) {
    if (!this.slots) {
      this.slots = [];
      this.people = null;
      this.names = [];
      this.roster = this.querySelector(".roster");
      this.note = this.querySelector(".agents-note");
      this.empty = this.querySelector(".nobody");
      this.counts = {};
      for (const node of this.querySelectorAll("[data-state]")) {
        this.counts[node.dataset.state] = { node, number: node.querySelector("b") };
      }
    }
    const found = feedOf(picture.frame, ENDPOINT);
    const freshness = judgeFeed(found && found.feed, picture.now_ms);
    const known = Boolean(found && found.feed.at !== undefined);
    const agents = (known && picture.frame.agents) || [];
    const old = freshness === "stale" || freshness === "down";
    const at_ms = known ? Date.parse(found.feed.at) : null;
    // A frozen board does not count on: the times stand where the last answer left them.
    const until_ms = old || !picture.live ? at_ms : picture.now_ms;
    const { chips, rest } = cast(agents);
    this.drawCounts(agents, known);
    this.drawRoster(chips, until_ms);
    const offline = agents.filter((agent) => presence(agent) === "offline").length;
    const notes = [];
    if (old) notes.push(known ? asOf(at_ms, picture.now_ms, picture.zone) : "no answer yet");
    else if (freshness === "late") notes.push(age((picture.now_ms - at_ms) / 1000) + " old");
    else if (!known) notes.push("no answer yet");
    if (rest) notes.push(count(rest) + " not shown");
    if (offline) notes.push(count(offline) + " offline");
    text(this.note, notes.join(" · "));
    text(this.empty, known && chips.length === 0 ? (rest ? "Nobody free, away or wrapping up" : "No agent is signed in") : "");
    flag(this, "has-note", notes.length > 0);
    flag(this.note, "is-old", old || freshness === "late");
    flag(this, "is-stale", old);
  }

  drawCounts(agents, known) {
    const sums = {};
    for (const agent of agents) sums[presence(agent)] = (sums[presence(agent)] || 0) + 1;
    let shown = 0;
    let most = 0;
    for (const state of STATES) {
      const sum = sums[state] || 0;
      const { node, number } = this.counts[state];
      const visible = ALWAYS.indexOf(state) >= 0 || sum > 0;
      if (visible) shown += 1;
      most = Math.max(most, sum);
      attribute(node, "hidden", visible ? null : "");
      text(number, known ? count(sum) : "?");
      flag(node, "is-none", known && sum === 0);
    }
    flag(this, "has-five", shown === 5 ? most <= 99 : shown < 5 && most > 99);   // three digits take the room of a fifth count
    flag(this, "has-six", shown > 5 || (shown === 5 && most > 99));
  }

  drawRoster(chips, until_ms) {
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
      this.drawName(slot, this.names[i]);
      text(slot.time, timeIn(agent, until_ms));
    });
    flag(this, "is-dense", chips.length > ROOMY);
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
    const slot = { icon: element("i", "icon"), name: element("span", "name", first, document.createTextNode(" "), rest), first, rest, time: element("time", "") };
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

customElements.define("ql-agents", QlAgents);
