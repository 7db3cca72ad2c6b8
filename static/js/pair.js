/* The page of a TV that waits to be let in: asks every two seconds, shows each new code, and goes on as soon as somebody typed it.

   In: the state that came with the page, then /pair/state/. Out: the page. The key comes in a cookie that no script sees.
   A code whose time is over is taken away, also while nobody answers: nobody should type it in vain. Chromium 79 syntax. */

import { say, setWords } from "./live/words.js";

const ASK_EVERY_MS = 2000;
const ANSWER_WITHIN_MS = 10000;
const root = document.documentElement;
const signs = Array.from(document.querySelectorAll(".code span"));
const code = document.querySelector(".code");
const left = document.querySelector(".left time");
const problem = document.querySelector(".problem span");
const qr = document.querySelector("footer svg");
let shown = "";
let endsAt = 0;
let askedAt = -Infinity;
let asking = false;
let over = false;

setWords(root.dataset.language, JSON.parse(document.getElementById("words").textContent));

function show(answer) {
  if (answer.version && answer.version !== root.dataset.version) {
    location.reload();
    return;
  }
  if (answer.state === "waiting") endsAt = performance.now() + answer.left_s * 1000;
  if (answer.state === "waiting" && answer.code !== shown) {
    shown = answer.code;
    signs.forEach((sign, number) => { sign.textContent = shown.charAt(number); });
    code.setAttribute("aria-label", say("pair.code", { code: shown.split("").join(" ") }));
    qr.setAttribute("viewBox", "0 0 " + answer.qr.side + " " + answer.qr.side);
    qr.firstElementChild.setAttribute("d", answer.qr.path);
  }
  tell(answer.state);
  if (answer.state === "paired") {
    over = true;
    location.replace(answer.to);
  }
}

function tell(state) {
  document.body.dataset.state = state;
  problem.textContent = state === "waiting" || state === "paired" ? "" : say("pair.problem." + state);
}

function ask() {
  asking = true;
  askedAt = performance.now();
  const given = setTimeout(() => { done("no_server"); }, ANSWER_WITHIN_MS);
  let answered = false;

  function done(problemState, answer) {
    if (answered) return;
    answered = true;
    clearTimeout(given);
    asking = false;
    if (answer) show(answer);
    else tell(problemState);
  }

  const options = { method: "POST", cache: "no-store", credentials: "same-origin", headers: { "X-CSRFToken": root.dataset.token } };
  fetch("/pair/state/", options).then((response) => {
    if (response.status === 403) location.reload();          // the page is older than its token
    return response.json();
  }).then((answer) => done("", answer)).catch(() => done("no_server"));
}

function step() {
  const now = performance.now();
  const left_s = Math.max(0, Math.round((endsAt - now) / 1000));
  left.textContent = Math.floor(left_s / 60) + ":" + ("0" + (left_s % 60)).slice(-2);
  document.body.dataset.code = shown && left_s > 0 ? "yes" : "no";
  if (!over && !asking && now - askedAt >= ASK_EVERY_MS) ask();
}

askedAt = performance.now();
show(JSON.parse(document.getElementById("state").textContent));
step();
setInterval(step, 500);
