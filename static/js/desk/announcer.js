/* What a screen reader is told while the page ticks: that a number's severity has changed, and nothing else. DOM-free.
   In: a picture (board.js), at each drawing, and the numbers that are watched ({metric, endpoint, unit, label}). Out: a sentence, or "".
   The first picture and one that is not live change nothing: the page's own notice speaks of that. */

import { tile } from "../live/tiles.js";
import { cellState, goal, withUnit } from "./judgement.js";

const WORDS = { "is-warning": "warning", "is-critical": "critical", "is-ok": "on target again" };

export function createAnnouncer(watched) {
  const before = new Map();

  function hear(picture) {
    if (!picture.live || !picture.frame) return "";
    const said = [];
    for (const each of watched) {
      const view = tile(picture.frame, each.metric, each.endpoint, picture.now_ms);
      const state = cellState(view, picture);
      if (WORDS[state] === undefined) continue;
      const known = before.get(each.metric);
      before.set(each.metric, state);
      if (known === undefined || known === state) continue;
      const target = goal(view.threshold, each.unit);
      said.push(each.label + " " + WORDS[state] + ": " + withUnit(view.value, each.unit) + (target ? ", target " + target : "") + ".");
    }
    return said.join(" ");
  }

  return { hear };
}
