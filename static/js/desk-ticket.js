/* One ticket's page, and the page of chosen ones: the time left ticks, and problems are found by words. Both work without this file. */

import { attach } from "./tickets/finder.js";
import { left } from "./tickets/left.js";

const ICONS = { missed: "i-critical", soon: "i-warning", fine: "i-ok" };
const bars = document.querySelector(".bars");
const ahead_ms = bars === null ? 0 : Date.parse(bars.dataset.now) - Date.now();

function tick() {
  for (const part of document.querySelectorAll(".bars [data-left-at]")) {
    const shown = left(Date.parse(part.dataset.leftAt) - Date.now() - ahead_ms);
    part.className = "left is-" + shown.word;
    part.querySelector(".icon").className = "icon " + ICONS[shown.word];
    part.querySelector("b").textContent = shown.text;
  }
}

for (const field of document.querySelectorAll("[data-problems]")) attach(field, "/desk/problems/");
if (bars !== null) setInterval(tick, 1000);
