/* The caption: what is announced stands on the screen as well, whether anybody hears it or not.

   In:  sentences with their language tag and direction. Out: a node (css/stage.css) that screen readers read out. Chromium 79 syntax only. */

import { attribute, element, text } from "./write.js";

const STANDS_MS = 12000;

export function createCaption(now) {
  const line = element("p", "caption-line");
  const node = element("div", "caption", line);
  let until_ms = -Infinity;
  attribute(node, "role", "status");
  attribute(node, "hidden", "");

  function show(sentence, tag, rtl) {
    attribute(node, "lang", tag);
    attribute(node, "dir", rtl ? "rtl" : "ltr");
    attribute(node, "hidden", null);
    text(line, sentence);
    until_ms = now() + STANDS_MS;
  }

  /* Called each second; `speaking` keeps it there until the voice has ended. */
  function tick(speaking) {
    if (now() < until_ms || speaking) return;
    clear();
  }

  function clear() {
    until_ms = -Infinity;
    attribute(node, "hidden", "");
    text(line, "");
  }

  return { node, show, tick, clear };
}
