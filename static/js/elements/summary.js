/* The numbers in the supervisor's summary, one cell each. In: a picture (board.js) and the cells' data-*. Same judgement, same words as
   the wall's tiles: both read live/tiles.js. */

import { contradicted } from "../live/consistency.js";
import { isCurrent } from "../live/freshness.js";
import { age, asOf, duration, quantity } from "../live/format.js";
import { tickingWait, tile } from "../live/tiles.js";
import { ICONS, limit, reason, TILE_STATES, tileClass, WORDS } from "./number.js";
import { choose, flag, icon, text } from "./write.js";

const WAIT = "longest_wait_time";

export function summaryCells(root) {
  return Array.from(root.querySelectorAll("[data-metric]"), (node) => createCell(node));
}

function createCell(node) {
  const { metric, endpoint, unit } = node.dataset;
  const value = node.querySelector(".value");
  const part = {
    glyph: value.querySelector(".icon"), figure: value.querySelector("span"), unit: value.querySelector("small"),
    icon: node.querySelector(".verdict .icon"), word: node.querySelector(".verdict b"), words: node.querySelector(".verdict span"),
  };
  const memory = {};

  function draw(picture) {
    const view = tile(picture.frame, metric, endpoint, picture.now_ms);
    const none = view.state !== "value";
    const shown = none ? null : metric === WAIT && picture.live && picture.contradiction === "none" ? tickingWait(view, picture.now_ms, memory) : view.value;
    icon(part.glyph, none ? ICONS[view.state] : null);
    text(part.figure, none ? WORDS[view.state] : quantity(shown, unit));
    text(part.unit, !none && unit === "ratio" ? "%" : "");
    flag(value, "long", !none && part.figure.textContent.length > 7);
    flag(value, "worded", none);
    flag(value, "zero", shown === 0);
    choose(node, TILE_STATES, picture.live ? tileClass(view, picture) : "is-stale");
    const [glyph, word, words] = verdict(view, unit, picture, metric === WAIT);
    icon(part.icon, glyph);
    text(part.word, word);
    text(part.words, words);
  }

  return { draw };
}

/* [icon, word, words] under a number; only a wide cell has room to say since when. */
function verdict(view, unit, picture, wide) {
  if (view.state === "value" && !(picture.live && isCurrent(view.freshness))) {
    return ["not-live", "", view.at_ms === null ? "no answer yet" : asOf(view.at_ms, picture.now_ms, picture.zone)];
  }
  if (view.state !== "value") return [null, "", reason(view, picture.source)];
  if (contradicted(picture, view.name)) return ["unknown", "", wide ? picture.source.split(" ")[0] + " contradicts itself" : "contradicts the wait"];
  const goal = limit(view.threshold, unit);
  if (view.severity !== "ok") {
    const since = !wide || view.severity_since_ms === null ? "" : " for " + duration((picture.now_ms - view.severity_since_ms) / 1000);
    return [view.severity, view.severity === "warning" ? "Warning" : "Critical", goal + since];
  }
  if (view.freshness === "late") return ["not-live", "", age(view.age_s) + " old"];
  return goal ? ["ok", "", goal] : [null, "", "no target"];
}
