/* One ticket's page, and the page of chosen ones: the time left ticks, clocks are kept fresh, and problems are found by words.

   In: the server's pages, which work without this file. Out: the clocks as the mirror has them every 15 s while somebody looks, every 2 s
   while a change is not in them yet; the rest of the page when a change was made. What somebody types is
   never touched, and kept until it is done. */

import { forgetSent, keep } from "./tickets/draft.js";
import { attach } from "./tickets/finder.js";
import { left } from "./tickets/left.js";
import { settle as settleAddress } from "./tickets/refused.js";
import { ask, replace, replaceAllOf } from "./tickets/parts.js";

const EVERY_MS = 15000;
const BEHIND_MS = 2000;
const ICONS = { missed: "i-critical", soon: "i-warning", fine: "i-ok" };
let clocks = document.getElementById("clocks");
let failures = 0;
let timer = 0;

function tick() {
  const bars = clocks.querySelector(".bars");
  if (bars === null) return;
  for (const part of bars.querySelectorAll("[data-left-at]")) {
    const shown = left(Date.parse(part.dataset.leftAt) - Date.now() - Number(bars.dataset.ahead));
    part.className = "left is-" + shown.word;
    part.querySelector(".icon").className = "icon " + ICONS[shown.word];
    part.querySelector("b").textContent = shown.text;
  }
}

/* How far the server's clock is ahead of ours, as of when its part came. */
function settle() {
  const bars = clocks.querySelector(".bars");
  if (bars !== null) bars.dataset.ahead = String(Date.parse(bars.dataset.now) - Date.now());
  tick();
}

async function turn() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") {
    try {
      const before = clocks.dataset.lastAct;
      const page = await ask(clocks.dataset.address);
      clocks = replace(clocks, page.getElementById("clocks"));
      settle();
      if (clocks.dataset.lastAct !== before) replaceAllOf(await ask(location.href));
      failures = 0;
    } catch (error) {
      failures += 1;
      console.warn("Queuelight: clocks are not fresh:", error.message);
    }
    showTrouble();
  }
  clearTimeout(timer);
  timer = setTimeout(turn, clocks.dataset.behind !== undefined && failures < 3 ? BEHIND_MS : EVERY_MS);
}

function showTrouble() {
  const place = clocks.querySelector(".behind");
  if (failures > 1) place.textContent = "Queuelight does not answer this page; it is asked again. These clocks are as of when they came last.";
}

settleAddress();
if (document.querySelector(".told.success") !== null) forgetSent();
for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
for (const field of document.querySelectorAll("[data-problems]")) attach(field, "/desk/problems/");
if (clocks !== null) {
  settle();
  setInterval(tick, 1000);
  timer = setTimeout(turn, clocks.dataset.behind !== undefined ? BEHIND_MS : EVERY_MS);
  document.addEventListener("visibilitychange", turn);
}
