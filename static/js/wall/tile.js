/* <ql-tile-KIND>: what every tile on a wall has in common. A kind's own file extends this and overrides `build` and `draw`.

   In:  the widget (id, kind, options), its box, a picture (wall/picture.js). Out: the tile's markup, kept up to date.
   A tile draws each second and at each message, so `draw` writes only what changed (elements/write.js) and asks the page for no sizes:
   `box` has the tile's width and height already. */

import { choose } from "../elements/write.js";
import { contradicted } from "../live/consistency.js";
import { isCurrent } from "../live/freshness.js";
import { padding, typeFor } from "./fit.js";

export const TILE_STATES = ["is-ok", "is-warning", "is-critical", "is-stale", "is-plain"];

export class Tile extends HTMLElement {
  /* Called when the tile is made and when its options change. Keeps nothing of before: `build` begins with an empty element. */
  setup(widget) {
    this.widget = widget;
    this.options = widget.options || {};
    while (this.firstChild) this.removeChild(this.firstChild);
    this.fitted = {};
    this.build();
  }

  /* Makes the markup once, without values. */
  build() {}

  draw() {}

  /* What the server added to the frame for this widget. */
  part(picture) {
    return (picture.frame.widgets || {})[this.widget.id] || {};
  }

  /* Told by the view before each drawing: `box` {w, h} in u, `full` the same without the
     NOT LIVE band; `u` in px; `distance_m`; `upright`; `files`: the page's map of files. */
  place(room) {
    this.room = room;
    this.box = room.box;
    this.type = typeFor(room.distance_m);
  }

  get far() {
    return this.room.distance_m === 8;
  }

  get near() {
    return this.room.distance_m === 3;
  }

  /* Sets `--name` of `node` to a length of u; only when it is another than before. */
  size(name, length_u, node = this) {
    const value = Math.round(length_u * this.room.u * 10) / 10 + "px";
    const key = name + (node === this ? "" : node.className);
    if (this.fitted[key] === value) return;
    this.fitted[key] = value;
    node.style.setProperty("--" + name, value);
  }

  /* Keeps the room at the tile's edges; gives it: {top, side, start, bottom} in u, before `shrink`. */
  edges(box = this.box, shrink = 1) {
    const pad = padding(box, this.room.distance_m);
    this.size("pad-top", pad.top * shrink);
    this.size("pad-side", pad.side);
    this.size("pad-start", pad.start);
    this.size("pad-bottom", pad.bottom * shrink);
    return pad;
  }

  /* The tile's class by a judged metric (live/tiles.js `tile`). A value that is not current, or that its own source contradicts, has no
     severity; without a threshold or a value there is none to have. */
  colour(view, picture) {
    choose(this, TILE_STATES, picture.live ? stateOf(view, picture) : "is-stale");
  }
}

function stateOf(view, picture) {
  if (view.freshness === "stale" || view.freshness === "down") return "is-stale";
  if (contradicted(picture, view.name)) return "is-plain";
  return view.state === "value" && view.threshold ? "is-" + view.severity : "is-plain";
}

/* Whether a judged metric may be read as a number of now. */
export function isNow(view, picture) {
  return picture.live && view.state === "value" && isCurrent(view.freshness);
}
