/* The caption: what is announced stands on the screen as well, whether anybody hears it or not.

   In:  sentences with their language tag and direction. Out: a node (css/stage.css) in the strip, over the incident that it speaks of, so that
   it covers no number and moves no tile; screen readers read it out. One sentence at a time, as large as it may be there. Chromium 79 syntax only. */

import { linesOf } from "../wall/lines.js";
import { attribute, element, icon, text } from "./write.js";

const STANDS_MS = 12000;                 // altogether, or so much each where there are several:
const LEAST_MS = 6000;
const EDGE_U = 1.75;                     // between it and the screen's edge
const BEFORE_LAMP_U = 1.5;
const AROUND_U = { lying: 6, upright: 2.5 };   // its own margins, and its sign where it has one
const HIGH_U = 4.4;
const LINE = 1.15;
const SIZES_U = { most: 2.25, least: 1.125, step: .125 };

export function createCaption(now) {
  const line = element("p", "caption-line");
  const sign = element("i", "icon");
  const node = element("div", "caption", sign, line);
  let waiting = [];
  let each_ms = STANDS_MS;
  let until_ms = -Infinity;
  let shape = "";
  icon(sign, "bell");
  attribute(node, "role", "status");
  attribute(node, "hidden", "");

  function show(sentences, tag, rtl) {
    waiting = sentences.slice(1);
    each_ms = Math.max(LEAST_MS, STANDS_MS / sentences.length);
    attribute(node, "lang", tag);
    attribute(node, "dir", rtl ? "rtl" : "ltr");
    attribute(node, "hidden", null);
    write(sentences[0]);
  }

  function write(sentence) {
    text(line, sentence);
    fit(sentence);
    until_ms = now() + each_ms;
  }

  function fit(sentence) {
    shape = window.innerWidth + "x" + window.innerHeight;
    const { u, upright } = unitOf(window.innerWidth, window.innerHeight);
    const room = stand(u);
    const { size, width } = fitted(sentence, room / u - AROUND_U[upright ? "upright" : "lying"]);
    line.style.fontSize = "calc(" + size + " * var(--u))";
    line.style.maxWidth = width + "em";
  }

  /* From the screen's edge to the lamp of the board that is seen: the lamp's words and its side are the language's. In px. */
  function stand(u) {
    const lamp = document.querySelector(".wall-view:not(.is-under) ql-pulse");
    const box = lamp === null ? { left: window.innerWidth, right: 0 } : lamp.getBoundingClientRect();
    const left = box.left >= window.innerWidth - box.right;
    const room = Math.max(20 * u, (left ? box.left : window.innerWidth - box.right) - (EDGE_U + BEFORE_LAMP_U) * u);
    node.style.left = left ? EDGE_U * u + "px" : "auto";
    node.style.right = left ? "auto" : EDGE_U * u + "px";
    node.style.width = room + "px";
    return room;
  }

  /* Called each second; `speaking` keeps the last sentence there until the voice has ended. */
  function tick(speaking) {
    if (now() < until_ms) {
      if (shape !== window.innerWidth + "x" + window.innerHeight) fit(line.textContent);
      return;
    }
    if (waiting.length) write(waiting.shift());
    else if (!speaking) clear();
  }

  function clear() {
    waiting = [];
    until_ms = -Infinity;
    attribute(node, "hidden", "");
    text(line, "");
  }

  return { node, show, tick, clear };
}

function unitOf(width_px, height_px) {
  const upright = height_px > width_px;
  return { upright, u: upright ? Math.min(width_px / 67.5, height_px / 120) : Math.min(width_px / 120, height_px / 67.5) };
}

/* The largest type, in u, at which a sentence fits into a room of so many u, and the width in em at which its lines are of one length:
   a last line of one word looks like a mistake. */
function fitted(sentence, room) {
  const lines = (width) => linesOf([sentence], width);
  let size = SIZES_U.most;
  while (size > SIZES_U.least && lines(room / size) * LINE * size > HIGH_U) size -= SIZES_U.step;
  let width = Math.ceil(room / size);
  while (width > 12 && lines(width - 1) <= lines(room / size)) width -= 1;
  return { size, width: width * 1.06 };
}
