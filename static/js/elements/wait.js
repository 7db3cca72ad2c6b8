/* <ql-wait>: the hero. The longest wait, ticking between two answers, with its verdict in words.
   In: a picture (board.js). The wait freezes when its feed is no longer current: nobody knows whether that caller still waits. */

import { contradicted } from "../live/consistency.js";
import { isCurrent } from "../live/freshness.js";
import { age, duration, moment, plural } from "../live/format.js";
import { tickingWait, tile } from "../live/tiles.js";
import { ICONS, limit, reason, TILE_STATES, tileClass, WORDS } from "./number.js";
import { choose, flag, icon, text } from "./write.js";

const QUEUE = "current_queue_activity";
const AGENTS = "agents_activity";
const VERDICT = { ok: "On target", warning: "WARNING", critical: "CRITICAL" };

class QlWait extends HTMLElement {
  draw(picture) {
    if (!this.parts) {
      this.memory = {};
      this.parts = {
        goal: this.querySelector(".goal"), value: this.querySelector(".value"), glyph: this.querySelector(".value .icon"),
        figure: this.querySelector(".figure"), icon: this.querySelector(".verdict .icon"), word: this.querySelector(".verdict b"),
        first: this.querySelector(".first"), second: this.querySelector(".second"),
      };
    }
    const view = tile(picture.frame, "longest_wait_time", QUEUE, picture.now_ms);
    // A board that is not live does not count on either, whatever the age says: the source may have hung up on everybody.
    // Nor does a wait of nobody: then the source contradicts itself, and the number stands as it was sent.
    const seconds = picture.live && picture.contradiction === "none" ? tickingWait(view, picture.now_ms, this.memory) : view.value;
    const none = view.state !== "value";
    const figure = none ? WORDS[view.state] : duration(seconds);
    const p = this.parts;
    icon(p.glyph, none ? ICONS[view.state] : null);
    text(p.figure, figure);
    flag(p.value, "none", none);
    flag(p.value, "zero", !none && seconds === 0);
    flag(p.value, "tens", !none && figure.length === 5);
    flag(p.value, "long", !none && figure.length > 5 && figure.length < 9);
    flag(p.value, "longest", !none && figure.length >= 9);
    const goal = limit(view.threshold, "s");
    text(p.goal, goal ? "target " + goal : "");
    this.drawVerdict(view, seconds, picture);
    choose(this, TILE_STATES, tileClass(view, picture));
    flag(this, "is-late", view.freshness === "late");
  }

  drawVerdict(view, seconds, picture) {
    const p = this.parts;
    const say = (glyph, word, first, second) => {
      icon(p.icon, glyph);
      text(p.word, word);
      text(p.first, first);
      text(p.second, second);
    };
    if (!picture.live || !isCurrent(view.freshness)) {
      if (view.at_ms === null) say("not-live", "no answer yet", "", "");
      else {
        const { day, time } = moment(view.at_ms, picture.now_ms, picture.zone);
        say("not-live", "as of " + (day || time), (day ? time + ", " : "") + "last known value,", "not counting");
      }
      return;
    }
    if (view.state !== "value") {
      say(null, "", reason(view, picture.source), "");
      return;
    }
    const late = view.freshness === "late" ? age(view.age_s) + " old" : "";
    if (contradicted(picture, view.name)) {
      say("unknown", "", picture.source.split(" ")[0] + " contradicts", late ? "itself, " + late : "itself: nobody waits");
      return;
    }
    if (view.severity === "ok") {
      const glyph = late ? "not-live" : view.threshold ? "ok" : null;
      const free = freeAgents(picture);
      say(glyph, late || (view.threshold ? VERDICT.ok : ""), callers(picture, free ? "," : ""), free);
      return;
    }
    const line = view.severity === "warning" ? view.threshold.warning_enter : view.threshold.critical_enter;
    const above = seconds >= line ? "above " : "was above ";
    const since = view.severity_since_ms === null ? "" : " for " + duration((picture.now_ms - view.severity_since_ms) / 1000);
    say(view.severity, VERDICT[view.severity], above + duration(line) + (seconds >= line ? since : ""), late || freeAgents(picture));
  }
}

function callers(picture, mark) {
  const view = tile(picture.frame, "calls_waiting", QUEUE, picture.now_ms);
  if (view.state !== "value") return "";
  return (view.value === 0 ? "nobody waits" : plural(view.value, "caller", "callers")) + mark;
}

function freeAgents(picture) {
  const view = tile(picture.frame, "agents_available", AGENTS, picture.now_ms);
  return view.state === "value" && isCurrent(view.freshness) ? plural(view.value, "agent free", "agents free") : "";
}

customElements.define("ql-wait", QlWait);
