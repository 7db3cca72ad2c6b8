/* <ql-feeds>: what is asked of the source, how often, how old the answer is, and the last error. In: a picture (board.js), with `beside`
   (desk/beside.js): the feeds of tickets and Kayako are listed whether or not the board shows any. Ages tick; a feed's state is judged by the
   same rule as its numbers. */

import { feedsOf } from "../desk/beside.js";
import { judgeFeed } from "../live/freshness.js";
import { age, count, duration, plural, timeOfDay } from "../live/format.js";
import { choose, element, icon, text } from "./write.js";

const NAMES = {
  current_queue_activity: "Queue now", agents_activity: "Agents now", account_overview: "Calls today", agents_overview: "Agents' day",
  tickets: "Tickets", ticket_metrics: "Tickets' times", ticket_metric_events: "Service levels", kayako_cases: "Kayako's conversations",
};
const ORDER = Object.keys(NAMES);
const OF_THE_PHONE = ORDER.slice(0, 4);
const LOOK = {
  live: ["ok", ""], late: ["not-live", "is-late"], stale: ["not-live", "is-bad"], down: ["not-live", "is-bad"], unknown: ["unknown", "is-late"],
};

class QlFeeds extends HTMLElement {
  connectedCallback() {
    [this.body, this.others] = this.querySelectorAll("tbody");
    this.known = new Map();
  }

  draw(picture) {
    const { feeds, beside } = feedsOf(picture);
    const ids = Object.keys(feeds).sort((a, b) => ORDER.indexOf(feeds[a].endpoint) - ORDER.indexOf(feeds[b].endpoint) || (a < b ? -1 : 1));
    for (const [id, cells] of this.known) {
      if (feeds[id] === undefined) {
        cells.row.remove();
        this.known.delete(id);
      }
    }
    const phone = ids.filter((id) => OF_THE_PHONE.indexOf(feeds[id].endpoint) >= 0);
    const others = ids.filter((id) => phone.indexOf(id) < 0);
    const rows = (list) => list.map((id) => this.drawRow(id, feeds[id], picture, beside.has(id)));
    place(this.body, 0, rows(phone));
    place(this.others, 1, rows(others));
    this.others.hidden = others.length === 0;
  }

  drawRow(id, feed, picture, isBeside) {
    let cells = this.known.get(id);
    if (cells === undefined) this.known.set(id, cells = makeRow(id, feed));
    const state = judgeFeed(feed, picture.now_ms);
    const seconds = feed.at === undefined ? null : (picture.now_ms - Date.parse(feed.at)) / 1000;
    // Without the server nobody knows how the feeds are: then only the age of what was heard last is true.
    const deaf = isBeside ? picture.beside.old : !picture.live && picture.notLive.cause !== "source";
    const [glyph, look] = deaf ? ["not-live", "is-late"] : LOOK[state];
    text(cells.every, feed.interval_s < 60 ? feed.interval_s + " s" : duration(feed.interval_s));
    icon(cells.glyph, glyph);
    choose(cells.state, ["is-late", "is-bad"], look || null);
    text(cells.words, state === "unknown" ? "no answer yet" : seconds === null ? "never answered" : deaf ? age(seconds) + " old" : state + " · " + age(seconds));
    text(cells.problem, problem(feed, picture));
    return cells.row;
  }
}

/* Puts the rows into their places, behind `first` rows that stay. */
function place(body, first, rows) {
  rows.forEach((row, index) => {
    if (body.children[first + index] !== row) body.insertBefore(row, body.children[first + index] || null);
  });
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
  const isOfSome = OF_THE_PHONE.indexOf(feed.endpoint) < 0 && id.split(":").length > 2;
  name.textContent = (NAMES[feed.endpoint] || feed.endpoint) + (isOfSome ? ", the board's groups" : "");
  name.title = id + " (" + account + ")";
  const every = element("td", "right");
  const glyph = element("i", "icon");
  const words = element("span");
  const state = element("td", "state", glyph, words);
  const problemCell = element("td", "problem");
  return { row: element("tr", "", name, every, state, problemCell), every, glyph, words, state, problem: problemCell };
}

customElements.define("ql-feeds", QlFeeds);
