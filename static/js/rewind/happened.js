/* The list of what happened in the span that is shown: each entry jumps to its moment; an incident's leads to its page.

   In:  marks of the API. Out: entries of an ordered list; `jump(ms)` when one is pressed. Names and sentences go in as text only. */

import { short } from "./moments.js";

const WORDS = {
  opened: ["i-warning", "Opened"], worse: ["i-critical", "Worse"], acknowledged: ["i-person", "Acknowledged"], resolved: ["i-ok", "Resolved"],
  gap: ["i-not-live", "Gap"], reset: ["i-few", "Reset"], corrected: ["i-wrap-up", "Correction"], board: ["i-wrap-up", "Board"],
};
// Opening a page that is about a moment shows what led to it.
const BEFORE_MS = 10000;
const MOST = 200;
// Over more days than these a midnight each tells nobody anything; the line has them all the same.
const RESETS_UNTIL_MS = 4 * 86400000;
// Beyond this, moments lose their time of day (moments.js); in the list they keep it.
const LONGEST_TOLD_MS = 2 * 86400000;

function make(name, className, text) {
  const node = document.createElement(name);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/* The moment to look from for a mark. */
export function lookFrom(mark) {
  return Date.parse(mark.at) - (["opened", "worse", "gap"].includes(mark.kind) ? BEFORE_MS : 0);
}

export function createHappened(list, count, { zone, incident, jump }) {
  let entries = [];

  function draw(all, span_ms) {
    const marks = all.filter((mark) => mark.kind !== "reset" || span_ms < RESETS_UNTIL_MS);
    entries = marks.slice(-MOST);
    count.textContent = marks.length > MOST ? `the last ${MOST} of ${marks.length}` : String(marks.length);
    list.textContent = "";
    if (!marks.length) list.append(make("li", "calm", "Nothing is marked in this span."));
    for (const mark of entries) list.append(entry(mark, Math.min(span_ms, LONGEST_TOLD_MS)));
  }

  function entry(mark, span_ms) {
    const [icon, word] = WORDS[mark.kind] || WORDS.board;
    const item = make("li", `is-${mark.kind} is-${mark.severity || "plain"}`);
    const button = make("button", "jump");
    button.type = "button";
    const words = make("span", "words");
    const kind = make("b", "", word);
    const text = make("span", "text", mark.text);
    text.dir = "auto";
    words.append(kind, " ", text);
    if (mark.by) words.append(` · ${mark.by}`);
    if (mark.kind === "gap") words.append(mark.until ? ` until ${short(Date.parse(mark.until), zone, span_ms)}` : ", still");
    button.append(make("i", `icon ${mark.severity === "critical" && mark.kind === "opened" ? "i-critical" : icon}`),
      make("time", "num", short(Date.parse(mark.at), zone, span_ms)), words);
    button.addEventListener("click", () => jump(lookFrom(mark)));
    item.append(button);
    if (mark.incident !== undefined && mark.kind === "opened") {
      const link = make("a", "of", "incident");
      link.href = incident.replace("/0/", `/${mark.incident}/`);
      link.setAttribute("aria-label", `The page of the incident: ${mark.text}`);
      item.append(link);
    }
    return item;
  }

  /* The entry that the film has reached last is marked. */
  function stand(at_ms) {
    let reached = -1;
    entries.forEach((mark, place) => { if (lookFrom(mark) <= at_ms) reached = place; });
    [...list.children].forEach((item, place) => item.classList.toggle("is-reached", place === reached && entries.length > 0));
  }

  return { draw, stand };
}
