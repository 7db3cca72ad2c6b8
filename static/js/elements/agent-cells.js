/* The cells of an agent's performance in the table of agents. In: a column (desk/columns.js). Out: a node, and how to write a cell's value
   into it; marks what is worth a look (occupancy, missed offers) with a sign and a word, never by colour alone. */

import { count } from "../live/format.js";
import { cellText } from "../desk/columns.js";
import { attribute, element, flag, icon, text } from "./write.js";

// Longer than this for long is burn-out (docs/metrics.md); a tenth of the offers missed is worth a look.
const OCCUPANCY_HIGH = 0.85;
const MISSED_HIGH = 0.1;
const MIN_OFFERS = 10;
const ICONS = { too_few: "few", unknown: "unknown", not_on_plan: "plan" };

export function makeCell(column) {
  if (column.key === "occupancy") return occupancyCell(column);
  if (column.key === "missed") return missedCell();
  return figureCell(column);
}

function figureCell(column) {
  const glyph = element("i", "icon is-hidden");
  const words = element("span");
  const node = element("td", "right figure", glyph, words);
  function write(cell) {
    const known = cell.state === "value";
    icon(glyph, known ? null : ICONS[cell.state]);
    text(words, cellText(cell, column.unit));
    flag(words, "brief", !known);        // an icon is enough for the eye; the words are for the ear
    flag(node, "none", !known || cell.value === 0);
    attribute(node, "title", why(cell));
  }
  return { node, write };
}

function occupancyCell(column) {
  const bar = element("i");
  const track = element("span", "track", bar);
  const glyph = element("i", "icon is-hidden");
  const words = element("span");
  const figure = element("span", "figure", glyph, words);
  const warning = element("i", "icon is-hidden");
  const share = element("div", "share", track, figure, warning);
  function write(cell) {
    const known = cell.state === "value";
    const high = known && cell.value > OCCUPANCY_HIGH;
    icon(glyph, known ? null : ICONS[cell.state]);
    text(words, cellText(cell, column.unit));
    flag(figure, "none", !known);
    attribute(figure, "title", why(cell));
    track.hidden = !known;
    if (known) bar.style.width = Math.min(100, Math.max(0, cell.value * 100)) + "%";
    flag(share, "over", high);
    icon(warning, high ? "warning" : null);
    attribute(warning, "role", high ? "img" : null);
    attribute(warning, "aria-label", high ? "high" : null);
  }
  return { node: element("td", "", share), write };
}

function missedCell() {
  const glyph = element("i", "icon is-hidden");
  const number = element("span");
  const missed = element("span", "", glyph, number);
  const offers = element("span", "none");
  function write(cell, did) {
    const known = cell.state === "value";
    const all = did === null || did.offers === undefined ? null : did.offers;
    const many = known && all !== null && all >= MIN_OFFERS && cell.value / all > MISSED_HIGH;
    flag(missed, "over", many);
    icon(glyph, many ? "warning" : known ? null : "unknown");
    attribute(glyph, "role", many ? "img" : null);
    attribute(glyph, "aria-label", many ? "many" : null);
    text(number, known ? count(cell.value) : "unknown");
    flag(number, "brief", !known);
    flag(number, "none", !known || cell.value === 0);
    text(offers, all === null ? "" : " / " + count(all));
  }
  return { node: element("td", "right", missed, offers), write };
}

function why(cell) {
  if (cell.state === "too_few") return cell.have + " calls, needs " + cell.needs;
  return cell.state === "not_on_plan" ? "needs the Professional plan" : cell.state === "unknown" ? "unknown" : null;
}
