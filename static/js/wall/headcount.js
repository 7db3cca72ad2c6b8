/* How many agents are in which state: a row of icon, number and word, for the tiles "agents" and "counts".

   In:  a picture, the room for the row. Out: a list element, kept up to date. Where names do not leave the server, the counts are the
   metrics agents_available and the like; else they are counted from the list, so that numbers and chips never disagree. */

import { attribute, element, flag, text } from "../elements/write.js";
import { count } from "../live/format.js";
import { presence } from "../live/tiles.js";
import { say } from "../live/words.js";
import { stepped } from "./fit.js";
import { textWidth } from "./text_width.js";

export const STATES = ["available", "on_call", "wrap_up", "away", "transfers_only", "unknown"];
export const ICONS = {
  available: "available", on_call: "on-call", wrap_up: "wrap-up", away: "away", transfers_only: "transfers", unknown: "unknown",
};
const ALWAYS = ["available", "on_call", "wrap_up", "away"];
const SIGN = .44;                        // of the number's size
const WORD = .38;
const BELOW = 1.55;                      // how high a number and its word below are, of the number's size

export function createHeadcount() {
  const root = element("ul", "counts");
  const parts = {};
  for (const state of STATES) {
    const number = element("b");
    const word = element("span", "word");
    const node = element("li", "state-" + state, element("i", "icon i-" + ICONS[state]), number, word);
    node.dataset.state = state;
    parts[state] = { node, number, word };
    root.appendChild(node);
  }

  /* `sums`: agents by state, or null: not known. `room`: {w, h} and the wished size in u, `shrink`: how much less of it is there now.
     Returns how high the row will be in the whole room, in u. */
  function draw(sums, tile, room) {
    const figures = [];
    for (const state of STATES) {
      const sum = sums === null ? 0 : sums[state] || 0;
      const { node, number, word } = parts[state];
      const visible = ALWAYS.indexOf(state) >= 0 || sum > 0;
      attribute(node, "hidden", visible ? null : "");
      text(number, sums === null ? "?" : count(sum));
      text(word, say("state." + state));
      flag(node, "is-none", sums !== null && sum === 0);
      if (visible) figures.push({ figure: textWidth(number.textContent.padStart(2, "0")), word: textWidth(word.textContent) });
    }
    return fit(figures, tile, room);
  }

  /* All in one line with the words beside the numbers; where that would be small, the words go below. In a high room: a column. Columns are
     equal, so that no count moves when another one gets a digit; only where that costs much type does each take what it needs. */
  function fit(figures, tile, { w, h, wished, shrink = 1 }) {
    const inLine = figures.map((each) => SIGN + .18 + each.figure + .18 + each.word * WORD + .3);
    const stacked = figures.map((each) => Math.max(SIGN + .18 + each.figure, each.word * WORD) + .3);
    const column = Math.min(h / (figures.length * 1.15), w / Math.max(...inLine));
    const sizes = {
      beside: Math.min(wished, across(inLine, w), h / .95), below: Math.min(wished, across(stacked, w), h / BELOW), column: Math.min(wished, column),
    };
    const way = sizes.column > sizes.beside * 1.3 && sizes.column > sizes.below ? "column" : sizes.below > sizes.beside * 1.25 ? "below" : "beside";
    const size = stepped(sizes[way]);
    const widths = way === "below" ? stacked : inLine;
    flag(root, "is-below", way === "below");
    flag(root, "is-column", way === "column");
    flag(root, "is-packed", way !== "column" && widths.length * Math.max(...widths) * size > w);
    tile.size("fs-count", size * shrink);
    return way === "column" ? size * 1.15 * figures.length : size * (way === "below" ? BELOW : .9);
  }

  return { root, draw };
}

/* Agents by state, of the list where the board names people, else of the metrics; null: not known. */
export function sumsOf(picture) {
  const frame = picture.frame;
  if (frame.board.names !== "none") {
    const sums = {};
    for (const agent of frame.agents || []) sums[presence(agent)] = (sums[presence(agent)] || 0) + 1;
    return sums;
  }
  const sums = {};
  for (const state of STATES) {
    const metric = (frame.metrics || {})["agents_" + state];
    if (metric && metric.value !== undefined) sums[state] = metric.value;
    else if (ALWAYS.indexOf(state) >= 0) return null;
  }
  return sums;
}

/* The size of type at which these widths (in em) stand side by side. */
function across(widths, w) {
  const packed = w / sum(widths);
  const equal = w / (widths.length * Math.max(...widths));
  return packed > equal * 1.15 ? packed : equal;
}

function sum(list) {
  return list.reduce((all, each) => all + each, 0);
}
