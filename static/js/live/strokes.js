/* Points as the path of an SVG: a line that ends at a gap and begins anew behind it. DOM-free.

   In:  values (null: a gap), the top of the scale, whether a fall is a new day (a total of the day), where the scale begins (0, or below where
        a number may fall below 0: the area then hangs from 0). Out: path data in a box of (values.length - 1) by 100, heights from above. */

const TOP = 100;

/* {line, area, last: {x, y} as shares of the box, or null when the newest value is a gap}. */
export function strokes(values, top, isDaily, low = 0) {
  const runs = runsOf(values, isDaily);
  const width = Math.max(1, values.length - 1);
  const share = (value) => Math.max(0, Math.min(1, (value - low) / (top - low)));
  const height = (value) => short(TOP - share(value) * TOP);
  const place = ([at, value]) => short(at) + " " + height(value);
  let line = "";
  let area = "";
  for (const run of runs) {
    // A value alone between two gaps is a short dash, for a point has no length.
    const drawn = run.length > 1 ? run : [[Math.max(0, run[0][0] - .5), run[0][1]], [Math.min(width, run[0][0] + .5), run[0][1]]];
    const points = drawn.map(place);
    line += "M" + points.join("L");
    area += "M" + short(drawn[0][0]) + " " + height(0) + "L" + points.join("L") + "L" + short(drawn[drawn.length - 1][0]) + " " + height(0) + "Z";
  }
  const newest = values.length ? values[values.length - 1] : null;
  return { line, area, last: newest === null ? null : { x: 1, y: 1 - share(newest) } };
}

function runsOf(values, isDaily) {
  const runs = [];
  let before = null;
  values.forEach((value, at) => {
    if (value === null) {
      before = null;
      return;
    }
    if (before === null || (isDaily && value < before)) runs.push([]);
    runs[runs.length - 1].push([at, value]);
    before = value;
  });
  return runs;
}

function short(n) {
  return String(Math.round(n * 10) / 10);
}
