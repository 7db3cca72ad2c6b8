/* <ql-budget>: how much of the vendor's limits is used, by bucket. <ql-budget-sign>: the queue's, in the bar.
   <ql-consistency>: whether two feeds agree. In: a picture (board.js). */

import { budgetOf } from "../desk/beside.js";
import { consistency } from "../live/consistency.js";
import { count } from "../live/format.js";
import { attribute, choose, element, flag, icon, text } from "./write.js";

const NAMES = { queue: "Queue", other: "The rest", kayako: "Kayako" };
const CONTRADICTION = { state: "differ", words: "contradicts", why: "The queue's answer says that nobody waits, and how long somebody has waited." };
const NEARLY = 0.95;                     // of our own share: from here polls begin to wait

function drawTrack(track, use) {
  track.firstElementChild.style.width = Math.min(100, use.used / use.limit * 100) + "%";
  track.style.setProperty("--mark-at", Math.min(100, use.cap / use.limit * 100) + "%");
}

function within(window_s) {
  return window_s % 60 === 0 ? (window_s === 60 ? "a minute" : "in " + window_s / 60 + " min") : "in " + window_s + " s";
}

class QlBudget extends HTMLElement {
  draw(picture) {
    const budget = budgetOf(picture);
    if (!this.rows) this.rows = {};
    for (const bucket of Object.keys(NAMES)) {
      const use = budget[bucket];
      if (use === undefined) continue;
      if (!this.rows[bucket]) this.rows[bucket] = this.makeRow(bucket);
      const parts = this.rows[bucket];
      drawTrack(parts.track, use);
      flag(parts.row, "over", use.used >= use.cap * NEARLY);
      text(parts.used, count(use.used));
      text(parts.rest, " of " + count(use.limit) + " " + within(use.window_s) + " · our share " + count(use.cap)
        + (use.used >= use.cap ? ": polls wait" : ""));
    }
  }

  makeRow(bucket) {
    const name = element("span");
    name.textContent = NAMES[bucket];
    const track = element("span", "track", element("i"));
    const used = element("b");
    const rest = element("span");
    const row = element("div", "row", name, track, element("span", "words", used, rest));
    this.append(row);
    return { row, track, used, rest };
  }
}

class QlBudgetSign extends HTMLElement {
  draw(picture) {
    const use = (picture.frame.budget || {}).queue;
    if (use === undefined) return;
    drawTrack(this.querySelector(".track"), use);
    text(this.querySelector("b"), count(use.used));
    text(this.querySelector(".of"), "of " + count(use.limit));
    flag(this, "over", use.used >= use.cap * NEARLY);
    attribute(this, "title", "Requests to the queue's endpoint " + within(use.window_s) + "; our own share ends at " + count(use.cap));
  }
}

class QlConsistency extends HTMLElement {
  draw(picture) {
    if (!this.memory) this.memory = {};
    const found = picture.contradiction === "lasting" ? CONTRADICTION
      : checked(picture.frame) || consistency(picture.frame, picture.now_ms, this.memory);
    const state = picture.live ? found.state : "open";
    icon(this.querySelector(".icon"), state === "agree" ? "ok" : state === "differ" ? "warning" : "unknown");
    choose(this, ["differs", "open"], state === "differ" ? "differs" : state === "open" ? "open" : null);
    text(this.querySelector("b"), state === "open" ? "not compared" : found.words);
    attribute(this, "title", found.why);
  }
}

/* The server's own checks, in one word: the same that the wall's tile says. null where the frame has none. */
function checked(frame) {
  const checks = frame.quality || [];
  if (checks.length === 0) return null;
  const off = checks.filter((check) => check.state === "off");
  const known = checks.some((check) => check.state === "ok");
  if (off.length > 0) {
    const words = off.length === 1 ? "1 check is off" : off.length + " checks are off";
    return { state: "differ", words, why: off.map((check) => check.text).join(" ") };
  }
  if (!known) return { state: "open", words: "not compared", why: "The data cannot be compared now." };
  return { state: "agree", words: "consistent", why: "All checks of the data fit." };
}

customElements.define("ql-budget", QlBudget);
customElements.define("ql-budget-sign", QlBudgetSign);
customElements.define("ql-consistency", QlConsistency);
