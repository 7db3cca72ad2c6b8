/* What the tiles with a table have in common: names down the side, a few numbers each, a first row for all of them, and how old it is.

   In:  a kind's columns and rows as plain objects. Out: the table, sized so that it can be read from where people stand: where there is no
   room, columns go first and then rows, and the last line says how many. A kind's own file extends this. */

import { attribute, element, flag, icon, text } from "../elements/write.js";
import { say } from "../live/words.js";
import { scaleOf, stepped, within } from "./fit.js";
import { textWidth } from "./text_width.js";
import { Tile } from "./tile.js";

const STANDARD = { w: 56, h: 24 };
const LEAST_U = { 3: 1.125, 5: 1.25, 8: 2 };
const LINE = 1.5;                        // a row, in its own size; more where there is room
const MOST_LINE = 1.9;
const HEAD = .78;                        // a column's name beside a row's
const NAME_EM = 21;                      // so much of a name is seen where there is room: less beside many columns, and so much at least
const NAME_LESS_EM = 1.7;
const LEAST_NAME_EM = 6;
const GAP_EM = 1.1;
const SMALLER = .82;                     // as table.css sets a name that is a little too long
const LIGHTER = .94;                     // a row is set lighter, and so narrower, than a label, for which widths are measured

export class TableTile extends Tile {
  build() {
    this.label = element("h2");
    this.name = element("bdi", "name");
    this.aside = element("span", "num");
    this.label.appendChild(this.name);
    this.label.appendChild(this.aside);
    this.head = element("tr", "", element("td"));
    this.body = element("tbody");
    this.table = element("table", "sheet num", element("thead", "", this.head), this.body);
    this.more = element("p", "rows-more");
    this.none = element("p", "nothing");
    this.sign = element("i", "icon is-hidden");
    this.note = element("span", "limit");
    this.lines = [];
    const foot = element("p", "target num", this.sign, this.note);
    for (const part of [this.label, this.table, this.more, this.none, foot]) this.appendChild(part);
  }

  /* `heads`: the columns' names. `sets`: which columns, the widest choice first. `rows`: {name, cells: [{text, tone, icon}], all, title}; the
     first of them may be for all. `beside`: rows that were not sent. `unrecorded`: of the past, and nobody noted the rows. `none`: a sentence
     instead of rows. */
  drawTable({ heading, aside = "", heads, sets, rows, beside = 0, unrecorded = false, none = "", note = "" }) {
    text(this.name, heading);
    text(this.none, none);
    icon(this.sign, note ? "not-live" : null);
    text(this.note, note);
    attribute(this.table, "aria-label", heading);
    flag(this.table, "is-hidden", rows.length === 0);
    const { columns, shown, widths, names } = this.fit(heads, sets, rows, aside);
    const wanted = new Set(columns);
    while (this.head.children.length <= heads.length) this.head.appendChild(this.newHead(this.head.children.length - 1));
    heads.forEach((head, place) => {
      text(this.head.children[place + 1], head);
      flag(this.head.children[place + 1], "is-hidden", !wanted.has(place));
    });
    columns.forEach((place, i) => { this.size("col-" + place, widths[i]); });
    while (this.lines.length < shown) this.lines.push(this.newLine(heads.length));
    this.lines.forEach((line, place) => {
      flag(line.root, "is-hidden", place >= shown);
      if (place < shown) drawLine(line, rows[place], wanted, names);
    });
    const left = rows.length - shown + beside;
    const rest = left > 0 ? say("rows.more", { n: left }) : unrecorded ? say("table.unrecorded") : "";
    text(this.more, rows.length > 0 ? rest : "");
    flag(this.more, "is-said", unrecorded && left <= 0);
  }

  newHead(place) {
    const head = attributed(element("th"), "scope", "col");
    head.style.width = "var(--col-" + place + ")";
    return head;
  }

  newLine(many) {
    const line = { name: element("bdi"), cells: [] };
    line.root = element("tr", "", attributed(element("th", "", line.name), "scope", "row"));
    for (let i = 0; i < many; i += 1) {
      const cell = { sign: element("i", "icon is-hidden"), figure: element("b") };
      cell.root = element("td", "", cell.sign, cell.figure);
      line.cells.push(cell);
      line.root.appendChild(cell.root);
    }
    this.body.appendChild(line.root);
    return line;
  }

  /* Sizes of everything: {columns, shown, widths in u, names in em of the row: the room for a name}. */
  fit(heads, sets, rows, aside) {
    const { box, type } = this;
    const pad = this.edges();
    const room = box.w - pad.start - pad.side;
    const scale = scaleOf(box, STANDARD);
    const label = within(this.name.textContent, room, type.label * Math.max(.65, scale));
    const note = stepped(Math.min(type.note, 2) * Math.max(.62, Math.min(1, scale)));
    const isRoomy = textWidth(this.name.textContent) * label + (textWidth(aside) + 2) * note <= room;
    text(this.aside, isRoomy ? aside : "");
    this.size("fs-label", label);
    this.size("fs-note", note);
    if (rows.length === 0) {
      const words = textWidth(this.none.textContent) / 2.6;
      this.size("fs-row", Math.max(1.125, Math.min(type.note, stepped(room / Math.max(6, words)))));
      return { columns: [], shown: 0, widths: [], names: 0 };
    }
    const least = LEAST_U[this.room.distance_m] || LEAST_U[5];
    const wished = Math.max(least, Math.min(type.label, type.note * 1.1) * Math.min(1.15, scale));
    const longest = Math.max(...rows.map((row) => textWidth(row.name))) + .6;
    const needs = (set) => LEAST_NAME_EM + sum(columnsEm(set, heads, rows, false));
    const columns = sets.find((set) => needs(set) * least <= room) || sets[sets.length - 1];
    const names = Math.max(LEAST_NAME_EM, Math.min(longest, NAME_EM - NAME_LESS_EM * columns.length));
    const inOneLine = columnsEm(columns, heads, rows, true);
    const broken = columnsEm(columns, heads, rows, false);
    const widths = (names + sum(inOneLine)) * wished * .88 <= room ? inOneLine : broken;
    const fitting = stepped(room / (names + sum(widths)));
    const tall = HEAD * 1.25 * headLines(columns, heads, widths) + .6;
    const high = box.h - pad.top - pad.bottom - label * 1.35 - (this.note.textContent ? note * 1.25 : 0);
    const inAll = stepped(high / (tall + rows.length * LINE));
    const size = Math.max(least, Math.min(wished, Math.max(least, fitting), inAll));
    const fits = Math.max(1, Math.floor((high / size - tall) / LINE));
    const shown = rows.length <= fits ? rows.length : Math.max(1, fits - 1);
    const row = Math.min(size, stepped(room / (3 + sum(widths))));
    this.size("fs-row", row);
    this.size("line-high", row * Math.max(LINE, Math.min(MOST_LINE, (high / row - tall) / (shown + (shown < rows.length ? 1 : 0)))));
    return { columns, shown, widths: widths.map((em) => em * row), names: room / row - sum(widths) };
  }
}

/* How wide each of these columns must be, in em: a number is never cut; a name of two words may break, unless `whole`. */
function columnsEm(set, heads, rows, whole) {
  return set.map((place) => {
    const words = (whole ? [heads[place]] : heads[place].split(" ")).map((word) => textWidth(word) * HEAD);
    const cells = rows.map((row) => textWidth(row.cells[place].text) * 1.06 + (row.cells[place].icon ? 1.2 : 0));
    return GAP_EM + Math.max(1.5, ...words, ...cells);
  });
}

function headLines(set, heads, widths) {
  return set.some((place, i) => textWidth(heads[place]) * HEAD > widths[i] - GAP_EM * .6) ? 2 : 1;
}

function sum(numbers) {
  return numbers.reduce((all, each) => all + each, 0);
}

/* A name that is a little longer than its place is set a little smaller; one much longer stands on two lines of a still smaller size, in the
   height of one. */
function drawLine(line, row, wanted, names) {
  text(line.name, row.name);
  const needs = textWidth(row.name) * LIGHTER;
  flag(line.root, "is-longer", needs > names && needs * SMALLER <= names);
  flag(line.root, "is-long", needs * SMALLER > names);
  flag(line.root, "is-all", Boolean(row.all));
  attribute(line.root, "title", row.title || null);
  line.cells.forEach((cell, place) => {
    const given = row.cells[place];
    flag(cell.root, "is-hidden", !wanted.has(place));
    icon(cell.sign, given.icon || null);
    text(cell.figure, given.text);
    flag(cell.root, "is-zero", given.tone === "zero");
    flag(cell.root, "is-loud", given.tone === "loud");
    flag(cell.root, "is-bad", given.tone === "bad");
  });
}

function attributed(node, name, value) {
  node.setAttribute(name, value);
  return node;
}
