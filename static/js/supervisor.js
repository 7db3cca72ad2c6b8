/* The supervisor's page: the board's picture as on the wall, and, for those who may see it, what each agent did today.

   In: the frame that came with the page, then the socket (board.js), and /api/v1/agents after each new answer of the agents' feed.
   Out: the page, live or saying why not. `data-live` is set last of all: a script that throws before leaves NOT LIVE. */

import { follow } from "./board.js";
import { feedOf } from "./live/tiles.js";
import { setWords } from "./live/words.js";
import { summaryCells } from "./elements/summary.js";
import "./elements/agents-table.js";
import "./elements/budget.js";
import "./elements/desk-chart.js";
import "./elements/feeds-table.js";
import "./elements/incidents-strip.js";
import "./elements/letters.js";
import "./elements/status.js";

const AGENTS = "agents_activity";
const ASK_EVERY_MS = 2000;
const LOGGED_OUT = ["You are logged out, or may not see this board any more.", ""];

const given = (id) => JSON.parse(document.getElementById(id).textContent);
setWords("en", given("words"));
const page = given("page");
const table = document.querySelector("ql-agents-table");
const cells = summaryCells(document);
const widgets = [...cells, ...document.querySelectorAll("ql-agents-table, ql-feeds, ql-budget, ql-budget-sign, ql-consistency, ql-desk-chart, ql-incidents")];
const signs = document.querySelectorAll("ql-notice, ql-pulse, ql-clock");
const again = document.querySelector("ql-notice .again");
const asked = { at: null, when: -Infinity, running: false };

const openingAgents = given("opening-agents");
if (openingAgents) {
  table.perform(openingAgents);
  asked.at = openingAgents.at;
}

const board = follow({
  path: page.socket, version: document.documentElement.dataset.version, opening: given("opening"), draw, guard: window.queuelightGuard,
});

/* What each agent did, when the agents' feed has answered anew. A failure is tried again after two seconds. */
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
  const picture = board.look();
  const refused = !picture.live && picture.notLive.cause === "refused";
  if (refused) picture.notLive.lines = LOGGED_OUT;
  again.hidden = !refused;
  if (!picture.live) document.body.dataset.live = "no";   // before the cells: if one of them throws, the page is not live already
  for (const sign of signs) sign.draw(picture);
  if (picture.frame) {
    for (const widget of widgets) widget.draw(picture);
    board.painted();
    askPerformance(picture.frame);
  }
  if (picture.live) document.body.dataset.live = "yes";
}

document.getElementById("theme").addEventListener("click", () => {
  window.queuelightTheme.toggle();
  draw();
});
// The menu closes as people expect: by Escape, and by a click elsewhere.
const menu = document.querySelector(".menu");
document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") menu.open = false; });
board.start();
