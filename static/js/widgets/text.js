/* <ql-tile-text>: what people wrote, in the largest type at which all of it fits. In: options text, size, since, until (local minutes of the
   board's zone). Out: lines. Before and after its time the tile is empty and has no ground, like no tile at all. */

import { attribute, element, flag } from "../elements/write.js";
import { parts } from "../live/format.js";
import { stepped } from "../wall/fit.js";
import { linesOf } from "../wall/lines.js";
import { Tile } from "../wall/tile.js";

const WISHED = { small: 1, normal: 1.6, large: 3.2 };
const LEAST = .8;                        // u: below, the end of the text is cut off, and an ellipsis says so
const STEP = .94;
const BOLD = 1.04;                       // as wide as the labels that text_width.js measured

class TileText extends Tile {
  build() {
    this.body = element("div", "body");
    this.appendChild(this.body);
    this.lines = String(this.options.text || "").split("\n");
    for (const line of this.lines) {
      const node = element("p");
      node.dir = "auto";
      node.textContent = line || "\u00a0";
      this.body.appendChild(node);
    }
    this.fittedTo = "";
  }

  draw(picture) {
    const shown = isShown(this.options, picture.now_ms, picture.zone);
    flag(this, "is-away", !shown);
    attribute(this.body, "hidden", shown ? null : "");
    flag(this, "is-plain", true);
    const { box, type } = this;
    const now = [box.w.toFixed(1), box.h.toFixed(1), this.room.u, this.room.distance_m].join();
    if (!shown || now === this.fittedTo) return;
    this.fittedTo = now;
    const pad = this.edges();
    const w = box.w - 2 * pad.side;
    const h = box.h - pad.top - pad.bottom;
    const most = type.note * WISHED[this.options.size || "normal"] * 1.25;
    let size = most;
    while (size > LEAST && linesOf(this.lines, w / size / BOLD) * size * 1.26 > h) size *= STEP;
    const cut = size <= LEAST;
    flag(this, "is-cut", cut);
    this.body.style.webkitLineClamp = cut ? String(Math.max(1, Math.floor(h / LEAST / 1.26))) : "";
    this.size("fs-text", stepped(Math.max(size, LEAST)));
  }
}

/* `since` and `until` are "2026-11-21T09:00" in the board's zone: compared as that zone's clock shows them. */
export function isShown({ since, until }, now_ms, zone) {
  if (!since && !until) return true;
  const t = parts(now_ms, zone);
  const two = (n) => String(n).padStart(2, "0");
  const now = t.year + "-" + two(t.month) + "-" + two(t.day) + "T" + two(t.hour) + ":" + two(t.minute);
  return (!since || now >= since) && (!until || now < until);
}

customElements.define("ql-tile-text", TileText);
