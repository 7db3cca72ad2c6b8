/* Which agents get a chip, and how large the chips are. DOM-free.

   In:  the agents who are here, the room in u, the wished size of type. Out: {chips, rest, layout: {columns, size, height, gap, dense}}.
   The largest size of type at which all have a chip; from a smallest size on only those whom the floor can act on, as many as fit. */

import { presence } from "../live/tiles.js";

const ACTIONABLE = ["available", "wrap_up", "away"];
const SMALLEST = .8;                     // of the wished size
const STEPS = [1, .9, SMALLEST];
const DENSE = 32;                        // so many are all shown wherever they can be read at all
const DENSEST = .7;
const WIDE = 9;                          // of a chip with a time, in its type's size; small ones give up the initial
const NARROW = 8.3;
const HIGH = 1.62;                       // least height of a chip, in its type's size
const TALL = 1.8;

export function chipsFor(agents, { w, h, size, times }) {
  for (const step of agents.length <= DENSE ? STEPS.concat(DENSEST) : STEPS) {
    const grid = gridFor(size * step, step === 1, w, h, times);
    if (agents.length <= grid.columns * grid.rows) return { chips: agents, rest: 0, layout: layoutOf(grid, agents.length, h) };
  }
  const grid = gridFor(size * SMALLEST, false, w, h, times);
  const chips = agents.filter((agent) => ACTIONABLE.indexOf(presence(agent)) >= 0).slice(0, grid.columns * grid.rows);
  return { chips, rest: agents.length - chips.length, layout: layoutOf(grid, chips.length, h) };
}

function gridFor(size, roomy, w, h, times) {
  const gap = .6 * Math.min(1, size / 2);
  const least = size * ((roomy ? WIDE : NARROW) - (times ? 0 : 3));
  return {
    size, roomy, gap,
    columns: Math.max(1, Math.floor((w + gap) / (least + gap))),
    rows: Math.max(0, Math.floor((h + gap) / (HIGH * size + gap))),
  };
}

/* Fewer agents than fit stand in as few columns as fill the rows' height comfortably, wide rather than crowded. */
function layoutOf({ size, roomy, gap, columns, rows }, many, h) {
  const needed = Math.max(1, Math.min(rows, Math.ceil(many / columns)));
  const height = Math.min(TALL * size, (h - gap * (needed - 1)) / needed);
  return { columns, size, height, gap, dense: !roomy };
}
