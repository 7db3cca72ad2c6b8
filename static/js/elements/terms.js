/* <ql-day>: every total and mean of the day, in groups, each with what it means. In: a picture (board.js); the markup of
   templates/supervisor/day.html. What the plan does not send stands in a group at the end.
   `explain(root)`: the meanings, shown by hover, focus or a click on the name, and away by Escape. */

import { tile } from "../live/tiles.js";
import { asOf } from "../live/format.js";
import { isCurrent } from "../live/freshness.js";
import { NO_NUMBER, NO_NUMBER_ICONS, reason, withUnit } from "../desk/judgement.js";
import { flag, icon, text } from "./write.js";

class QlDay extends HTMLElement {
  connectedCallback() {
    this.apart = this.querySelector("[data-apart]");
    this.entries = Array.from(this.querySelectorAll("[data-term]"), (node, place) => ({
      node, place, home: node.parentNode, apart: false,
      glyph: node.querySelector(".icon"), value: node.querySelector(".figure"), note: node.querySelector(".note"),
    }));
  }

  draw(picture) {
    this.picture = picture;
    for (const entry of this.entries) this.drawEntry(entry, picture);
    for (const group of this.querySelectorAll(".group")) group.hidden = group.querySelector("[data-term]") === null;
  }

  drawEntry(entry, picture) {
    const { term, endpoint, unit } = entry.node.dataset;
    const view = tile(picture.frame, term, endpoint, picture.now_ms);
    const known = view.state === "value";
    const old = known && !(picture.live && isCurrent(view.freshness));
    icon(entry.glyph, known ? null : NO_NUMBER_ICONS[view.state]);
    text(entry.value, known ? withUnit(view.value, unit) : NO_NUMBER[view.state]);
    // "not sent" stands with each number that is unknown, where the page has room; here the word itself is enough.
    const said = view.state === "too_few" || (view.state === "unknown" && view.at_ms === null);
    text(entry.note, old ? asOf(view.at_ms, picture.now_ms, picture.zone) : said ? reason(view, picture.source) : "");
    flag(entry.node, "is-old", old);
    flag(entry.node, "none", !known || view.value === 0);
    this.placeEntry(entry, view.state === "not_on_plan");
  }

  /* Moved only when the plan's word changes; back where it stood. */
  placeEntry(entry, apart) {
    if (entry.apart === apart) return;
    entry.apart = apart;
    const list = apart ? this.apart.querySelector("dl") : entry.home;
    const after = this.entries.find((other) => other.place > entry.place && other.node.parentNode === list);
    list.insertBefore(entry.node, after ? after.node : null);
  }
}

/* A tip is open while its name is hovered or has the focus; Escape closes it without moving either (WCAG 1.4.13). */
export function explain(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) term.classList.add("is-dismissed");
  });
  for (const type of ["pointerout", "focusout"]) {
    root.addEventListener(type, (event) => {
      const term = event.target.closest && event.target.closest(".term.is-dismissed");
      if (term && !term.contains(event.relatedTarget)) term.classList.remove("is-dismissed");
    });
  }
  for (const type of ["pointerover", "focusin"]) {
    root.addEventListener(type, (event) => {
      const term = event.target.closest && event.target.closest(".term");
      if (term) keepInside(term.querySelector("[role=tooltip]"));
    });
  }
}

/* A tip near the right edge opens to the left, one near the lower edge upwards. */
function keepInside(tip) {
  tip.classList.remove("is-left", "is-up");
  const box = tip.getBoundingClientRect();
  flag(tip, "is-left", box.right > document.documentElement.clientWidth - 8);
  flag(tip, "is-up", box.bottom > window.innerHeight - 8 && box.top > box.height + 80);
}

customElements.define("ql-day", QlDay);
