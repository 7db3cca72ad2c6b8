/* The list of tickets at risk: lets the time left tick, asks for the page anew, keeps what was chosen and where the keyboard is.

   In: the server's page, which works without this file. Out: the same page, fresh every 15 s while it is looked at; rows are matched by
   ticket, so that neither focus nor choice is lost. Nothing is changed at the vendor here. */

import { left } from "./tickets/left.js";
import { ask, replaceAllOf } from "./tickets/parts.js";
import { pickers } from "./tickets/picker.js";
import { settle } from "./tickets/refused.js";

const EVERY_MS = 15000;
const SLOWLY_MS = 30000;
const ICONS = { missed: "i-critical", soon: "i-warning", fine: "i-ok" };

const table = document.getElementById("tickets");
const most = Number(table.dataset.most);
const form = document.getElementById("bulk");
const chooseAll = document.getElementById("choose-all");
const chosen = new Set();
let ahead_ms = Date.parse(table.dataset.now) - Date.now();
let lastFresh_ms = Date.now();
let failures = 0;
let timer = 0;

/* --- what ticks --- */

function tick() {
  const now_ms = Date.now() + ahead_ms;
  const missed = [];
  for (const cell of table.querySelectorAll("[data-left-at]")) {
    const shown = left(Date.parse(cell.dataset.leftAt) - now_ms);
    const text = cell.querySelector("b");
    if (text.textContent !== shown.text) text.textContent = shown.text;
    if (!cell.classList.contains("is-" + shown.word)) {
      if (shown.word === "missed") missed.push(cell.closest("tr").dataset.ticket);
      cell.className = "left is-" + shown.word;
      cell.querySelector(".icon").className = "icon " + ICONS[shown.word];
    }
  }
  if (missed.length) say((missed.length === 1 ? "Ticket " + missed[0] + " has" : "Tickets " + missed.join(", ") + " have") + " missed a target.");
}

function say(text) {
  document.getElementById("heard").textContent = text;
}

/* --- what is chosen --- */

function choose(id, is) {
  if (is) chosen.add(id);
  else chosen.delete(id);
}

function showChosen() {
  if (form === null) return;
  const boxes = new Map([...table.querySelectorAll("input[name=id]")].map((box) => [box.value, box]));
  const gone = [...chosen].filter((id) => !boxes.has(id));
  for (const [id, box] of boxes) {
    box.checked = chosen.has(id);
    box.disabled = !box.checked && chosen.size >= most;
  }
  document.getElementById("chosen-others").replaceChildren(...gone.map((id) => {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "id";
    field.value = id;
    return field;
  }));
  const words = [chosen.size + " chosen"];
  if (gone.length) words.push(gone.length + " of them no longer on this page");
  if (chosen.size > most) words.push("at most " + most + " at once");
  else if (chosen.size === most) words.push("that is the most at once");
  const nothing = "Choose tickets to change several at once, at most " + most + ".";
  document.getElementById("chosen-count").textContent = chosen.size ? words.join(", ") + "." : nothing;
  document.getElementById("chosen-none").hidden = chosen.size === 0;
  form.classList.toggle("has-some", chosen.size > 0);
  chooseAll.checked = boxes.size > 0 && [...boxes.keys()].slice(0, most).every((id) => chosen.has(id));
}

if (form !== null) {
  chooseAll.hidden = false;
  // What the browser kept over "back", and what came back refused.
  for (const box of document.querySelectorAll("#tickets input[name=id]:checked, #chosen-others input")) choose(box.value, true);
  table.addEventListener("change", (event) => {
    if (event.target === chooseAll) {
      const ids = [...table.querySelectorAll("input[name=id]")].map((box) => box.value);
      chosen.clear();
      if (chooseAll.checked) ids.slice(0, most).forEach((id) => choose(id, true));
    } else choose(event.target.value, event.target.checked);
    showChosen();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    chosen.clear();
    showChosen();
    table.querySelector("input[name=id], a").focus();
  });
  form.addEventListener("submit", (event) => {
    if (chosen.size) return;
    event.preventDefault();
    document.getElementById("chosen-count").textContent = "No ticket is chosen yet: press Space on a row, or tick its box.";
  });
  showChosen();
}

/* --- the keyboard --- */

table.addEventListener("keydown", (event) => {
  const row = event.target.closest("tbody tr");
  if (row === null || event.ctrlKey || event.metaKey || event.altKey) return;
  const isBox = event.target.matches("input");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    if (next !== null) next.querySelector(isBox ? "input" : "a").focus();
    event.preventDefault();
  } else if (event.key === " " && !isBox && form !== null) {
    row.querySelector("input").click();
    event.preventDefault();
  } else if (event.key === "Enter" && isBox) {
    row.querySelector("a").click();
    event.preventDefault();
  }
});

/* --- fresh --- */

async function freshen() {
  const page = await ask(location.href);
  const fresh = page.getElementById("tickets");
  if (fresh === null) throw new Error("not this page");
  ahead_ms = Date.parse(fresh.dataset.now) - Date.now();
  replaceAllOf(page);
  const active = document.activeElement;
  const here = table.contains(active) ? active.closest("tbody tr") : null;
  const at = here === null ? null : { id: here.dataset.ticket, what: active.matches("input") ? "input" : "a" };
  const known = new Map([...table.tBodies[0].rows].map((row) => [row.dataset.ticket, row]));
  const rows = [...fresh.tBodies[0].rows].map((row) => merged(known.get(row.dataset.ticket), row));
  const isSame = rows.length === known.size && rows.every((row, place) => table.tBodies[0].rows[place] === row);
  if (!isSame) table.tBodies[0].replaceChildren(...rows);
  if (at !== null && !table.contains(document.activeElement)) {
    const row = rows.find((each) => each.dataset.ticket === at.id) || rows[0];
    if (row !== undefined) row.querySelector(at.what).focus({ preventScroll: true });
  }
  showChosen();
  tick();
}

/* The row that is there with what is new in it: cells that differ are replaced, the box and an equal link stay. */
function merged(row, fresh) {
  if (row === undefined) return document.adoptNode(fresh);
  [...fresh.cells].forEach((cell, place) => {
    const old = row.cells[place];
    if (cell.classList.contains("choose") || old.outerHTML === cell.outerHTML) return;
    if (cell.tagName === "TH" && old.contains(document.activeElement)) {
      old.querySelector("a").textContent = cell.querySelector("a").textContent;
      old.querySelector(".of").replaceWith(document.adoptNode(cell.querySelector(".of")));
    } else old.replaceWith(document.adoptNode(cell.cloneNode(true)));
  });
  return row;
}

function showAge() {
  const known = document.getElementById("not-fresh");
  if (failures === 0) {
    if (known !== null) known.remove();
    return;
  }
  const age_s = Math.round((Date.now() - lastFresh_ms) / 1000);
  const text = "This page could not be asked for anew for " + age_s + " s. Whether a ticket was worked on since is not known.";
  if (known !== null) known.querySelector("span").textContent = text;
  else {
    const sign = document.createElement("p");
    sign.id = "not-fresh";
    sign.className = "told warning";
    sign.setAttribute("role", "status");
    const icon = document.createElement("i");
    icon.className = "icon i-not-live";
    const words = document.createElement("span");
    words.textContent = text;
    sign.append(icon, words);
    document.querySelector(".head").after(sign);
  }
}

async function turn() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") {
    try {
      await freshen();
      failures = 0;
      lastFresh_ms = Date.now();
    } catch (error) {
      failures += 1;
      console.warn("Queuelight: not fresh:", error.message);
    }
    showAge();
  }
  clearTimeout(timer);
  timer = setTimeout(turn, failures < 3 ? EVERY_MS : SLOWLY_MS);
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && Date.now() - lastFresh_ms > EVERY_MS) turn();
});
settle();
pickers(document.querySelector(".ticket-filter"));
setInterval(tick, 1000);
tick();
timer = setTimeout(turn, EVERY_MS);
