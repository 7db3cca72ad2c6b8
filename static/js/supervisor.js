/* The supervisor's page: the board's picture as on the wall, what each agent did for those who may see it, and the past beside it.

   In: the frame that came with the page, then the socket (board.js); /api/v1/agents after each new answer of the agents' feed;
   /api/v1/feeds, for what is no part of the board; the comparison that the charts draw. Out: the page, live or saying why not. `data-live` is set last of all: a script that throws before
   leaves NOT LIVE. */

import { follow } from "./board.js";
import { asOf } from "./live/format.js";
import { feedOf } from "./live/tiles.js";
import { setWords } from "./live/words.js";
import { createBeside, pictureBeside } from "./desk/beside.js";
import { createAnnouncer } from "./desk/announcer.js";
import { readChoice, writeChoice } from "./desk/choice.js";
import { reasonBeside } from "./desk/judgement.js";
import { createPast } from "./desk/past.js";
import { offerSaving } from "./desk/saving.js";
import { budgetSheet, feedsSheet, incidentsSheet, qualitySheet, termsSheet } from "./desk/sheets.js";
import { attribute, text } from "./elements/write.js";
import { cellsBeside, summaryCells } from "./elements/summary.js";
import { explain } from "./elements/terms.js";
import "./elements/agents-table.js";
import "./elements/budget.js";
import "./elements/compared-chart.js";
import "./elements/feeds-table.js";
import "./elements/incidents-strip.js";
import "./elements/letters.js";
import "./elements/quality-list.js";
import "./elements/status.js";

const AGENTS = "agents_activity";
const ASK_EVERY_MS = 2000;
const LOGGED_OUT = ["You are logged out, or may not see this board any more.", ""];
const SPAN = { span: "today" };

const given = (id) => JSON.parse(document.getElementById(id).textContent);
const all = (selector) => Array.from(document.querySelectorAll(selector));
setWords("en", given("words"));
const page = given("page");
const table = document.querySelector("ql-agents-table");
const charts = all("ql-compared");
const cells = summaryCells(document);
const besides = [...cellsBeside(document), ...all(".flows ql-compared")];
const parts = all("ql-agents-table, ql-feeds, ql-budget, ql-budget-sign, ql-consistency, ql-incidents, ql-day, ql-quality-list");
const widgets = [...cells, ...parts, ...charts.filter((chart) => !chart.against)];
const signs = all("ql-notice, ql-pulse, ql-clock");
const again = document.querySelector("ql-notice .again");
const said = document.getElementById("said");
const told = document.getElementById("told");
const announcer = createAnnouncer(all("[data-metric]").map(termOf));
const announcerBeside = createAnnouncer(all("[data-beside]").map(termOf));
const asked = { at: null, when: -Infinity, running: false };

const openingAgents = given("opening-agents");
if (openingAgents) {
  table.perform(openingAgents);
  asked.at = openingAgents.at;
}

const beside = createBeside({ address: page.feeds, changed: () => draw() });
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
    const first = asked.at === null;
    asked.at = at;
    table.perform(answer);
    if (first) draw();                   // later ones are in the next second's picture: a page of 200 agents is drawn once a second
  }, () => {
    asked.running = false;               // no answer: the table says how old its figures are
  });
}

function draw() {
  const picture = board.look();
  picture.beside = beside.look();
  const refused = !picture.live && picture.notLive.cause === "refused";
  if (refused) picture.notLive.lines = LOGGED_OUT;
  again.hidden = !refused;
  if (!picture.live) document.body.dataset.live = "no";   // before the cells: if one of them throws, the page is not live already
  for (const sign of signs) sign.draw(picture);
  if (picture.frame) {
    for (const widget of widgets) widget.draw(picture);
    const other = pictureBeside(picture);
    for (const widget of besides) widget.draw(other);
    const words = [announcer.hear(picture), announcerBeside.hear(other)].filter((each) => each !== "").join(" ");
    if (words !== "") text(said, words);
    board.painted();
    askPerformance(picture.frame);
    beside.tick();
  }
  if (picture.live) document.body.dataset.live = "yes";
}

function termOf(node) {
  const { metric, term, beside: other, endpoint, unit, label, definition, origin } = node.dataset;
  return { metric: metric || term || other, endpoint, unit, label, definition, origin };
}

/* --- the charts: one span for all --- */

const chosen = readChoice(SPAN);
const spans = all("[data-span]");
const pasts = charts.map((chart) => {
  const scope = chart.against ? "account" : "board";
  chart.past = createPast({ address: "/api/v1/boards/" + page.board + "/compared", span: chosen.span, scope, changed: () => chart.render() });
  return chart;
});

function showSpan() {
  for (const button of spans) attribute(button, "aria-pressed", String(button.dataset.span === chosen.span));
}

if (!spans.some((button) => button.dataset.span === chosen.span)) chosen.span = SPAN.span;
for (const chart of pasts) chart.past.span = chosen.span;
for (const button of spans) {
  button.addEventListener("click", () => {
    chosen.span = button.dataset.span;
    writeChoice(chosen, SPAN);
    showSpan();
    for (const chart of pasts) chart.past.choose(chosen.span, chart.past.metrics);
  });
}
showSpan();
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const chart of pasts) chart.past.ask();
});

/* --- files --- */

const shown = () => Object.assign(board.look(), { beside: beside.look() });
const framed = (make) => () => (shown().frame ? make(shown()) : null);
const sheetBeside = (name, title, from) => framed((picture) => {
  const other = pictureBeside(picture);
  const why = (view, term) => reasonBeside(view, term.endpoint, other, from);
  return termsSheet(name, title, all(`[data-sheet=${name}] [data-beside]`).map(termOf), other, why);
});
const sources = {
  tickets: { sheet: sheetBeside("tickets", "Tickets", "Zendesk") },
  cases: { sheet: sheetBeside("cases", "Kayako", "Kayako") },
  queue: { sheet: framed((picture) => termsSheet("now", "Queue and agents now", all(".summary [data-metric]").map(termOf), picture)) },
  today: { sheet: framed((picture) => termsSheet("today", "Today", all(".daily [data-metric]").map(termOf), picture)) },
  day: { sheet: framed((picture) => termsSheet("day", "The account's day", all("[data-term]").map(termOf), picture)) },
  agents: { sheet: () => table.sheet() },
  feeds: { sheet: framed(feedsSheet) },
  budget: { sheet: framed(budgetSheet) },
  quality: { sheet: framed(qualitySheet) },
  incidents: { sheet: framed(incidentsSheet) },
};
for (const chart of charts) {
  sources[chart.dataset.name] = { sheet: () => chart.sheet(), picture: () => chart.saved_picture() };
}

function scene() {
  const picture = shown();
  const at_ms = picture.queue_at_ms === null ? picture.now_ms : picture.queue_at_ms;
  const when = asOf(at_ms, 0, picture.zone) + ", " + picture.zone;
  const words = picture.live ? when : "NOT LIVE, " + when;
  return { board: page.board, boardTitle: page.boardTitle, now_ms: picture.now_ms, zone: picture.zone, words };
}
offerSaving(document.body, sources, scene, told);

/* --- the page's own controls --- */

explain(document.body);
document.getElementById("theme").addEventListener("click", () => {
  window.queuelightTheme.toggle();
  draw();
});
const choice = document.getElementById("board");
if (choice !== null) choice.addEventListener("change", () => choice.form.submit());
// Menus close as people expect: by Escape, and by a click elsewhere.
const menus = all("details.menu");
document.addEventListener("click", (event) => { for (const menu of menus) if (!menu.contains(event.target)) menu.open = false; });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (menu.open && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});

board.start();
