/* <ql-feeds>: what is asked of the source, how often, how old the answer is, and the last error. In: a picture (board.js).
   Ages tick; a feed's state is judged by the same rule as its numbers. */

import { judgeFeed } from "../live/freshness.js";
import { age, count, duration, plural, timeOfDay } from "../live/format.js";
import { choose, element, icon, text } from "./write.js";

const NAMES = {
  current_queue_activity: "Queue now", agents_activity: "Agents now", account_overview: "Calls today", agents_overview: "Agents' day",
  tickets: "Tickets", ticket_metrics: "Tickets' times", ticket_metric_events: "Service levels", kayako_cases: "Kayako's conversations",
};
const ORDER = Object.keys(NAMES);
const LOOK = {
  live: ["ok", ""], late: ["not-live", "is-late"], stale: ["not-live", "is-bad"], down: ["not-live", "is-bad"], unknown: ["unknown", "is-late"],
};

class QlFeeds extends HTMLElement {
  connectedCallback() {
    this.body = this.querySelector("tbody");
    this.known = new Map();
  }

  draw(picture) {
    const feeds = picture.frame.feeds || {};
    const ids = Object.keys(feeds).sort((a, b) => ORDER.indexOf(feeds[a].endpoint) - ORDER.indexOf(feeds[b].endpoint) || (a < b ? -1 : 1));
    for (const [id, cells] of this.known) {
      if (feeds[id] === undefined) {
        cells.row.remove();
        this.known.delete(id);
      }
    }
    ids.forEach((id, index) => {
      const row = this.drawRow(id, feeds[id], picture);
      if (this.body.children[index] !== row) this.body.insertBefore(row, this.body.children[index] || null);
    });
  }

  drawRow(id, feed, picture) {
    let cells = this.known.get(id);
    if (cells === undefined) this.known.set(id, cells = makeRow(id, feed));
    const state = judgeFeed(feed, picture.now_ms);
    const seconds = feed.at === undefined ? null : (picture.now_ms - Date.parse(feed.at)) / 1000;
    // Without the server nobody knows how the feeds are: then only the age of what was heard last is true.
    const deaf = !picture.live && picture.notLive.cause !== "source";
    const [glyph, look] = deaf ? ["not-live", "is-late"] : LOOK[state];
    text(cells.every, feed.interval_s < 60 ? feed.interval_s + " s" : duration(feed.interval_s));
    icon(cells.glyph, glyph);
    choose(cells.state, ["is-late", "is-bad"], look || null);
    text(cells.words, state === "unknown" ? "no answer yet" : seconds === null ? "never answered" : deaf ? age(seconds) + " old" : state + " · " + age(seconds));
    text(cells.problem, problem(feed, picture));
    return cells.row;
  }
}

/* "Zendesk did not answer. At 14:32:07, 3 in a row, next try 14:33:00." Nothing went wrong last time: "none". */
function problem(feed, picture) {
  if (feed.error === undefined) return feed.reading ? "none; " + firstReading(feed.reading) : feed.waiting ? "none; waits for the API budget" : "none";
  const parts = ["at " + timeOfDay(Date.parse(feed.error.at), picture.zone, true)];
  if (feed.failures > 1) parts.push(plural(feed.failures, "failure", "failures") + " in a row");
  if (feed.stopped) parts.push("stopped until the settings change");
  else {
    const retry = feed.retry_at || (((picture.frame.source || {}).problem) || {}).retry_at;
    if (retry !== undefined && Date.parse(retry) > picture.now_ms) parts.push("next try " + timeOfDay(Date.parse(retry), picture.zone, true));
  }
  return feed.error.message + " (" + parts.join(", ") + ")";
}

function firstReading({ done, total }) {
  return "first reading: " + count(done) + (total === undefined ? "" : " of about " + count(total));
}

function makeRow(id, feed) {
  const name = element("th");
  name.scope = "row";
  const account = id.split(":")[0];
  name.textContent = NAMES[feed.endpoint] || feed.endpoint;
  name.title = id + " (" + account + ")";
  const every = element("td", "right");
  const glyph = element("i", "icon");
  const words = element("span");
  const state = element("td", "state", glyph, words);
  const problemCell = element("td", "problem");
  return { row: element("tr", "", name, every, state, problemCell), every, glyph, words, state, problem: problemCell };
}

customElements.define("ql-feeds", QlFeeds);
