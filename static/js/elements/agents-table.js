/* <ql-agents-table>: every agent in a row, sorted and filtered as the person wants, also after a reload: the choice is kept in the address.

   In: frame.agents, and `performance` (a Map) where the person may see it. Each row is made once and kept by the agent's id; a drawing writes
   only the cells that changed, and moves only the rows that changed place. Text is written as text: a name is never HTML. */

import { judgeFeed } from "../live/freshness.js";
import { age, asOf, count, duration } from "../live/format.js";
import { countsOf, filtered, PRESENCES, rowsOf, sorted, SORTS } from "../live/rows.js";
import { feedOf } from "../live/tiles.js";
import { attribute, element, flag, icon, text } from "./write.js";

const ENDPOINT = "agents_activity";
const WORDS = {
  available: "available", on_call: "on call", wrap_up: "wrap-up", away: "away", transfers_only: "transfers only", offline: "offline", unknown: "unknown",
};
const GLYPHS = {
  available: "available", on_call: "on-call", wrap_up: "wrap-up", away: "away", transfers_only: "transfers", offline: "offline", unknown: "unknown",
};
const SHOWN = ["here", ...PRESENCES, "all"];
const ALWAYS = ["here", "available", "on_call", "wrap_up", "away"];
// Longer than this for long is burn-out (docs/metrics.md); a tenth of the offers missed is worth a look.
const OCCUPANCY_HIGH = 0.85;
const MISSED_HIGH = 0.1;
const MIN_OFFERS = 10;
const DAYS_FROM_S = 360000;              // 100 hours: beyond, nobody reads the seconds

class QlAgentsTable extends HTMLElement {
  connectedCallback() {
    this.body = this.querySelector("tbody");
    this.nobody = this.querySelector(".nobody");
    this.asof = this.querySelector(".asof");
    this.search = this.querySelector("input");
    this.heads = Array.from(this.querySelectorAll("th[data-sort]"));
    this.performing = this.heads.some((head) => head.dataset.sort === "calls");
    this.known = new Map();
    this.performance = new Map();
    this.performed_at_ms = null;
    this.chips = this.makeChips();
    this.readChoice();
    for (const head of this.heads) head.querySelector("button").addEventListener("click", () => this.sortBy(head.dataset.sort));
    this.search.addEventListener("input", () => this.choose({ text: this.search.value }));
  }

  /* The answer of /api/v1/agents. */
  perform(answer) {
    this.performance = new Map(answer.agents.map((agent) => [agent.id, agent]));
    this.performed_at_ms = answer.at === null ? null : Date.parse(answer.at);
    this.performing_interval_s = answer.interval_s;
  }

  draw(picture) {
    this.picture = picture;
    const found = feedOf(picture.frame, ENDPOINT);
    const freshness = judgeFeed(found && found.feed, picture.now_ms);
    const at_ms = found && found.feed.at !== undefined ? Date.parse(found.feed.at) : null;
    const old = freshness === "stale" || freshness === "down";
    flag(this, "is-stale", old);
    // Nobody knows how much longer a state has lasted than the last answer says.
    const until_ms = old || !picture.live ? at_ms : picture.now_ms;
    const rows = rowsOf(at_ms === null ? [] : picture.frame.agents || [], this.performance);
    this.drawChips(countsOf(rows));
    const shown = sorted(filtered(rows, this.show, this.text), this.sort, this.descending);
    this.place(shown.map((row) => this.drawRow(row, until_ms)));
    this.forget(rows);
    this.drawNotes(shown.length, rows.length, at_ms, old, picture);
  }

  drawNotes(shown, all, at_ms, old, picture) {
    const none = at_ms === null ? "No answer yet." : all === 0 ? "Zendesk lists no agents." : "No agent fits this choice.";
    this.nobody.hidden = shown > 0;
    if (shown === 0) text(this.nobody, none);
    const late = this.performing && this.performed_at_ms !== null && picture.now_ms - this.performed_at_ms > 5000 * this.performing_interval_s;
    const words = old && at_ms !== null ? "States " + asOf(at_ms, picture.now_ms, picture.zone) + "."
      : late ? "Calls, AHT, occupancy and missed offers " + asOf(this.performed_at_ms, picture.now_ms, picture.zone) + "." : "";
    this.asof.hidden = words === "";
    text(this.asof, words);
  }

  drawRow(row, until_ms) {
    let cells = this.known.get(row.id);
    if (cells === undefined) this.known.set(row.id, cells = this.makeRow());
    if (cells.name.textContent !== row.name) {
      text(cells.name, row.name);
      cells.name.title = row.name;
    }
    if (cells.presence !== row.presence) {
      cells.presence = row.presence;
      cells.row.className = "state-" + row.presence;
      icon(cells.glyph, GLYPHS[row.presence]);
      text(cells.word, WORDS[row.presence]);
    }
    const seconds = row.since_ms === null || until_ms === null ? null : (until_ms - row.since_ms) / 1000;
    text(cells.since, seconds === null ? "" : (row.since_exact ? "" : "≥ ") + (seconds < DAYS_FROM_S ? duration(seconds) : age(seconds)));
    if (this.performing && cells.did !== row.did) this.drawPerformance(cells, row.did);
    return cells.row;
  }

  drawPerformance(cells, did) {
    cells.did = did;
    const some = did || { calls_accepted: null, calls_missed: null, offers: null, average_handle_time: null, occupancy_ratio: null };
    this.drawCount(cells.calls, some.calls_accepted);
    drawFigure(cells.aht, some.average_handle_time, duration);
    const share = some.occupancy_ratio;
    const known = Boolean(share && share.state === "value");
    const high = known && share.value > OCCUPANCY_HIGH;
    drawFigure(cells.occupancy, share, (value) => Math.round(value * 100) + " %");
    cells.track.hidden = !known;
    if (known) cells.bar.style.width = Math.min(100, share.value * 100) + "%";
    flag(cells.share, "over", high);
    icon(cells.warning, high ? "warning" : null);
    const many = some.offers !== null && some.offers >= MIN_OFFERS && some.calls_missed / some.offers > MISSED_HIGH;
    flag(cells.missed, "over", many);
    icon(cells.missedGlyph, many ? "warning" : null);
    this.drawCount(cells.missedCount, some.calls_missed);
    text(cells.offers, some.offers === null ? "" : " / " + count(some.offers));
  }

  drawCount(node, value) {
    text(node, value === null ? "?" : count(value));
    flag(node, "none", value === null || value === 0);
    attribute(node, "title", value === null ? "unknown" : null);
  }

  makeRow() {
    const name = element("th");
    name.scope = "row";
    name.dir = "auto";
    const glyph = element("i", "icon");
    const word = element("span");
    const since = element("td", "right");
    const cells = { row: element("tr", "", name, element("td", "state", glyph, word), since), name, glyph, word, since, presence: null, did: undefined };
    if (this.performing) {
      cells.calls = element("td", "right");
      cells.aht = figureParts("td", "right figure");
      cells.aht.words.className = "brief";
      cells.bar = element("i");
      cells.track = element("span", "track", cells.bar);
      cells.occupancy = figureParts("span", "figure");
      cells.warning = element("i", "icon is-hidden");
      cells.share = element("div", "share", cells.track, cells.occupancy.node, cells.warning);
      cells.missedGlyph = element("i", "icon is-hidden");
      cells.missedCount = element("span");
      cells.missed = element("span", "", cells.missedGlyph, cells.missedCount);
      cells.offers = element("span", "none");
      cells.row.append(cells.calls, cells.aht.node, element("td", "", cells.share), element("td", "right", cells.missed, cells.offers));
    }
    return cells;
  }

  /* The rows in this order, moving as few as one pass can tell. */
  place(rows) {
    let next = this.body.firstChild;
    for (const row of rows) {
      if (row === next) next = next.nextSibling;
      else this.body.insertBefore(row, next);
    }
    while (next !== null) {
      const rest = next.nextSibling;
      next.remove();
      next = rest;
    }
  }

  forget(rows) {
    if (this.known.size <= rows.length) return;
    const ids = new Set(rows.map((row) => row.id));
    for (const id of this.known.keys()) if (!ids.has(id)) this.known.delete(id);
  }

  /* --- choosing --- */

  makeChips() {
    const box = this.querySelector(".chips");
    const chips = {};
    for (const show of SHOWN) {
      const glyph = element("i", GLYPHS[show] ? "icon i-" + GLYPHS[show] : "icon is-hidden");
      const label = element("span");
      const node = element("button", "chip", glyph, label);
      node.type = "button";
      node.addEventListener("click", () => this.choose({ show }));
      box.append(node);
      chips[show] = { node, label };
    }
    return chips;
  }

  drawChips(counts) {
    for (const show of SHOWN) {
      const { node, label } = this.chips[show];
      text(label, show === "here" ? "Signed in " + counts.here : show === "all" ? "All " + counts.all : counts[show] + " " + WORDS[show]);
      node.hidden = ALWAYS.indexOf(show) < 0 && show !== "all" && counts[show] === 0 && this.show !== show;
    }
  }

  sortBy(key) {
    this.choose({ sort: key, descending: this.sort === key ? !this.descending : false });
  }

  choose(choice) {
    Object.assign(this, choice);
    this.showChoice();
    this.writeChoice();
    if (this.picture) this.draw(this.picture);
  }

  showChoice() {
    for (const show of SHOWN) attribute(this.chips[show].node, "aria-pressed", String(show === this.show));
    for (const head of this.heads) {
      const mine = head.dataset.sort === this.sort;
      attribute(head, "aria-sort", mine ? (this.descending ? "descending" : "ascending") : null);
    }
    if (this.search.value !== this.text) this.search.value = this.text;
  }

  readChoice() {
    const given = new URLSearchParams(location.search);
    const sort = given.get("sort") || "name";
    const key = sort.replace(/^-/, "");
    const allowed = SORTS.includes(key) && this.heads.some((head) => head.dataset.sort === key);
    this.sort = allowed ? key : "name";
    this.descending = allowed && sort.startsWith("-");
    this.show = SHOWN.includes(given.get("show")) ? given.get("show") : "here";
    this.text = given.get("find") || "";
    this.showChoice();
  }

  writeChoice() {
    const given = new URLSearchParams(location.search);
    const keep = (name, value, usual) => (value === usual ? given.delete(name) : given.set(name, value));
    keep("sort", (this.descending ? "-" : "") + this.sort, "name");
    keep("show", this.show, "here");
    keep("find", this.text, "");
    const query = given.toString();
    history.replaceState(null, "", location.pathname + (query ? "?" + query : ""));
  }
}

function figureParts(tag, className) {
  const glyph = element("i", "icon is-hidden");
  const words = element("span");
  return { node: element(tag, className, glyph, words), glyph, words };
}

/* A figure of the API, or the words for why there is none. */
function drawFigure(parts, figure, say) {
  const state = figure ? figure.state : "unknown";
  icon(parts.glyph, state === "value" ? null : state === "too_few" ? "few" : "unknown");
  text(parts.words, state === "value" ? say(figure.value) : state === "too_few" ? "too few" : "unknown");
  flag(parts.node, "none", state !== "value");
  attribute(parts.node, "title", state === "too_few" ? figure.have + " calls, needs " + figure.needs : null);
}

customElements.define("ql-agents-table", QlAgentsTable);
