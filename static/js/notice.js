/* A notice on a TV: after some seconds the page goes on by itself, as soon as the address that it goes to answers.

   In: data-to and data-after of the body. Out: the next page. A browser's own error page would never come back, so the address is tried
   first. Chromium 79 syntax. */

const EVERY_MS = 5000;
const STEP_MS = 1000;
const body = document.body;
const soon = document.querySelector(".soon");
const to = body.dataset.to;
const due = performance.now() + Number(body.dataset.after) * 1000;
let trying = false;
let again = 0;

function step() {
  const now = performance.now();
  const left_s = Math.max(0, Math.ceil((due - now) / 1000));
  soon.textContent = left_s > 0 ? String(left_s) : "";
  if (now >= due && now >= again && !trying) go();
}

/* A redirect counts as an answer: it leads on. */
function go() {
  trying = true;
  again = performance.now() + EVERY_MS;
  fetch(to, { cache: "no-store", credentials: "same-origin" }).then((answer) => {
    trying = false;
    if (answer.ok) location.replace(to);
  }, () => {
    trying = false;
  });
}

setInterval(step, STEP_MS);
step();
