/* Keeps the pages of incidents fresh. They work without this file; it spares the reload.

   In: the page itself, asked for again every few seconds while it is looked at. Out: parts marked `data-fresh` are put in anew when
   they differ. With a value, the value tells whether they do; nothing is replaced under somebody's hands. */

const EVERY_MS = 4000;
const SLOWLY_MS = 30000;

for (const field of document.querySelectorAll("input[name=zone]")) field.value = ownZone();
let failures = 0;

function ownZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

/* Whether somebody is writing, or about to press a button. A link keeps its focus over a change. */
function inUse(part) {
  const active = document.activeElement;
  if (part.contains(active) && active.matches("input, textarea, select, button")) return true;
  return [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);
}

function differs(part, fresh) {
  return part.dataset.fresh ? part.dataset.fresh !== fresh.dataset.fresh : part.innerHTML !== fresh.innerHTML;
}

function focusLink(part, address) {
  const same = [...part.querySelectorAll("a")].find((each) => each.getAttribute("href") === address);
  if (same) same.focus();
}

async function freshen() {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error("the page is not given any more");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const fresh = page.getElementById(part.id);
    if (fresh === null) {
      if (!inUse(part)) part.remove();
    } else if (differs(part, fresh) && !inUse(part)) {
      const link = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      part.replaceWith(document.adoptNode(fresh));
      if (link !== null) focusLink(fresh, link);
      for (const field of fresh.querySelectorAll("input[name=zone]")) field.value = ownZone();
    }
  }
}

async function turn() {
  if (document.visibilityState === "visible") {
    try {
      await freshen();
      failures = 0;
    } catch (error) {
      // The page stays as it is; the times on it say of when it is.
      failures += 1;
      console.warn("Queuelight: not fresh:", error.message);
    }
  }
  setTimeout(turn, failures === 0 ? EVERY_MS : SLOWLY_MS);
}

setTimeout(turn, EVERY_MS);
