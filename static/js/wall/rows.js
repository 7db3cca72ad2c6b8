/* Rows of a list on a tile: made once, used again, and of one size that lets all of them in, or says how many are left out.

   In:  the list's element, what each row is made of, how many there are and how much room. Out: the rows in view. */

import { element, flag, text } from "../elements/write.js";
import { say } from "../live/words.js";
import { stepped } from "./fit.js";

const LEAST_OF_ALL_U = .75;              // where not even one row and "3 more" have room
const LEAST_U = { 3: 1.125, 5: 1.25, 8: 2 };
const LINE = 1.55;                       // css/rows.css: a row with its line and what stands above it

/* `make()` gives {root, …}; the root is put into a list item. */
export function createRows(make) {
  const root = element("ul", "rows");
  const more = element("p", "rows-more");
  const rows = [];

  /* Sizes for `many` rows in `high` u, at most `wished` u each: {shown, size}. Where not all can be read, the last line says how many more. */
  function sizes(many, high, wished, distance_m) {
    const smallest = LEAST_U[distance_m] || LEAST_U[5];
    const least = smallest * LINE;
    const fits = Math.max(1, Math.floor(high / least));
    const shown = many <= fits ? many : Math.max(1, fits - 1);
    const lines = many <= fits ? many : shown + 1;
    const room = stepped(high / Math.max(1, lines) / LINE);
    const size = Math.max(fits < lines ? LEAST_OF_ALL_U : smallest, Math.min(wished, room));
    return { shown, size };
  }

  function draw(many, shown, drawRow) {
    while (rows.length < shown) {
      const row = make();
      rows.push(row);
      root.appendChild(row.root);
    }
    rows.forEach((row, place) => {
      flag(row.root, "is-hidden", place >= shown);
      if (place < shown) drawRow(row, place);
    });
    text(more, many > shown ? say("rows.more", { n: many - shown }) : "");
  }

  return { root, more, sizes, draw };
}
