/* <ql-compared>: a chart of the supervisor's page, with the same weekday before. In: data-title, data-metrics (names with commas; after a
   bar those to ask for where the plan does not send the first), data-parts (what two totals against each other are called), a `past`
   (desk/past.js) that the page gives it, a picture (board.js). Out: the figure, its legend, a sentence for whoever does not see it; without
   the library or an answer, words. */

import { figureOf, gapsOf, lackOf, namesOf, perStep, spoken } from "../desk/figures.js";
import { comparedSheet } from "../desk/sheets.js";
import { asOf } from "../live/format.js";
import { loadPlotly } from "./plotly.js";
import { attribute, element, flag, text } from "./write.js";

const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false, showTips: false };
const SMALLEST_PX = 80;
const RETRY_MS = 60000;
const OLD_AFTER_MS = 180000;
// Two figures drawn at once, in the second in which the agents change, would hold up the page for more than a frame.
const APART_MS = 60;
let last = Promise.resolve();

/* Draws in a task of its own, some time after the one before. A promise of what `run` gives, or throws. */
function in_turn(run) {
  const mine = last.then(() => new Promise((resolve) => { setTimeout(resolve, APART_MS); })).then(run);
  last = mine.then(() => null, () => null);   // whoever waits for `mine` hears of an error
  return mine;
}

class QlCompared extends HTMLElement {
  connectedCallback() {
    this.plot = this.querySelector(".figure");
    this.note = this.querySelector(".words");
    this.card = this.closest(".plot");
    this.heading = this.card.querySelector("h2");
    this.legend = this.card.querySelector(".legend");
    // Measured when it has been laid out, and not while drawing: a page of 200 agents would be laid out once more for each message.
    this.box = { width: 0, height: 0 };
    // With the next picture: drawn at once, the figure would change sizes that are being told.
    this.watch = new ResizeObserver(() => requestAnimationFrame(() => {
      this.box = { width: this.plot.clientWidth, height: this.plot.clientHeight };
      this.render();
    }));
    this.watch.observe(this.plot);
  }

  disconnectedCallback() {
    this.watch.disconnect();
  }

  get against() {
    return this.dataset.parts !== undefined;
  }

  /* The metrics to ask for, by what the plan sends. */
  metrics(frame) {
    const [first, instead] = this.dataset.metrics.split("|").map((names) => names.split(","));
    const lacking = instead && first.some((name) => ((frame.metrics || {})[name] || {}).state === "not_on_plan");
    return lacking ? instead : first;
  }

  draw(picture) {
    this.picture = picture;
    if (this.past === undefined) return;
    this.past.choose(this.past.span, this.metrics(picture.frame));
    this.render();
  }

  render() {
    const { past, picture } = this;
    if (!past || !picture) return;
    const answer = past.answer;
    const at_ms = answer === null ? null : Date.parse(answer.at);
    const old = at_ms !== null && picture.now_ms - at_ms > OLD_AFTER_MS && past.failed !== null;
    flag(this, "is-stale", old || !picture.live);
    text(this.note, noteOf(past, picture, at_ms));
    this.note.hidden = this.note.textContent === "";
    this.plot.hidden = answer === null || nothing(answer);
    if (answer === null) {
      this.answer = null;
      return;
    }
    this.render_figure(answer);
  }

  render_figure(answer) {
    const { box } = this;
    const look = [box.width, box.height, document.documentElement.dataset.theme, this.picture.live].join();
    if (box.width < SMALLEST_PX || box.height < SMALLEST_PX || (answer === this.answer && look === this.look)) return;
    this.answer = answer;
    this.look = look;
    const counted = answer.series[0].figure === "increase";
    text(this.heading, titleOf(this.dataset.title, answer) + (counted || answer.step_s >= 3600 ? " " + perStep(answer) : ""));
    attribute(this.plot, "aria-label", spoken(titleOf(this.dataset.title, answer), answer));
    this.legend.replaceChildren(...this.legend_entries(answer).map(({ mark, words }) => {
      const words_node = element("span");
      text(words_node, words);
      return element("li", "mark-" + mark, element("i"), words_node);
    }));
    if (this.waiting) return;
    this.waiting = true;
    loadPlotly(this.dataset.library).then((Plotly) => in_turn(() => {
      this.waiting = false;
      if (this.answer === null) return null;
      const found = figureOf(this.answer, { inks: this.inks(), limits: this.limits(), against: this.against, ...this.box });
      return Plotly.react(this.plot, found.data, found.layout, CONFIG);
    })).catch((error) => {
      // The page does not depend on the chart: it is left out, said in its place, and tried again.
      console.warn("Queuelight: no chart:", error.message);
      this.look = null;
      this.note.hidden = false;
      text(this.note, "The chart could not be drawn: " + error.message + ". The numbers can be saved as CSV.");
      setTimeout(() => { this.waiting = false; }, RETRY_MS);
    });
  }

  legend_entries(answer) {
    const names = namesOf(answer);
    const bars = answer.series[0].figure === "increase";
    const inks = this.inks();
    const [first, second] = this.against ? this.dataset.parts.split(",") : [names.now, "abandoned"];
    const now = this.against ? first + " " + names.now : first;
    const found = [{ mark: bars ? "bar" : "line", words: now, ink: inks.now }];
    if (answer.series.length > 1) found.push({ mark: "stripes", words: this.against ? second + " " + names.now : second, ink: inks.text });
    found.push({ mark: "dashes", words: names.then, ink: inks.then });
    if (gapsOf(answer, answer.series[0].values).length > 0) found.push({ mark: "hatch", words: "no data", ink: inks.hatch });
    return found;
  }

  limits() {
    const threshold = (this.picture.frame.thresholds || {})[this.answer.series[0].metric];
    return threshold && threshold.warning_enter !== undefined ? { warning: threshold.warning_enter, critical: threshold.critical_enter } : null;
  }

  inks() {
    const style = getComputedStyle(this);
    const ink = (name) => style.getPropertyValue(name).trim();
    return {
      now: ink("--chart-now"), then: ink("--chart-then"), warning: ink("--warning"), critical: ink("--critical"), note: ink("--text-2"),
      text: ink("--text"), line: ink("--line"), hatch: ink("--text-3"), surface: ink("--tile"),
    };
  }

  /* --- what can be saved --- */

  sheet() {
    const answer = this.past && this.past.answer;
    return answer ? comparedSheet(this.dataset.name, this.heading.textContent, answer) : null;
  }

  async saved_picture() {
    if (this.answer === null || this.answer === undefined) throw new Error("there is no chart yet.");
    const Plotly = await loadPlotly(this.dataset.library);
    const size = { width: 1100, height: 360 };
    const figure = figureOf(this.answer, { inks: this.inks(), limits: this.limits(), against: this.against, ...size });
    // As SVG: for a picture of points the library makes an address that this page's policy does not let images come from.
    const address = await Plotly.toImage({ data: figure.data, layout: figure.layout, config: CONFIG }, { format: "svg", ...size });
    return { address, legend: this.legend_entries(this.answer), ...size };
  }
}

/* What is said in the chart's place, or over it; nothing of one that is there and new. */
function noteOf({ answer, failed }, picture, at_ms) {
  if (answer === null) return failed === null ? "Loading…" : "No chart: " + failed + ". Trying again.";
  // A bar is what a total grew by, known where its numbers reach from its beginning to its end: after a first start, none is for a while.
  if (nothing(answer) && answer.series[0].figure === "increase") return "No bar yet: it needs numbers from the beginning of its time on.";
  if (nothing(answer)) return "No numbers were kept for this time.";
  return failed === null ? lackOf(answer) : "Drawn " + asOf(at_ms, picture.now_ms, picture.zone) + ": " + failed + ".";
}

/* Where the plan does not send inbound calls, all calls are drawn: the title must say so. */
function titleOf(title, answer) {
  return answer.series[0].metric === "total_calls" ? "Calls, inbound and outbound," : title;
}

function nothing(answer) {
  return answer.series.every((series) => [...series.values, ...series.then].every((value) => value === null));
}

customElements.define("ql-compared", QlCompared);
