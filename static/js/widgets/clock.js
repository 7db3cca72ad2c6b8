/* <ql-tile-clock>: the time, here or elsewhere, by the server's clock: a TV's own may be wrong by years.
   In: options label, time_zone (absent: the board's), seconds, date. Out: time and date. Before the server has told the time: none. */

import { attribute, element, flag, text } from "../elements/write.js";
import * as format from "../live/format.js";
import { say } from "../live/words.js";
import { stepped, within } from "../wall/fit.js";
import { textWidth } from "../wall/text_width.js";
import { Tile } from "../wall/tile.js";

class TileClock extends Tile {
  build() {
    const p = this.parts = { label: element("h2"), time: element("time", "face"), seconds: element("small", "num"), date: element("p", "day") };
    p.label.dir = p.date.dir = "auto";
    p.hours = element("span");
    p.time.appendChild(p.hours);
    p.time.appendChild(p.seconds);
    for (const part of [p.label, p.time, p.date]) this.appendChild(part);
  }

  draw(picture) {
    const { box, type, parts: p, options } = this;
    const zone = options.time_zone || picture.zone;
    const label = options.label || (options.time_zone && options.time_zone !== picture.zone ? placeOf(options.time_zone) : "");
    const known = picture.clock_ms !== null;
    const t = known ? format.parts(picture.clock_ms, zone) : null;
    text(p.label, label);
    text(p.hours, known ? format.timeOfDay(picture.clock_ms, zone) : say("clock.unknown"));
    text(p.seconds, known && options.seconds ? ":" + String(t.second).padStart(2, "0") : "");
    text(p.date, known && options.date !== false ? format.longDate(picture.clock_ms, zone) : "");
    flag(this, "is-plain", true);

    const pad = this.edges();
    const w = box.w - 2 * pad.side;
    const inner = box.h - pad.top - pad.bottom;
    let labelSize = label ? within(label, w, Math.min(type.label, inner * .23)) : 0;
    const date = p.date.textContent;
    let dateSize = date ? within(date, w, Math.min(type.note * 1.6, inner * .19)) : 0;
    // In a very low tile the time alone is shown: a clock's label without its time says nothing.
    if (inner - labelSize * 1.2 - dateSize * 1.3 < 2) dateSize = 0;
    if (inner - labelSize * 1.2 < 1.6) labelSize = 0;
    const width = textWidth(known ? "00:00" : p.hours.textContent) + (options.seconds ? .62 * 1.55 : 0) + .05;
    const face = Math.min((inner - labelSize * 1.2 - dateSize * 1.3) * .92, w / width, type.hero);
    attribute(p.label, "hidden", labelSize ? null : "");
    attribute(p.date, "hidden", dateSize ? null : "");
    this.size("fs-label", labelSize);
    this.size("fs-day", dateSize);
    this.size("fs-face", stepped(face));
  }
}

/* "America/New_York" -> "New York". */
function placeOf(zone) {
  return zone.split("/").pop().split("_").join(" ");
}

customElements.define("ql-tile-clock", TileClock);
