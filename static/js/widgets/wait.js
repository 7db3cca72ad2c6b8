/* <ql-tile-wait>: the longest wait, ticking between two answers, with its verdict in words and its last hours.

   In:  options label, chart; a picture. The wait freezes when its feed is no longer current: nobody knows whether that caller still waits.
   Wide tiles have the verdict beside the number, narrow ones and those seen from 8 m below it. */

import "../elements/chart.js";
import { attribute, element, flag, icon, text } from "../elements/write.js";
import { contradicted } from "../live/consistency.js";
import { isCurrent } from "../live/freshness.js";
import { age, duration, moment } from "../live/format.js";
import { tickingWait, tile } from "../live/tiles.js";
import { say } from "../live/words.js";
import { bandOf } from "../live/bands.js";
import { labelOf } from "../wall/catalogue.js";
import { scaleOf, stepped, within } from "../wall/fit.js";
import { MeasuredTile } from "../wall/measured.js";
import { textWidth } from "../wall/text_width.js";
import { limitOf, reasonOf } from "../wall/verdict.js";

const METRIC = "longest_wait_time";
const QUEUE = "current_queue_activity";
const AGENTS = "agents_activity";
const STANDARD = { w: 67, h: 37 };
const LEAST_CHART_H = 8;
const SHORTEST = "0:00";
const LINE = 9.9;                        // em: what an ordinary line of the verdict takes, so that no size changes while its numbers tick

class TileWait extends MeasuredTile {
  build() {
    this.memory = {};
    const p = this.made({
      label: element("span", "name"), goal: element("span", "goal"), first: element("span", "first num"), second: element("span", "second num"),
      source: element("span", "source num"),
    });
    p.heading = element("h2", "", p.label, p.goal);
    p.verdict = element("p", "verdict", p.icon, p.word, p.first, p.second, p.source);
    p.main = element("div", "hero-main", p.value, p.verdict);
    p.chart = element("ql-chart", "chart");
    p.chart.setAttribute("role", "img");
    for (const part of [p.heading, p.main, p.chart]) this.appendChild(part);
    this.classList.add("hero");
    this.dataset.metric = METRIC;
  }

  draw(picture) {
    const part = this.part(picture);
    const view = tile(picture.frame, METRIC, QUEUE, picture.now_ms, part);
    // A board that is not live does not count on either, whatever the age says: the source may have hung up on everybody.
    // Nor does a wait of nobody: then the source contradicts itself, and the number stands as it was sent.
    const seconds = picture.live && picture.contradiction === "none" ? tickingWait(view, picture.now_ms, this.memory) : view.value;
    const none = view.state !== "value";
    const p = this.parts;
    text(p.label, this.options.label || labelOf(METRIC));
    this.writeNumber({ text: none ? say("number." + view.state) : duration(seconds), unit: "", none }, { state: view.state, value: seconds });
    const goal = limitOf(view.threshold, "s");
    text(p.goal, goal ? say("wait.target", { limit: goal }) : "");
    this.drawVerdict(view, seconds, picture);
    const old = view.age_s === null ? say("number.no_answer") : age(view.age_s);
    this.tell(view);
    text(p.source, this.near ? QUEUE + " · " + old : "");
    this.colour(view, picture);
    flag(this, "is-late", view.freshness === "late");
    const figure = (picture.frame.charts || {})[part.chart];
    const charted = this.fit(none, Boolean(figure && this.options.chart));
    attribute(p.chart, "hidden", charted ? null : "");
    if (charted) {
      attribute(p.chart, "aria-label", say("wait.chart"));
      p.chart.show(figure, picture, this.room);
    }
  }

  drawVerdict(view, seconds, picture) {
    const p = this.parts;
    const tell = (glyph, word, first, second) => {
      icon(p.icon, glyph);
      text(p.word, word);
      text(p.first, first);
      text(p.second, second);
    };
    if (!picture.live || !isCurrent(view.freshness)) {
      if (view.at_ms === null) tell("not-live", say("number.no_answer"), "", "");
      else {
        const { day, time } = moment(view.at_ms, picture.now_ms, picture.zone);
        const last = day ? say("wait.last_value_at", { time }) : say("wait.last_value");
        tell("not-live", say("wait.as_of", { when: day || time }), last, say("wait.not_counting"));
      }
      return;
    }
    if (view.state !== "value") {
      tell(null, "", reasonOf(view, picture.source), "");
      return;
    }
    const late = view.freshness === "late" ? say("age.old", { age: age(view.age_s) }) : "";
    if (contradicted(picture, view.name)) {
      const itself = late ? say("wait.itself_late", { late }) : say("wait.itself");
      tell("unknown", "", say("wait.contradicts", { source: picture.source.split(" ")[0] }), itself);
      return;
    }
    if (view.severity === "ok") {
      const glyph = late ? "not-live" : view.threshold ? "ok" : null;
      const free = freeAgents(picture);
      tell(glyph, late || (view.threshold ? say("wait.on_target") : ""), callers(picture, free !== ""), free);
      return;
    }
    const line = view.severity === "warning" ? view.threshold.warning_enter : view.threshold.critical_enter;
    const limit = duration(line);
    // Who has waited 10:00 has been above 3:00 for 7:00, also where the answer with that wait has only just come.
    const since = view.severity_since_ms === null ? null : duration(Math.max((picture.now_ms - view.severity_since_ms) / 1000, seconds - line));
    const going = since === null ? say("wait.above", { limit }) : say("wait.above_for", { limit, time: since });
    const above = seconds < line ? say("wait.was_above", { limit }) : going;
    tell(view.severity, say("wait." + view.severity), above, late || freeAgents(picture));
  }

  /* Returns whether the chart has room. */
  fit(none, wantsChart) {
    const { box, type, parts: p } = this;
    const scale = scaleOf(box, STANDARD);
    const side = 2.25 * Math.min(1, box.w / 40, box.h / 20);
    const room = box.w - 2 * side - 2.2 * Math.min(1, box.w / 40);
    const note = stepped(type.note * Math.min(1.25, Math.max(.7, scale)));
    const label = within(p.label.textContent + "  ", room - textWidth(p.goal.textContent) * note, type.label * Math.min(1.2, Math.max(.72, scale)));
    const top = 1.6 * Math.min(1, box.h / 24);
    const head = top + label * 1.2;
    const rest = box.h - head - 1;
    const charted = wantsChart && !this.far && rest * .36 >= LEAST_CHART_H;
    const high = charted ? rest * .615 : rest;
    const figure = p.figure.textContent;
    // Not a number: words and a sign, which are set smaller.
    const wide = none ? textWidth(figure) + 2.3 : textWidth(figure.length > SHORTEST.length ? figure : SHORTEST) * .98;
    const most = none ? high * .22 : Infinity;
    const lines = Math.max(textWidth(p.first.textContent), textWidth(p.second.textContent), LINE);
    const word = textWidth(p.word.textContent) * 1.04;

    // Beside: the number takes what the verdict leaves. Below: each has the whole width.
    const beside = !this.far && box.w > box.h * 1.2 && (box.w > 44 || box.w > box.h * 2.2);
    let value;
    let wordSize;
    if (beside) {
      const least = Math.min(room * .42, LINE * type.note * Math.min(1.2, scale));
      value = Math.min(most, type.hero * Math.max(scale, box.h / STANDARD.h), stepped(high * .82), stepped((room - least - 2.25) / wide));
      const left = room - wide * value - 2.25;
      wordSize = Math.min(type.word * Math.max(.6, scale), stepped(left / Math.max(word, .1)), stepped(high * .24));
      const small = Math.min(type.note * Math.min(1.25, Math.max(.6, scale)), stepped(left / lines), stepped(high / 6.2));
      this.size("fs-lines", small);
      this.size("fs-sign", Math.min(6 * scale, stepped(high * .3)));
    } else {
      const low = high * .38;
      value = Math.min(most, type.hero * Math.max(scale, 1), stepped(high * .55), stepped(room / wide));
      wordSize = Math.min(type.word * Math.max(.5, scale), stepped((room - low * .9) / Math.max(word, .1)), stepped(low * .36));
      this.size("fs-lines", Math.min(note, stepped((room - low * .9) / lines), stepped(low * .22)));
      this.size("fs-sign", low * .7);
    }
    flag(this, "is-beside", beside);
    this.size("pad-top", top);
    this.size("pad-hero", side);
    this.size("pad-start", 2.2 * Math.min(1, box.w / 40));
    this.size("fs-label", label);
    this.size("fs-note", note);
    this.size("fs-word", wordSize);
    this.size("fs-hero", value);
    this.size("chart-h", charted ? rest - high : 0);
    return charted;
  }
}

function callers(picture, comma) {
  const view = tile(picture.frame, "calls_waiting", QUEUE, picture.now_ms);
  if (view.state !== "value") return "";
  const end = comma ? say("wait.comma") : "";
  if (view.value === 0) return say("wait.nobody") + end;
  return (picture.frame.board.bands ? say("wait.callers_band", { band: say(bandOf(view.value)) }) : say("wait.callers", { n: view.value })) + end;
}

function freeAgents(picture) {
  const view = tile(picture.frame, "agents_available", AGENTS, picture.now_ms);
  return view.state === "value" && isCurrent(view.freshness) ? say("wait.free", { n: view.value }) : "";
}

customElements.define("ql-tile-wait", TileWait);
