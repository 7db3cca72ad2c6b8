/* <ql-agents-table>: every agent in a row, sorted, filtered and with the columns that the person wants, also after a reload and on the
   next visit: the choice is kept in the address and on this machine (desk/choice.js).

   In: frame.agents, and `performance` (a Map) where the person may see it. Out: heads, chips, notes; the rows themselves are agent-rows.js. */

import { judgeFeed } from "../live/freshness.js";
import { asOf, count } from "../live/format.js";
import { countsOf, filtered, PRESENCES, rowsOf, sorted, SORTS } from "../live/rows.js";
import { feedOf } from "../live/tiles.js";
import { readChoice, writeChoice } from "../desk/choice.js";
import { COLUMNS, lasting, shownColumns, STATE_WORDS } from "../desk/columns.js";
import { agentsSheet } from "../desk/sheets.js";
import { AgentRows, GLYPHS } from "./agent-rows.js";
import { attribute, element, flag, text } from "./write.js";

const ENDPOINT = "agents_activity";
const SHOWN = ["here", ...PRESENCES, "all"];
const ALWAYS = ["here", "available", "on_call", "wrap_up", "away"];
// The height of a row, and how many beyond the visible ones tick as well: whoever scrolls sees no time that stands still.
const ROW_PX = 30;
const SPARE_ROWS = 15;
const USUAL_COLUMNS = COLUMNS.filter((column) => column.usual).map((column) => column.key).join(" ");
const USUAL = { sort: "name", show: "here", find: "", columns: USUAL_COLUMNS };

class QlAgentsTable extends HTMLElement {
  connectedCallback() {
    this.rows = new AgentRows(this.querySelector("tbody"));
    this.table = this.querySelector("table");
    this.nobody = this.querySelector(".nobody");
    this.asof = this.querySelector(".asof");
    this.search = this.querySelector("input[type=search]");
    this.performing = this.dataset.performance !== undefined;
    this.performance = new Map();
    this.professional = false;
    this.performed_at_ms = null;
    this.chips = this.makeChips();
    this.boxes = this.makeBoxes();
    this.readChoice();
    this.scroller = this.querySelector(".scroll");
    this.seen = { top: 0, height: Infinity };
    this.scroller.addEventListener("scroll", () => this.look(), { passive: true });
    this.watch = new ResizeObserver(() => this.look());
    this.watch.observe(this.scroller);
    this.search.addEventListener("input", () => this.choose({ find: this.search.value }));
  }

  disconnectedCallback() {
    this.watch.disconnect();
  }

  /* Which rows are in sight: known from here, so that no drawing has to ask, which would lay the page out once more. */
  look() {
    this.seen = { top: this.scroller.scrollTop, height: this.scroller.clientHeight };
    if (this.shown) this.drawTimes();
  }

  drawTimes() {
    const first = Math.max(0, Math.floor(this.seen.top / ROW_PX) - SPARE_ROWS);
    const last = Math.min(this.shown.length, Math.ceil((this.seen.top + this.seen.height) / ROW_PX) + SPARE_ROWS);
    for (let place = first; place < last; place += 1) {
      const row = this.shown[place];
      const seconds = row.since_ms === null || this.until_ms === null ? null : Math.max(0, (this.until_ms - row.since_ms) / 1000);
      this.rows.tick(row.id, lasting(seconds, row.since_exact));
    }
  }

  /* The answer of /api/v1/agents. */
  perform(answer) {
    this.performance = new Map(answer.agents.map((agent) => [agent.id, agent]));
    this.performed_at_ms = answer.at === null ? null : Date.parse(answer.at);
    this.performing_interval_s = answer.interval_s;
    this.professional = Boolean(answer.professional);
  }

  draw(picture) {
    this.picture = picture;
    const found = feedOf(picture.frame, ENDPOINT);
    const freshness = judgeFeed(found && found.feed, picture.now_ms);
    const at_ms = found && found.feed.at !== undefined ? Date.parse(found.feed.at) : null;
    const old = freshness === "stale" || freshness === "down";
    flag(this, "is-stale", old);
    // Nobody knows how much longer a state has lasted than the last answer says.
    this.until_ms = old || !picture.live ? at_ms : picture.now_ms;
    const drawn = [picture.frame.agents, this.performance, at_ms === null, this.show, this.find, this.sort, this.descending, this.columns];
    if (this.drawn === undefined || drawn.some((each, place) => each !== this.drawn[place])) this.drawRows(at_ms === null, drawn);
    this.drawTimes();
    this.drawNotes(this.shown.length, this.all_count, at_ms, old, picture);
  }

  /* The rows as they are `drawn` from: of most messages, and of each second, nothing of it is new. */
  drawRows(none, drawn) {
    const rows = rowsOf(none ? [] : this.picture.frame.agents || [], none ? new Map() : this.performance);
    this.drawn = drawn;
    this.all_count = rows.length;
    this.drawChips(countsOf(rows));
    this.shown = sorted(filtered(rows, this.show, this.find), this.sort, this.descending);
    this.rows.draw(this.shown, this.professional);
    this.rows.forget(rows);
  }

  /* The table as it is shown, for a file. */
  sheet() {
    return this.picture ? agentsSheet(this.shown, this.columns, this.professional, this.until_ms, this.picture.zone) : null;
  }

  drawNotes(shown, all, at_ms, old, picture) {
    const none = at_ms === null ? "No answer yet." : all === 0 ? this.nobodyAtAll(picture) : this.nobodyShown(all);
    this.nobody.hidden = shown > 0;
    if (shown === 0) text(this.nobody, none);
    const late = this.performing && this.performed_at_ms !== null
      && picture.now_ms - this.performed_at_ms > 5000 * this.performing_interval_s;
    const words = old && at_ms !== null ? "States " + asOf(at_ms, picture.now_ms, picture.zone) + "."
      : late ? "Calls, AHT, occupancy and missed offers " + asOf(this.performed_at_ms, picture.now_ms, picture.zone) + "." : "";
    this.asof.hidden = words === "";
    text(this.asof, words);
  }

  nobodyShown(all) {
    if (this.show !== "here" || this.find.trim() !== "") return "No agent fits this choice.";
    return "Nobody is signed in: " + (all === 1 ? "the only agent is" : "all " + count(all) + " agents are") + " offline.";
  }

  nobodyAtAll(picture) {
    const hidden = (picture.frame.board || {}).names === "none" && !this.performing;
    return hidden ? "This board names nobody." : picture.source.split(" ")[0] + " lists no agents.";
  }

  /* --- columns --- */

  layOut() {
    this.columns = shownColumns(this.chosen, this.performing);
    if (!this.columns.some((column) => column.key === this.sort)) this.sort = "name";
    const heads = this.columns.map((column) => {
      const button = element("button");
      button.type = "button";
      text(button, column.label);
      button.title = column.about;
      button.addEventListener("click", () => this.sortBy(column.key));
      const head = element("th", column.right ? "right" : "", button);
      head.scope = "col";
      head.dataset.sort = column.key;
      return head;
    });
    const widths = this.columns.map((column) => {
      const col = element("col");
      if (column.key !== "name") col.style.width = column.width + "rem";
      return col;
    });
    this.heads = heads;
    this.querySelector("thead tr").replaceChildren(...heads);
    this.querySelector("colgroup").replaceChildren(...widths);
    this.table.style.minWidth = this.columns.reduce((sum, column) => sum + column.width, 0) + "rem";
    this.rows.layOut(this.columns);
  }

  makeBoxes() {
    const box = this.querySelector(".columns-sheet");
    if (box === null) return [];
    return COLUMNS.filter((column) => !column.always).map((column) => {
      const input = element("input");
      input.type = "checkbox";
      input.addEventListener("change", () => this.chooseColumn(column.key, input.checked));
      const label = element("label", "", input);
      label.append(column.label + (column.pro ? " (Professional)" : ""));
      label.title = column.about;
      box.append(label);
      return { key: column.key, input };
    });
  }

  chooseColumn(key, on) {
    const kept = COLUMNS.filter((column) => (column.key === key ? on : this.chosen.includes(column.key))).map((column) => column.key);
    this.choose({ chosen: kept });
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
      const words = { here: "Signed in " + count(counts.here), all: "All " + count(counts.all) };
      text(label, words[show] || count(counts[show]) + " " + STATE_WORDS[show]);
      node.hidden = ALWAYS.indexOf(show) < 0 && show !== "all" && counts[show] === 0 && this.show !== show;
    }
  }

  sortBy(key) {
    this.choose({ sort: key, descending: this.sort === key ? !this.descending : false });
  }

  choose(choice) {
    Object.assign(this, choice);
    if (choice.chosen) this.layOut();
    this.showChoice();
    writeChoice({ sort: (this.descending ? "-" : "") + this.sort, show: this.show, find: this.find, columns: this.chosen.join(" ") }, USUAL);
    if (this.picture) this.draw(this.picture);
  }

  showChoice() {
    for (const show of SHOWN) attribute(this.chips[show].node, "aria-pressed", String(show === this.show));
    for (const head of this.heads) {
      const mine = head.dataset.sort === this.sort;
      attribute(head, "aria-sort", mine ? (this.descending ? "descending" : "ascending") : null);
    }
    for (const { key, input } of this.boxes) input.checked = this.chosen.includes(key);
    if (this.search.value !== this.find) this.search.value = this.find;
  }

  readChoice() {
    const given = readChoice(USUAL);
    const wanted = given.columns.split(/[\s+]+/);
    this.chosen = COLUMNS.filter((column) => !column.always && wanted.includes(column.key)).map((column) => column.key);
    const key = given.sort.replace(/^-/, "");
    this.sort = SORTS.includes(key) ? key : "name";
    this.layOut();                       // which also turns a sort by a column that is not shown into one by name
    this.descending = this.sort === key && given.sort.startsWith("-");
    this.show = SHOWN.includes(given.show) ? given.show : "here";
    this.find = given.find.slice(0, 200);
    this.showChoice();
  }
}

customElements.define("ql-agents-table", QlAgentsTable);
