/* <ql-tile-backlog>: unsolved tickets of each group, by status and priority.

   In:  options label, columns, most; a picture with the server's rows (frame.widgets: `columns`, `groups`, `more`). Out: the tile. The first row is
   the board's, of the frame's own metrics; of a past whose rows nobody noted (`unrecorded`) there is no other. */

import { attribute, flag } from "../elements/write.js";
import { count } from "../live/format.js";
import { tile } from "../live/tiles.js";
import { say } from "../live/words.js";
import { labelOf } from "../wall/catalogue.js";
import { ageOf, feedNow, feedProvenance, feedSilence } from "../wall/provenance.js";
import { TableTile } from "../wall/table.js";

const ENDPOINT = "tickets";
const PRIORITIES = ["urgent", "high", "normal", "low", "no_priority"];
const LOUD = ["tickets_urgent"];

class TileBacklog extends TableTile {
  draw(picture) {
    const part = this.part(picture);
    const columns = part.columns || [];
    const feed = feedNow(picture, ENDPOINT);
    const isOld = feed.old || !picture.live;
    const groups = (part.groups || []).map((group) => ({
      name: group.name || (group.id ? say("backlog.group", { id: String(group.id) }) : say("backlog.no_group")),
      cells: group.counts.map((value, place) => cellOf(value, columns[place])),
    }));
    const totals = columns.map((name) => tile(picture.frame, name, ENDPOINT, picture.now_ms));
    const all = { name: say("table.all"), all: true, cells: totals.map((view) => cellOf(view.value, view.name)) };
    const known = feed.at_ms !== null && columns.length > 0;
    const nothing = known && totals[0].value === 0;
    this.drawTable({
      heading: this.options.label || say("backlog.heading"),
      heads: columns.map(headOf), sets: setsOf(columns),
      rows: known && !nothing ? [all, ...groups] : [], beside: part.more || 0, unrecorded: Boolean(part.unrecorded),
      none: known ? (nothing ? say("backlog.none") : "") : feedSilence(picture, ENDPOINT),
      note: feed.at_ms === null ? "" : ageOf(Object.assign(feed, { old: isOld }), picture),
    });
    flag(this, "is-stale", isOld);
    attribute(this, "title", feedProvenance(ENDPOINT, feed.at_ms, picture.now_ms));
  }
}

/* A status by its metric's short name; a priority needs no more than itself beside the others. */
function headOf(name) {
  const priority = name.replace("tickets_", "");
  return PRIORITIES.indexOf(priority) < 0 ? labelOf(name, true) : say("priority." + priority);
}

/* Which columns go first where there is no room: all; without new and on hold; unsolved and urgent; unsolved. */
function setsOf(columns) {
  const every = columns.map((_, place) => place);
  const without = (names) => every.filter((place) => names.indexOf(columns[place]) < 0);
  const ends = (name) => name === "tickets_unsolved" || name === "tickets_urgent";
  return [
    every, without(["tickets_high"]), without(["tickets_high", "tickets_low", "tickets_no_priority", "tickets_hold"]),
    without(["tickets_high", "tickets_low", "tickets_normal", "tickets_no_priority", "tickets_new", "tickets_hold"]),
    every.filter((place) => ends(columns[place])), every.slice(0, 1),
  ];
}

function cellOf(value, name) {
  if (value === null || value === undefined) return { text: "–", tone: "zero" };
  return { text: count(value), tone: value === 0 ? "zero" : LOUD.indexOf(name) >= 0 ? "loud" : "" };
}

customElements.define("ql-tile-backlog", TileBacklog);
