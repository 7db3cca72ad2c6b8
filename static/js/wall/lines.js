/* How many lines a text takes. In: its lines, the width in em. Out: a number of lines, as a browser breaks them: at spaces, and within a
   word that is longer than a line. DOM-free. */

import { textWidth } from "./text_width.js";

export function linesOf(lines, width) {
  let sum = 0;
  for (const line of lines) {
    let at = 0;
    sum += 1;
    for (const word of line.split(/\s+/)) {
      const wide = textWidth(word);
      const gap = at === 0 ? 0 : .27;
      if (at + gap + wide <= width) at += gap + wide;
      else {
        if (at > 0) sum += 1;
        const over = Math.max(1, Math.ceil(wide / width * 1.02));
        sum += over - 1;
        at = wide - (over - 1) * width;
      }
    }
  }
  return sum;
}
