/* <ql-incident>: the worst open incident, over the board's name in the strip, so that nothing moves when it comes or goes.

   In: a picture (board.js); its `muted` says that this browser keeps back a sound that is due. Out: the banner. The sound itself belongs to
   the screen and not to one board of it (tv/alarm.js). Chromium 79 syntax only. */

import { lasted, taken, worst } from "../live/alarm.js";
import { about } from "../live/told.js";
import { say } from "../live/words.js";
import { attribute, flag, icon, text } from "./write.js";

class QlIncident extends HTMLElement {
  draw(picture) {
    if (!this.sign) {
      this.sign = this.querySelector(".icon");
      this.about = this.querySelector(".about");
      this.where = this.querySelector(".where");
      this.since = this.querySelector(".since");
      this.whose = this.querySelector(".whose");
      this.more = this.querySelector(".more");
      this.muted = this.querySelector(".muted");
    }
    const incidents = (picture.frame && picture.frame.incidents) || [];
    const one = worst(incidents);
    attribute(this.muted, "hidden", picture.muted ? null : "");
    text(this.muted, say("strip.no_sound"));
    attribute(this, "hidden", one === null ? "" : null);
    if (one === null) return;
    const quiet = one.state !== "open";
    flag(this, "is-quiet", quiet);
    flag(this, "is-critical", picture.live && one.severity === "critical" && !quiet);
    flag(this, "is-warning", picture.live && !this.classList.contains("is-critical"));
    icon(this.sign, one.severity === "critical" ? "critical" : "warning");
    text(this.about, about(one));
    text(this.where, one.scope_name && one.scope_name !== picture.frame.board.title ? one.scope_name : "");
    text(this.since, picture.live && one.state !== "recovering" ? say("incidents.for", { time: lasted(one, picture.now_ms) }) : "");
    text(this.whose, taken(one, picture.now_ms));
    text(this.more, incidents.length > 1 ? say("strip.more", { n: incidents.length - 1 }) : "");
    attribute(this.more, "data-short", "+" + (incidents.length - 1));
  }
}

customElements.define("ql-incident", QlIncident);
