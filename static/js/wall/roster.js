/* Which agents get a chip, and how large the chips are. DOM-free.

   In:  the agents who are here, the room in u, the wished size of type, how wide their names are. Out: {chips, rest, layout: {columns, size,
   height, gap, dense, name}}. The largest size of type at which all have a chip that shows their whole short name, then their first name, then
   what fits; from a smallest size on only those whom the floor can act on, as many as fit. */

import { presence } from "../live/tiles.js";

const ACTIONABLE = ["available", "wrap_up", "away"];
const SMALLEST = .8;                     // of the wished size
const STEPS = [1, .9, SMALLEST];
const DENSE = 32;                        // so many are all shown wherever they can be read at all
const DENSEST = .7;
const WIDE = 9;                          // of a chip with a time, in its type's size; small ones give up the initial
const NARROW = 8.3;
const TIGHT = .75;                       // better one long name a little smaller than everybody's
const TIME = 3;                          // of it, the time's: "≥ 00:00"
const AROUND = 2.2;                      // of it, the sign's and the margins'
const HIGH = 1.62;                       // least height of a chip, in its type's size
const TALL = 1.8;

/* `widest`: {short, first}: of the short names and of the first names, in em. */
export function chipsFor(agents, { w, h, size, times, widest = { short: 0, first: 0 } }) {
  const room = { w, h, times };
  const ways = [];
  for (const step of STEPS) for (const name of [widest.short, widest.first, widest.first * TIGHT]) ways.push([step, name]);
  for (const step of agents.length <= DENSE ? STEPS.concat(DENSEST) : STEPS) ways.push([step, 0]);
  for (const [step, name] of ways) {
    const grid = gridFor(size * step, step === 1, name, room);
    if (agents.length <= grid.columns * grid.rows) return { chips: agents, rest: 0, layout: layoutOf(grid, agents.length, room) };
  }
  const grid = gridFor(size * SMALLEST, false, 0, room);
  const chips = agents.filter((agent) => ACTIONABLE.indexOf(presence(agent)) >= 0).slice(0, grid.columns * grid.rows);
  return { chips, rest: agents.length - chips.length, layout: layoutOf(grid, chips.length, room) };
}

function gridFor(size, roomy, name, { w, h, times }) {
  const gap = .6 * Math.min(1, size / 2);
  const wide = Math.max(roomy ? WIDE : NARROW, AROUND + TIME + name);
  const least = size * (wide - (times ? 0 : TIME));
  return {
    size, roomy, gap,
    columns: Math.max(1, Math.floor((w + gap) / (least + gap))),
    rows: Math.max(0, Math.floor((h + gap) / (HIGH * size + gap))),
  };
}

/* Fewer agents than fit stand in as few columns as fill the rows' height comfortably, wide rather than crowded. */
function layoutOf({ size, roomy, gap, columns, rows }, many, { w, h, times }) {
  const needed = Math.max(1, Math.min(rows, Math.ceil(many / columns)));
  const height = Math.min(TALL * size, (h - gap * (needed - 1)) / needed);
  const name = (w - gap * (columns - 1)) / columns / size - AROUND - (times ? TIME : 0);
  return { columns, size, height, gap, dense: !roomy, name };
}
