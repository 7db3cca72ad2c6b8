/* The numbers in the supervisor's rows, one cell each. In: a picture (board.js) and the cells' data-*. The same judgement as the wall's
   tiles: both read live/tiles.js. */

import { filtered } from "../live/consistency.js";
import { plural, quantity } from "../live/format.js";
import { isCurrent } from "../live/freshness.js";
import { feedOf, tickingWait, tile } from "../live/tiles.js";
import { CELL_STATES, cellState, NO_NUMBER, NO_NUMBER_ICONS, verdict, verdictBeside } from "../desk/judgement.js";
import { choose, flag, icon, text } from "./write.js";

const WAIT = "longest_wait_time";
const QUEUE = "current_queue_activity";
const AGENTS = "agents_activity";

export function summaryCells(root) {
  return Array.from(root.querySelectorAll("[data-metric]"), (node) => createCell(node));
}

/* Those of tickets and of Kayako: what the vendor tells of the whole account, each with its age. They draw `pictureBeside` (desk/beside.js). */
export function cellsBeside(root) {
  return Array.from(root.querySelectorAll("[data-beside]"), (node) => {
    const { from } = node.closest("[data-from]").dataset;
    return createCell(node, (view, endpoint, unit, picture) => verdictBeside(view, endpoint, unit, picture, from));
  });
}

function createCell(node, told = null) {
  const { metric = node.dataset.beside, endpoint, unit } = node.dataset;
  const value = node.querySelector(".value");
  const part = {
    glyph: value.querySelector(".icon"), figure: value.querySelector("span"), unit: value.querySelector("small"),
    icon: node.querySelector(".verdict .icon"), word: node.querySelector(".verdict b"), words: node.querySelector(".verdict span"),
  };
  const wide = metric === WAIT;
  const memory = {};

  function draw(picture) {
    const view = tile(picture.frame, metric, endpoint, picture.now_ms);
    const none = view.state !== "value";
    const shown = none ? null : wide && picture.live && picture.contradiction === "none" ? tickingWait(view, picture.now_ms, memory) : view.value;
    icon(part.glyph, none ? NO_NUMBER_ICONS[view.state] : null);
    text(part.figure, none ? NO_NUMBER[view.state] : quantity(shown, unit));
    text(part.unit, !none && unit === "ratio" ? "%" : "");
    flag(value, "long", !none && part.figure.textContent.length > 7);
    flag(value, "worded", none);
    flag(value, "zero", shown === 0);
    choose(node, CELL_STATES, cellState(view, picture));
    const [glyph, word, words] = told ? told(view, endpoint, unit, picture) : ofAll(view, picture) || verdict(view, unit, picture, wide);
    icon(part.icon, glyph);
    text(part.word, word);
    text(part.words, words);
  }

  return { draw };
}

/* A count of agents has no target; it is read against all who are there. */
function ofAll(view, picture) {
  if (!view.name.startsWith("agents_") || view.state !== "value" || view.threshold || !picture.live || view.freshness !== "live") return null;
  // The queue's feed knows lines and the agents' feed groups: on a board of some, those are not the same people.
  if ([AGENTS, QUEUE].map((endpoint) => feedOf(picture.frame, endpoint)).some((found) => found && filtered(found.id))) return [null, "", ""];
  const online = tile(picture.frame, "agents_online", QUEUE, picture.now_ms);
  return [null, "", online.state === "value" && isCurrent(online.freshness) ? "of " + plural(online.value, "online", "online") : ""];
}
