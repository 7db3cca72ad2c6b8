/* How large the type of a tile is: by its room and by how far away the viewers stand. DOM-free.

   In:  a tile's box in the wall's unit (1u = 1/67.5 of the short side, 16 px at 1080 lines), the distance (3, 5 or 8 m), what is to be
        written. Out: sizes in u. The same tile has one look whatever the screen: 4K and 1080p are one picture.
   Sizes move in steps and by the longest of what a number may be (three digits), so that nothing grows and shrinks as a number ticks. */

import { textWidth } from "./text_width.js";

/* Sizes of the standard tiles by distance, in u. */
export const TYPE = {
  3: { hero: 18, value: 6.75, count: 6.25, word: 3.875, label: 2.375, name: 2, note: 2 },
  5: { hero: 18, value: 8, count: 6.25, word: 3.875, label: 2.375, name: 2, note: 2 },
  8: { hero: 24, value: 10.5, count: 8.5, word: 6, label: 3.25, name: 2.5, note: 2.5 },
};
const STEP = .125;
const ONE_LINE = .8;                     // a name this much smaller than wished still stands on one line
const TWO_LINES = .85;                   // so large are two lines of it at most
const BREAKS_ANYWHERE = /[\u3000-\u9fff]/;
const TWO_LINES_U = 10;                  // lower tiles have no room for a second one

export function typeFor(distance_m) {
  return TYPE[distance_m] || TYPE[5];
}

/* Down to a step, so that neighbours of nearly one size have the same. */
export function stepped(size) {
  return Math.max(STEP, Math.floor(size / STEP) * STEP);
}

/* The largest size at most `wished` at which the text is no wider than `room`. */
export function within(text, room, wished) {
  const width = textWidth(text);
  return width * wished <= room ? wished : stepped(room / width);
}

/* A name on one line, or on two before it would be set much smaller: {size in u, lines}. `high`: the tile's height in u, which a second line
   needs as well. */
export function labelled(text, room, wished, high) {
  const one = within(text, room, wished);
  if (one >= wished * ONE_LINE || high < TWO_LINES_U) return { size: one, lines: 1 };
  const two = Math.min(wished * TWO_LINES, stepped(room / (halved(text) * 1.02)));
  return two > one * 1.1 ? { size: two, lines: 2 } : { size: one, lines: 1 };
}

/* The least width in em at which a text stands on two lines: they break at a space, between Chinese signs anywhere. */
function halved(text) {
  if (BREAKS_ANYWHERE.test(text)) return textWidth(text) / 2 + 1.1;
  const words = text.split(" ");
  return words.reduce((least, _, place) => Math.min(least, Math.max(
    textWidth(words.slice(0, place).join(" ")), textWidth(words.slice(place).join(" ")))), Infinity);
}

/* How much smaller or larger than the standard tile's this box may set its words: a small tile less, a large one a little more. */
export function scaleOf(box, standard) {
  const least = Math.min(box.w / standard.w, box.h / standard.h);
  return Math.max(.45, Math.min(1.6, least < 1 ? least : 1 + (least - 1) * .4));
}

/* What stands at a tile's edges: room for the stripes of a severity is always kept, so that nothing moves when one comes. */
export function padding(box, distance_m) {
  const low = Math.min(1, box.h / 14);
  const narrow = Math.min(1, box.w / 14);
  return { top: 1.4 * low, side: 1.6 * narrow, start: 2.3 * narrow, bottom: (distance_m === 3 ? 1 : 1.25) * low };
}
