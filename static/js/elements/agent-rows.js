/* The rows of the agents' table. In: rows (live/rows.js) in their order, the columns. Out: their markup, kept up to date.
   Each row is made once and kept by the agent's id; a drawing writes only the cells that changed, and moves only the rows that changed place.
   Text is written as text: a name is never HTML. */

import { cellOf, STATE_WORDS } from "../desk/columns.js";
import { staying } from "../live/order.js";
import { makeCell } from "./agent-cells.js";
import { element, icon, text } from "./write.js";

/* The icon of each state. */
export const GLYPHS = {
  available: "available", on_call: "on-call", wrap_up: "wrap-up", away: "away", transfers_only: "transfers", offline: "offline", unknown: "unknown",
};

export class AgentRows {
  /* `body`: the table's tbody. */
  constructor(body) {
    this.body = body;
    this.known = new Map();
    this.columns = [];
  }

  /* Other columns: every row is made anew. */
  layOut(columns) {
    this.columns = columns;
    this.body.replaceChildren();
    this.known.clear();
  }

  /* The rows as they are shown. `professional`: whether the plan sends what only that one does. */
  draw(rows, professional) {
    this.place(rows.map((row) => this.drawRow(row, professional)));
  }

  /* How long an agent's state has lasted, as text. The text node itself is rewritten: a new one each second would be work for nothing. */
  tick(id, since) {
    const parts = this.known.get(id);
    if (parts.since.data !== since) parts.since.data = since;
  }

  /* Agents that are not among these are listed no more. */
  forget(rows) {
    if (this.known.size <= rows.length) return;
    const ids = new Set(rows.map((row) => row.id));
    for (const id of this.known.keys()) if (!ids.has(id)) this.known.delete(id);
  }

  drawRow(row, professional) {
    let parts = this.known.get(row.id);
    if (parts === undefined) this.known.set(row.id, parts = this.makeRow());
    if (parts.name.textContent !== row.name) {
      text(parts.name, row.name);
      parts.name.title = row.name;
    }
    if (parts.presence !== row.presence) {
      parts.presence = row.presence;
      parts.row.className = "state-" + row.presence;
      icon(parts.glyph, GLYPHS[row.presence]);
      text(parts.word, STATE_WORDS[row.presence]);
    }
    if (parts.did !== row.did || parts.professional !== professional) {
      parts.did = row.did;
      parts.professional = professional;
      for (const { column, write } of parts.cells) write(cellOf(row, column, professional), row.did);
    }
    return parts.row;
  }

  makeRow() {
    const name = element("th");
    name.scope = "row";
    name.dir = "auto";
    const glyph = element("i", "icon");
    const word = element("span");
    const since = document.createTextNode("");
    const row = element("tr", "", name, element("td", "state", glyph, word), element("td", "right", since));
    const cells = this.columns.filter((column) => !column.always).map((column) => {
      const { node, write } = makeCell(column);
      row.append(node);
      return { column, write };
    });
    return { row, name, glyph, word, since, cells, presence: null, did: undefined, professional: null };
  }

  /* The rows in this order. Those that stand in it already stay: where one agent goes from the first place to the last, one row moves. */
  place(rows) {
    const wanted = new Set(rows);
    const before = new Map();
    for (const row of Array.from(this.body.children)) {
      if (wanted.has(row)) before.set(row, before.size);
      else row.remove();
    }
    const stay = staying(rows.map((row) => (before.has(row) ? before.get(row) : -1)));
    let next = null;
    for (let place = rows.length - 1; place >= 0; place -= 1) {
      if (!stay.has(place)) this.body.insertBefore(rows[place], next);
      next = rows[place];
    }
  }
}
