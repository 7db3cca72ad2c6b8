/* From how far a text can be read: its cap height against the angle that an eye needs. DOM-free.

   In:  sizes in pixels of a picture of `width` by `height`, the screen's diagonal in inches. Out: metres.
   20 minutes of arc read comfortably; 12 are the floor for words that people know by their place. Inter's capitals are .727 em high. */

const CAP_EM = .727;
const MM_PER_INCH = 25.4;
const tan = (minutes) => Math.tan(minutes / 60 * Math.PI / 180);
const NEEDS = { number: 20, label: 12, note: 12 };
export const NAMES = { number: "Number", label: "Label", note: "Small print" };
// At 8 m the design's own labels read from 6.9 m: they are learnt by place. Smaller than that is too small.
const ENOUGH = .85;

export function readableFrom_m(px, role, { width, height, inches }) {
  const mmPerPx = inches * MM_PER_INCH / Math.hypot(width, height);
  return px * CAP_EM * mmPerPx / tan(NEEDS[role]) / 1000;
}

/* Rows for a table: [{role, name, from_m, short}]; `sizes` {number, label, note} in px, absent where the tile has none. */
export function readingRows(sizes, screen, distance_m) {
  return Object.keys(NAMES).filter((role) => sizes[role] > 0).map((role) => {
    const from_m = readableFrom_m(sizes[role], role, screen);
    return { role, name: NAMES[role], from_m, short: from_m < distance_m * ENOUGH };
  });
}

/* Sentences about texts that are too small; notes may be, they are for whoever comes nearer. */
export function tooSmall(rows, distance_m) {
  return rows.filter((row) => row.short && row.role !== "note")
    .map((row) => `Its ${row.name.toLowerCase()} reads from ${row.from_m.toFixed(1)} m, not from ${distance_m} m: make the tile larger.`);
}
