/* <ql-quality-list>: what was checked of the data, and what was found (frame.quality), and the source's problem where it has one.
   In: a picture (board.js). Out: one row a check: icon, name, words. */

import { element, icon, text } from "./write.js";

const ICONS = { ok: "ok", off: "warning", unknown: "unknown" };
const NAMES = {
  queue: "Callers and their wait", agents: "Agents online", flow: "Arrivals and waits", feeds: "Feeds", budget: "API budget", occupancy: "Occupancy",
};
const WORDS = { ok: "fits", off: "does not fit", unknown: "not compared" };

class QlQualityList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ul");
    this.none = this.querySelector(".nobody");
    this.rows = [];
  }

  draw(picture) {
    const checks = picture.frame.quality || [];
    while (this.rows.length > checks.length) this.rows.pop().node.remove();
    checks.forEach((check, index) => {
      let row = this.rows[index];
      if (row === undefined) {
        row = { glyph: element("i"), name: element("b"), words: element("span") };
        row.node = element("li", "", row.glyph, element("div", "", row.name, row.words));
        this.rows.push(row);
        this.list.append(row.node);
      }
      const state = picture.live && ICONS[check.state] !== undefined ? check.state : "unknown";
      icon(row.glyph, ICONS[state]);
      if (row.node.className !== "is-" + state) row.node.className = "is-" + state;
      text(row.name, nameOf(check) + ": " + WORDS[state]);
      text(row.words, check.text || "");
    });
    this.none.hidden = checks.length > 0;
  }
}

/* A check that is newer than this page has the name that the server gave it. */
function nameOf(check) {
  return NAMES[check.name] || String(check.name).replace(/_/g, " ");
}

customElements.define("ql-quality-list", QlQualityList);
