/* The side that tells about what is picked: a tile's options, from how far it reads; or the board's remarks.

   In:  the picked tile, the facts, remarks, sizes. Out: calls: `set(id, option, value)`, `remove(id)`, `duplicate(id)`, `pick(id)`. The fields
   are made anew only when another tile is picked or its options change from outside, so that nobody loses the cursor. */

import { icon, node, own } from "./dom.js";
import { field } from "./fields.js";
import { readingRows } from "./reading.js";

/* What an option has that nobody has chosen yet is its default, here as on the wall. */
function valueOf(option, tile) {
  const given = tile.options[option.name];
  return given === undefined && option.default !== null ? option.default : given;
}

export function createInspector(root, facts, { set, remove, duplicate, pick, upload, missing }) {
  let madeFor = null, notesFor = "";
  const head = node("div"), fields = node("div", { class: "fields" }), notes = node("ul", { class: "remarks" });
  const reads = node("section", { class: "reads", hidden: true }, node("h3"), node("ul", { class: "num" }));
  const acts = node("p", { class: "acts" });
  root.append(head, notes, fields, reads, acts);

  /* `isOutside`: the options changed by undo, redo or another version, and the fields must show them. */
  function show(tile, { remarks, sizes, screen, distance_m, isOutside, count }) {
    const key = tile ? `${tile.id}:${tile.kind}:${tile.options.metric || ""}` : "";
    const isOther = key !== madeFor || isOutside;
    madeFor = key;
    if (isOther && tile) {
      const at = isOutside ? null : fields.contains(document.activeElement) ? document.activeElement.closest("[data-option]") : null;
      const tag = at ? document.activeElement.tagName : "";
      makeTile(tile);
      if (at) refocus(at.dataset.option, tag);
    }
    if (!tile) makeBoard(count, remarks.length);
    else head.querySelector("h2").textContent = tile.label;
    tell(remarks, Boolean(tile));
    const rows = tile && sizes ? readingRows(sizes, screen, distance_m) : [];
    reads.hidden = rows.length === 0;
    reads.querySelector("h3").textContent = `Readable on ${screen.inches}″ from`;
    reads.querySelector("ul").replaceChildren(...rows.map((row) => reading(row, distance_m)));
  }

  /* Another metric makes the fields anew, its limits with them: whoever chose it is still where they were. */
  function refocus(option, tag) {
    const holder = fields.querySelector(`[data-option="${option}"]`);
    const picker = holder && holder.querySelector("details");
    if (picker && tag === "SELECT") picker.open = true;
    const control = holder && holder.querySelector(tag);
    if (control) control.focus();
  }

  function tell(remarks, isTile) {
    const key = JSON.stringify([remarks, isTile]);
    if (key === notesFor) return;
    notesFor = key;
    notes.replaceChildren(...remarks.map((remark) => {
      const sign = icon(remark.isProblem ? "critical" : "warning");
      const leads = remark.about && !isTile;
      const words = leads ? node("button", { type: "button", class: "link", onclick: () => pick(remark.about) }, own(remark.text))
        : node("span", { text: remark.text });
      return node("li", { class: remark.isProblem ? "problem" : "" }, sign, words);
    }));
  }

  function reading(row, distance_m) {
    const bar = node("i");
    bar.style.width = Math.min(100, row.from_m / (2 * distance_m) * 100) + "%";
    const metres = row.from_m < 10 ? row.from_m.toFixed(1) : String(Math.round(row.from_m));
    return node("li", { class: row.short ? "short" : "" }, node("span", { text: row.name }),
      node("span", { class: "ruler", "aria-hidden": "true" }, bar), node("b", { text: `${metres} m` }));
  }

  function makeBoard(count, remarks) {
    const sentence = count === 0 ? "There is no tile yet. Add one from the left." : "Pick a tile to change it, or add one from the left.";
    const calm = count > 0 && remarks === 0 ? node("p", { class: "fine" }, icon("ok"), node("span", { text: "Nothing to remark." })) : null;
    head.replaceChildren(node("h2", { text: "This board" }), node("p", { class: "help", text: sentence }), ...(calm ? [calm] : []));
    fields.replaceChildren();
    acts.replaceChildren();
  }

  function makeTile(tile) {
    const kind = facts.kinds[tile.kind];
    const metric = facts.metrics[tile.options.metric] || (tile.kind === "wait" ? facts.metrics.longest_wait_time : undefined);
    const about = kind ? `${kind.label}. ${kind.about}` : "This kind of tile is not there any more. Remove it to save the board.";
    head.replaceChildren(node("h2", { dir: "auto", text: tile.label }), node("p", { class: "help", text: about }));
    const toolsFor = (option) => ({ facts, upload, missing, metric: () => metric, set: (value) => set(tile.id, option.name, value) });
    fields.replaceChildren(...(kind ? kind.options.map((option) => field(option, valueOf(option, tile), toolsFor(option))) : []));
    const button = (text, act) => node("button", { type: "button", class: "btn small", text, onclick: () => act(tile.id) });
    acts.replaceChildren(...(kind ? [button("Duplicate", duplicate)] : []), button("Remove tile", remove));
  }

  function focus() {
    const first = fields.querySelector("summary, input, select, textarea") || acts.querySelector("button");
    if (first) first.focus();
  }

  return { show, focus };
}
