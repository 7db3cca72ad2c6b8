/* The board's own state: <ql-notice> (the NOT LIVE band), <ql-pulse> (live · 1 s) and <ql-clock>. In: a picture (board.js). */

import { age, duration, parts } from "../live/format.js";
import { say } from "../live/words.js";
import { text } from "./write.js";

class QlNotice extends HTMLElement {
  draw(picture) {
    if (!this.why) {
      this.why = this.querySelector(".why");
      this.next = this.querySelector(".next");
      this.since = this.querySelector("time");
    }
    const reason = picture.notLive;
    if (reason === null) return;         // hidden; its last words stay, so that a failing script finds words there
    this.dataset.cause = reason.cause;
    text(this.why, reason.lines[0]);
    text(this.next, reason.lines[1]);
    const known = reason.since_ms !== null && picture.clock_ms !== null;
    text(this.since, known ? howLong((picture.clock_ms - reason.since_ms) / 1000) : "");
  }
}

class QlPulse extends HTMLElement {
  draw(picture) {
    if (!this.words) this.words = this.querySelector(".words");
    const at_ms = picture.queue_at_ms;
    const seconds = at_ms === null || picture.clock_ms === null ? null : (picture.clock_ms - at_ms) / 1000;
    const state = picture.live ? (picture.freshness === "late" ? "late" : "live") : picture.notLive && picture.notLive.cause === "opening" ? "connecting" : "not_live";
    const word = say("pulse." + state);
    text(this.words, seconds === null || state === "connecting" ? word : word + " · " + (picture.live ? age(seconds) : howLong(seconds)));
    this.dataset.freshness = picture.live ? picture.freshness : "down";
  }
}

class QlClock extends HTMLElement {
  draw(picture) {
    if (!this.time) {
      this.time = this.querySelector(".time");
      this.seconds = this.querySelector("small");
    }
    if (picture.clock_ms === null) return;
    const t = parts(picture.clock_ms, picture.zone);
    text(this.time, two(t.hour) + ":" + two(t.minute));
    text(this.seconds, ":" + two(t.second) + (t.known ? "" : " UTC"));
  }
}

function two(n) {
  return (n < 10 ? "0" : "") + n;
}

function howLong(seconds) {
  return seconds < 36000 ? duration(seconds) : age(seconds);
}

customElements.define("ql-notice", QlNotice);
customElements.define("ql-pulse", QlPulse);
customElements.define("ql-clock", QlClock);
