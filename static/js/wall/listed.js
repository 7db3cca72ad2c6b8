/* What the tiles of a list have in common: a heading, rows, a sentence where there are none, and how old what they show is.

   In:  how a row is made; then what they say. Out: those parts, written and sized. A kind's own file extends this. */

import { element, icon, text } from "../elements/write.js";
import { scaleOf, stepped, within } from "./fit.js";
import { createRows } from "./rows.js";
import { Tile } from "./tile.js";

export class ListTile extends Tile {
  /* `make()` gives a row, {root, …} (wall/rows.js). */
  made(make) {
    this.label = element("h2");
    this.label.dir = "auto";
    this.rows = createRows(make);
    this.none = element("p", "nothing");
    this.sign = element("i", "icon is-hidden");
    this.note = element("span", "limit");
    const foot = element("p", "target num", this.sign, this.note);
    for (const part of [this.label, this.rows.root, this.rows.more, this.none, foot]) this.appendChild(part);
  }

  /* Heading, the sentence of an empty list, and the note about age; each may be empty. */
  write(heading, none, note) {
    text(this.label, heading);
    text(this.none, none);
    icon(this.sign, note ? "not-live" : null);
    text(this.note, note);
  }

  /* Edges, heading and note of a tile whose standard size is `standard`: what they leave for rows, {room, high} in u. */
  fitHead(standard) {
    const { box, type } = this;
    const pad = this.edges();
    const scale = scaleOf(box, standard);
    const room = box.w - 2 * pad.side;
    const label = within(this.label.textContent, room, type.label * Math.max(.65, scale));
    const note = stepped(Math.min(type.note, 2) * Math.max(.62, Math.min(1, scale)));
    this.size("fs-label", label);
    this.size("fs-note", note);
    return { room, high: box.h - pad.top - pad.bottom - label * 1.35 - (this.note.textContent ? note * 1.25 : 0) };
  }
}
