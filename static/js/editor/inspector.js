/* The side that tells about what is picked: a tile's options, where it lies, from how far it reads; or the board's remarks.

   In:  the picked tile, the facts, remarks, sizes. Out: calls: `set(id, option, value)`, `remove(id)`, `pick(id)`. The fields are made anew only
   when another tile is picked or its options change from outside, so that nobody loses the cursor. */

import { icon, node, own } from "./dom.js";
import { field } from "./fields.js";
import { readingRows } from "./reading.js";

export function createInspector(root, facts, { set, remove, duplicate, pick, upload, missing }) {
  let madeFor = "";
  const head = node("div"), fields = node("div", { class: "fields" }), notes = node("ul", { class: "remarks" });
  const reads = node("section", { class: "reads", hidden: true }, node("h3"), node("ul", { class: "num" }));
  const acts = node("p", { class: "acts" });
  root.append(head, notes, fields, reads, acts);

  /* `isOutside`: the options changed by undo, redo or another version, and the fields must show them. */
  function show(tile, { remarks, sizes, screen, distance_m, isOutside, board }) {
    const key = tile ? `${tile.id}:${tile.kind}:${tile.options.metric || ""}` : "";
    if (key !== madeFor || isOutside) {
      madeFor = key;
      make(tile, board);
    }
    notes.replaceChildren(...remarks.map((remark) => node("li", { class: remark.isProblem ? "problem" : "" }, icon(remark.isProblem ? "critical" : "warning"),
      remark.about && !tile ? node("button", { type: "button", class: "link", onclick: () => pick(remark.about) }, own(remark.text)) : node("span", { text: remark.text }))));
    const rows = tile && sizes ? readingRows(sizes, screen, distance_m) : [];
    reads.hidden = rows.length === 0;
    reads.querySelector("h3").textContent = `Readable on ${screen.inches}″ from`;
    reads.querySelector("ul").replaceChildren(...rows.map((row) => reading(row, distance_m)));
  }

  function reading(row, distance_m) {
    const bar = node("i");
    bar.style.width = Math.min(100, row.from_m / (2 * distance_m) * 100) + "%";
    return node("li", { class: row.short ? "short" : "" }, node("span", { text: row.name }), node("span", { class: "ruler", "aria-hidden": "true" }, bar),
      node("b", { text: `${row.from_m < 10 ? row.from_m.toFixed(1) : Math.round(row.from_m)} m` }));
  }

  function make(tile, board) {
    if (!tile) {
      head.replaceChildren(node("h2", { text: "This board" }), node("p", { class: "help", text: "Pick a tile to change it, or add one from the left. " }));
      fields.replaceChildren();
      acts.replaceChildren();
      if (board.count === 0) head.append(node("p", { text: "There is no tile yet." }));
      return;
    }
    const kind = facts.kinds[tile.kind];
    const metric = facts.metrics[tile.options.metric];
    head.replaceChildren(node("h2", { dir: "auto", text: tile.label }), node("p", { class: "help", text: kind ? `${kind.label}. ${kind.about}` : "This kind of tile is not there any more." }));
    const tools = {
      facts, upload, missing,
      metric: () => metric || (tile.kind === "wait" ? facts.metrics.longest_wait_time : undefined),
    };
    fields.replaceChildren(...(kind ? kind.options.map((option) => field(option, tile.options[option.name], { ...tools, set: (value) => set(tile.id, option.name, value) })) : []));
    acts.replaceChildren(kind ? node("button", { type: "button", class: "btn small", onclick: () => duplicate(tile.id) }, node("span", { text: "Duplicate" })) : "",
      node("button", { type: "button", class: "btn small", onclick: () => remove(tile.id) }, node("span", { text: "Remove tile" })));
  }

  function focus() {
    const first = fields.querySelector("input, select, textarea") || acts.querySelector("button");
    if (first) first.focus();
  }

  return { show, focus };
}
