/* The supervisor's page: socket -> store -> elements, one way, as on the wall; and, for those who may see it, what each agent did today.

   In: the first picture that came with the page, then the socket, and /api/v1/agents after each new answer of the agents' feed.
   Out: the page, live or saying why not. `data-live` is set last of all: a script that throws before leaves NOT LIVE. */

import { notLive } from "./live/causes.js";
import { createClock } from "./live/clock.js";
import { judgeFeed } from "./live/freshness.js";
import { connect } from "./live/socket.js";
import { createStore } from "./live/store.js";
import { feedOf } from "./live/tiles.js";
import { summaryCells } from "./elements/summary.js";
import "./elements/agents-table.js";
import "./elements/budget.js";
import "./elements/desk-chart.js";
import "./elements/feeds-table.js";
import "./elements/status.js";

const QUEUE = "current_queue_activity";
const AGENTS = "agents_activity";
const ASK_EVERY_MS = 2000;
const MIN_LIFE_MS = 10000;
const LOGGED_OUT = ["You are logged out, or may not see this board any more.", ""];

const guard = window.queuelightGuard;
const root = document.documentElement;
const given = (id) => JSON.parse(document.getElementById(id).textContent);
const page = given("page");
const clock = createClock();
const store = createStore();
const table = document.querySelector("ql-agents-table");
const cells = summaryCells(document);
const widgets = [...cells, ...document.querySelectorAll("ql-agents-table, ql-feeds, ql-budget, ql-budget-sign, ql-consistency, ql-desk-chart")];
const signs = document.querySelectorAll("ql-notice, ql-pulse, ql-clock");
const again = document.querySelector("ql-notice .again");
const bornAt = performance.now();
let reloadDue = false;
let asked = { at: null, when: -Infinity, running: false };

const opening = given("opening");
const openingAgents = given("opening-agents");
if (opening) store.hold(opening.seq, opening.at, opening.frame);
if (openingAgents) {
  table.perform(openingAgents);
  asked.at = openingAgents.at;
}

const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const link = connect({
  url: scheme + "//" + location.host + page.socket, version: root.dataset.version, seq: () => store.seq, onMessage: receive, onLine: draw,
});

function receive(message) {
  if (message.type === "reload") {
    reloadSoon();
    return;
  }
  if (message.at) clock.learn(message.at, message.type === "frame");
  if (store.receive(message) === "resync") link.resync();
  draw();
}

/* A new version is served. Not within the first seconds of this page, so that a server that always says so does not make it spin. */
function reloadSoon() {
  if (reloadDue) return;
  reloadDue = true;
  setTimeout(() => guard.reload(), Math.max(0, MIN_LIFE_MS - (performance.now() - bornAt)));
}

/* What each agent did, when the agents' feed has answered anew. A failure is tried again at the next drawing but one or two. */
function askPerformance(frame) {
  if (page.agents === null || asked.running || performance.now() - asked.when < ASK_EVERY_MS) return;
  const found = feedOf(frame, AGENTS);
  const at = found && found.feed.at;
  if (!at || at === asked.at) return;
  asked.running = true;
  asked.when = performance.now();
  fetch(page.agents, { credentials: "same-origin" }).then((answer) => {
    if (answer.status === 401 || answer.status === 403) page.agents = null;
    return answer.ok ? answer.json() : null;
  }).then((answer) => {
    asked.running = false;
    if (answer === null) return;
    asked.at = at;
    table.perform(answer);
    draw();
  }, () => {
    asked.running = false;               // no answer: the table says how old its figures are
  });
}

function draw() {
  if (clock.noticeSleep() > 0) link.renew();
  const frame = store.frame;
  const clock_ms = clock.now_ms();
  const reason = notLive({
    frame, line: link.line, line_now_ms: performance.now(), cause: store.cause, failed: guard.failed, now_ms: clock_ms,
  });
  const refused = reason !== null && reason.cause === "refused";
  if (refused) reason.lines = LOGGED_OUT;
  again.hidden = !refused;
  const found = frame ? feedOf(frame, QUEUE) : null;
  const queue_at = found ? found.feed.at : undefined;
  const picture = {
    frame, clock_ms, notLive: reason, live: reason === null,
    now_ms: clock_ms !== null ? clock_ms : Date.parse(store.at || 0),
    zone: (frame && frame.board && frame.board.time_zone) || "UTC",
    source: (frame && frame.source && frame.source.name) || "the phone system",
    queue_at_ms: queue_at === undefined ? null : Date.parse(queue_at),
    freshness: judgeFeed(found && found.feed, clock_ms === null ? 0 : clock_ms),
  };
  if (reason !== null) document.body.dataset.live = "no";   // before the cells: if one of them throws, the page is not live already
  for (const sign of signs) sign.draw(picture);
  if (frame) {
    for (const widget of widgets) widget.draw(picture);
    link.painted(store.seq);
    askPerformance(frame);
  }
  if (reason === null) document.body.dataset.live = "yes";
}

/* Once a second, just after the server's second begins. */
function tick() {
  draw();
  const now = clock.now_ms();
  setTimeout(tick, now === null ? 250 : 1020 - (now % 1000));
}

document.getElementById("theme").addEventListener("click", () => {
  window.queuelightTheme.toggle();
  draw();
});
// The menu closes as people expect: by Escape, and by a click elsewhere.
const menu = document.querySelector(".menu");
document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") menu.open = false; });
window.addEventListener("resize", draw);
window.addEventListener("online", () => link.renew());
guard.started();
tick();
