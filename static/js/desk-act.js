/* How far a change of many tickets is: asked every 2 s while it is under way, and at its end the page is loaded anew, with what failed.

   In: {state, done_count?, total_count?, failed_count, has_ended, trouble?} from the page's own address. */

import { forgetSent } from "./tickets/draft.js";

const EVERY_MS = 2000;
const SLOWLY_MS = 8000;

const page = document.getElementById("act");
let failures = 0;

function show(found) {
  const trouble = document.getElementById("trouble");
  trouble.hidden = found.trouble === undefined;
  trouble.querySelector("span").textContent = found.trouble === undefined ? "" : found.trouble;
  const bar = document.getElementById("progress");
  const far = document.getElementById("far");
  if (found.done_count === undefined || !found.total_count) return;
  bar.max = found.total_count;
  bar.value = found.done_count;
  far.textContent = found.done_count + " of " + found.total_count + (found.failed_count ? ", " + found.failed_count + " failed" : "");
}

async function follow() {
  try {
    const answer = await fetch(page.dataset.address, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error("the state is not given any more");
    const found = await answer.json();
    failures = 0;
    document.getElementById("follow").textContent = "This page follows it by itself. It goes on if you leave.";
    show(found);
    if (found.has_ended) {
      location.reload();
      return;
    }
  } catch (error) {
    failures += 1;
    document.getElementById("follow").textContent = "Queuelight does not answer this page; it is asked again. What Zendesk has begun goes on there.";
    console.warn("Queuelight: not followed:", error.message);
  }
  setTimeout(follow, failures < 3 ? EVERY_MS : SLOWLY_MS);
}

forgetSent();
if (document.getElementById("follow") !== null) setTimeout(follow, EVERY_MS);
