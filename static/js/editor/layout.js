/* Places on the grid: moving, resizing, overlaps, the first free place. DOM-free, pure: nothing here changes its arguments.

   In:  places {x, y, w, h} in whole cells, the grid {columns, rows}. Out: new places. */

const clamp = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most));

/* `place` moved by whole cells, kept on the grid. */
export function moved(place, dx, dy, grid) {
  return { ...place, x: clamp(place.x + dx, 0, grid.columns - place.w), y: clamp(place.y + dy, 0, grid.rows - place.h) };
}

/* `place` with the edges named in `edges` (letters of n, e, s, w) moved; never smaller than `least` [w, h], never off the grid. */
export function resized(place, edges, dx, dy, least, grid) {
  let { x, y, w, h } = place;
  const leastW = Math.min(least[0], grid.columns), leastH = Math.min(least[1], grid.rows);
  if (edges.includes("e")) w = clamp(w + dx, leastW, grid.columns - x);
  if (edges.includes("s")) h = clamp(h + dy, leastH, grid.rows - y);
  if (edges.includes("w")) {
    const left = clamp(x + dx, 0, x + w - leastW);
    w += x - left;
    x = left;
  }
  if (edges.includes("n")) {
    const top = clamp(y + dy, 0, y + h - leastH);
    h += y - top;
    y = top;
  }
  return { x, y, w, h };
}

export function overlap(a, b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* The pairs [id, id] that lie on top of each other; `placed`: [{id, place}]. */
export function overlaps(placed) {
  const out = [];
  placed.forEach((a, index) => {
    for (const b of placed.slice(index + 1)) if (overlap(a.place, b.place)) out.push([a.id, b.id]);
  });
  return out;
}

/* The first free place for `size` [w, h], reading order; smaller down to `least` where there is none; null when the board is full. */
export function freePlace(size, least, taken, grid) {
  for (const [w, h] of sizes(size, least, grid)) {
    for (let y = 0; y + h <= grid.rows; y += 1) {
      for (let x = 0; x + w <= grid.columns; x += 1) {
        const place = { x, y, w, h };
        if (!taken.some((other) => overlap(place, other))) return place;
      }
    }
  }
  return null;
}

function sizes(size, least, grid) {
  const out = [];
  let w = Math.min(size[0], grid.columns), h = Math.min(size[1], grid.rows);
  const leastW = Math.min(least[0], w), leastH = Math.min(least[1], h);
  for (;;) {
    out.push([w, h]);
    if (w === leastW && h === leastH) return out;
    w = Math.max(leastW, w - 1);
    h = Math.max(leastH, h - 1);
  }
}

/* The place of `size` nearest to where somebody points (cells, fractions allowed), on the grid. */
export function placeAt(x, y, size, grid) {
  const w = Math.min(size[0], grid.columns), h = Math.min(size[1], grid.rows);
  return { x: clamp(Math.round(x), 0, grid.columns - w), y: clamp(Math.round(y), 0, grid.rows - h), w, h };
}

/* An id that none of `ids` is. */
export function freshId(kind, ids) {
  const base = kind.slice(0, 18);
  if (!ids.includes(base)) return base;
  let number = 2;
  while (ids.includes(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}
