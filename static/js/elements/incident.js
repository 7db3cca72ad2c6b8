/* <ql-incident>: the worst open incident, over the board's name in the strip, so that nothing moves when it comes or goes; and its chime.

   In: a picture (board.js). Out: the banner; a chime every 20 s while a critical incident is not taken. A board that is not live says so
   and rings for nothing. For whoever shows several boards in turn, each change is told as a `ql-incident` event on the document:
   {incidents, rings}. Chromium 79 syntax only. */

import { lasted, rings, taken, worst } from "../live/alarm.js";
import { createChime } from "./chime.js";
import { attribute, flag, icon, text } from "./write.js";

class QlIncident extends HTMLElement {
  draw(picture) {
    if (!this.chime) {
      this.sign = this.querySelector(".icon");
      this.about = this.querySelector(".about");
      this.where = this.querySelector(".where");
      this.since = this.querySelector(".since");
      this.whose = this.querySelector(".whose");
      this.more = this.querySelector(".more");
      this.muted = this.querySelector(".muted");
      this.chime = createChime(() => this.tellSound());
    }
    const incidents = (picture.frame && picture.frame.incidents) || [];
    const one = worst(incidents);
    const ringing = picture.live && rings(incidents, picture.now_ms);
    this.tell(incidents, ringing);
    this.chime.ring(ringing);
    this.tellSound();
    attribute(this, "hidden", one === null ? "" : null);
    if (one === null) return;
    const quiet = one.state !== "open";
    flag(this, "is-quiet", quiet);
    flag(this, "is-critical", picture.live && one.severity === "critical" && !quiet);
    flag(this, "is-warning", picture.live && !this.classList.contains("is-critical"));
    icon(this.sign, one.severity === "critical" ? "critical" : "warning");
    text(this.about, one.about);
    text(this.where, one.scope_name && one.scope_name !== picture.frame.board.title ? one.scope_name : "");
    text(this.since, picture.live && one.state !== "recovering" ? "for " + lasted(one, picture.now_ms) : "");
    text(this.whose, taken(one, picture.now_ms));
    text(this.more, incidents.length > 1 ? "+" + (incidents.length - 1) : "");
  }

  tellSound() {
    attribute(this.muted, "hidden", this.chime.wanted() && this.chime.state() === "blocked" ? null : "");
  }

  tell(incidents, ringing) {
    const now = incidents.map((each) => each.id + each.severity + each.state).join() + ringing;
    if (now === this.told) return;
    this.told = now;
    document.dispatchEvent(new CustomEvent("ql-incident", { detail: { incidents, rings: ringing } }));
  }
}

customElements.define("ql-incident", QlIncident);
