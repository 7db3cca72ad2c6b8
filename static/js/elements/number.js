/* <ql-number>: one number with its label, target and provenance. In: a picture (board.js) and the data-* of its markup in
   templates/boards/wall.html. Draws the tile's own state: severity, age, or why there is no number. */

import { contradicted } from "../live/consistency.js";
import { isCurrent } from "../live/freshness.js";
import { age, asOf, quantity } from "../live/format.js";
import { tile } from "../live/tiles.js";
import { choose, flag, icon, text } from "./write.js";

export const TILE_STATES = ["is-ok", "is-warning", "is-critical", "is-stale", "is-plain"];
export const WORDS = { not_on_plan: "not on plan", too_few: "too few", unknown: "unknown" };
export const ICONS = { not_on_plan: "plan", too_few: "few", unknown: "unknown" };

/* The tile's class: a value that is not current, or that its own source contradicts, has no severity; without a threshold or a value there
   is none to have. */
export function tileClass(view, picture) {
  if (view.freshness === "stale" || view.freshness === "down") return "is-stale";
  if (contradicted(picture, view.name)) return "is-plain";
  return view.state === "value" && view.threshold ? "is-" + view.severity : "is-plain";
}

/* Why there is no number, in a few words. `have` counts calls: every rate of the catalogue is one of calls. */
export function reason(view, source) {
  if (view.state === "not_on_plan") return "needs Professional";
  if (view.needs_s !== null && view.needs_s !== undefined) return "needs " + Math.round(view.needs_s / 60) + " min of data";
  if (view.state === "too_few") return view.have === null ? "" : view.have + (view.have === 1 ? " call" : " calls") + ", needs " + view.needs;
  return view.freshness === "unknown" || view.freshness === "down" ? "no answer yet" : "not sent by " + source.split(" ")[0];
}

/* "≤ 6": what the tile is measured against. */
export function limit(threshold, unit) {
  if (!threshold || threshold.target === undefined) return "";
  return (threshold.higher_is_worse === false ? "≥ " : "≤ ") + quantity(threshold.target, unit) + (unit === "ratio" ? " %" : "");
}

/* A second number in words, from "endpoint|metric|unit|text with {}"; empty when there is no current number for it. */
export function sideNote(spec, picture) {
  if (!spec) return "";
  const [endpoint, name, unit, words] = spec.split("|");
  const view = tile(picture.frame, name, endpoint, picture.now_ms);
  if (view.state !== "value" || !isCurrent(view.freshness)) return "";
  return words.replace("{}", quantity(view.value, unit));
}

class QlNumber extends HTMLElement {
  draw(picture) {
    if (!this.parts) {
      this.parts = {
        value: this.querySelector(".value"), glyph: this.querySelector(".value .icon"), figure: this.querySelector(".figure"),
        unit: this.querySelector(".unit"), icon: this.querySelector(".target .icon"), word: this.querySelector(".target b"),
        limit: this.querySelector(".limit"), note: this.querySelector(".note"), extra: this.querySelector(".extra"),
      };
    }
    const { metric, endpoint, unit, note, extra } = this.dataset;
    const view = tile(picture.frame, metric, endpoint, picture.now_ms);
    this.drawValue(view, unit);
    this.drawTarget(view, unit, picture);
    const quiet = view.severity === "ok" && view.freshness === "live" && !contradicted(picture, metric);
    text(this.parts.note, quiet && view.state === "value" ? sideNote(note, picture) : "");
    text(this.parts.extra, isCurrent(view.freshness) && picture.live ? sideNote(extra, picture) : "");
    choose(this, TILE_STATES, picture.live ? tileClass(view, picture) : "is-stale");
  }

  drawValue(view, unit) {
    const p = this.parts;
    const none = view.state !== "value";
    const figure = none ? WORDS[view.state] : quantity(view.value, unit);
    icon(p.glyph, none ? ICONS[view.state] : null);
    text(p.figure, figure);
    text(p.unit, !none && unit === "ratio" ? "%" : "");
    flag(p.value, "none", none);
    flag(p.value, "zero", !none && view.value === 0);
    const places = figure.length + (unit === "ratio" ? 1 : 0);
    flag(p.value, "wide", !none && figure.length > 3 && places < 6);
    flag(p.value, "wider", !none && places >= 6 && places < 8);
    flag(p.value, "widest", !none && places >= 8);
  }

  drawTarget(view, unit, picture) {
    const p = this.parts;
    // A board that is not live has no number of now, however young the answer: no tick, no warning, but when it was.
    const old = view.freshness === "stale" || view.freshness === "down" || (!picture.live && view.state === "value");
    const late = view.freshness === "late";
    const disputed = contradicted(picture, view.name);
    if (old) {
      icon(p.icon, "not-live");
      text(p.word, "");
      text(p.limit, view.at_ms === null ? "no answer yet" : asOf(view.at_ms, picture.now_ms, picture.zone));
    } else if (view.state !== "value") {
      icon(p.icon, null);
      text(p.word, "");
      text(p.limit, reason(view, picture.source));
    } else if (disputed && !late) {
      icon(p.icon, "unknown");
      text(p.word, "");
      text(p.limit, "contradictory");
    } else {
      const severe = view.severity !== "ok";
      icon(p.icon, severe ? view.severity : late ? "not-live" : view.threshold ? "ok" : null);
      text(p.word, severe ? (view.severity === "warning" ? "Warning" : "Critical") : "");
      text(p.limit, late ? age(view.age_s) + " old" : limit(view.threshold, unit));
    }
    flag(this, "is-late", late);
  }
}

customElements.define("ql-number", QlNumber);
