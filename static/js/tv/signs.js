/* What a stage says in its own name, over the boards: which screen this is, that it waits for a board, that it was removed, what it passes over.

   In:  plain words. Out: nodes under `place`, styled by css/stage.css. Text only, never markup. Chromium 79 syntax only. */

import { attribute, element, text } from "../elements/write.js";

export function createSigns(place) {
  const heading = element("h1", "");
  const body = element("p", "");
  const small = element("p", "stage-small");
  const page = element("section", "stage-page", element("div", "brand"), heading, body, small);
  const what = element("p", "");
  const name = element("strong", "");
  const flash = element("section", "stage-flash", what, name);
  const note = element("p", "stage-note");
  page.firstChild.textContent = "Queuelight";
  attribute(heading, "dir", "auto");
  attribute(body, "dir", "auto");
  attribute(name, "dir", "auto");
  attribute(note, "dir", "auto");
  attribute(page, "role", "status");
  attribute(flash, "role", "status");
  for (const each of [page, flash, note]) {
    each.hidden = true;
    place.appendChild(each);
  }

  /* A page instead of a board; null: none. */
  function say(words) {
    attribute(page, "hidden", words === null ? "" : null);
    if (words === null) return;
    text(heading, words.heading);
    text(body, words.body);
    text(small, words.small || "");
  }

  function showName(words) {
    attribute(flash, "hidden", words === null ? "" : null);
    if (words === null) return;
    text(what, words.what);
    text(name, words.name);
    flash.classList.toggle("is-long", words.name.length > 24);
  }

  function remark(words) {
    attribute(note, "hidden", words === "" ? "" : null);
    text(note, words);
  }

  return { say, showName, remark, nodes: [page, flash, note] };
}
