/* The wall inside the editor: draws what the editor says, and tells it where the tiles are and how large their words.

   In:  messages of the page around it, of the same origin: {type: "queuelight-preview", frame, at_ms, isFrozen}.
   Out: the board; {type: "queuelight-previewed", grid, sizes}. Asks no server for anything but scripts and styles of kinds. */

import { notLive } from "./live/causes.js";
import { setWords } from "./live/words.js";
import { pictureOf } from "./wall/picture.js";
import { createView } from "./wall/view.js";

const data = (id) => JSON.parse(document.getElementById(id).textContent);
const root = document.querySelector(".wall-view");
if (document.getElementById("words")) setWords(root.lang, data("words"));
const view = createView(root, { files: data("kinds") });
const memory = {};
let shown = null;
let told = "";

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || event.origin !== location.origin || !event.data || event.data.type !== "queuelight-preview") return;
  const { frame, at_ms, isFrozen } = event.data;
  shown = { frame, at_ms, isFrozen, from: performance.now() };
  draw();
});

function draw() {
  if (shown === null) return;
  const line_now_ms = performance.now();
  const now_ms = shown.at_ms + (shown.isFrozen ? 0 : line_now_ms - shown.from);
  // The editor is the line here, and it has just spoken: what is not live is the numbers' own age.
  const line = { open: true, refused: null, started_at: 0, heard_at: line_now_ms, closed_at: null };
  const reason = notLive({ frame: shown.frame, line, line_now_ms, cause: null, failed: false, now_ms });
  view.draw(pictureOf(shown.frame, now_ms, { live: reason === null, notLive: reason, memory }));
  setTimeout(tell, 0);
  setTimeout(tell, 250);             // kinds, fonts and the band come a moment later
}

/* Where the grid is, in this page's pixels, and the sizes of each tile's words. */
function tell() {
  const grid = root.querySelector(".grid");
  if (grid === null || shown === null) return;
  const box = grid.getBoundingClientRect();
  const u = parseFloat(root.style.getPropertyValue("--u")) || 16;
  const sizes = {};
  shown.frame.board.widgets.forEach((widget, place) => {
    const tile = grid.children[place];
    if (tile) sizes[widget.id] = sizesOf(tile);
  });
  const message = {
    type: "queuelight-previewed", sizes,
    grid: { x: box.x, y: box.y, width: box.width, height: box.height, gap: 1.25 * u, rtl: root.dir === "rtl" },
  };
  const text = JSON.stringify(message);
  if (text === told) return;
  told = text;
  window.parent.postMessage(message, location.origin);
}

function sizesOf(tile) {
  const out = {};
  const walker = document.createTreeWalker(tile, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.nodeValue.trim() || holder.closest("svg, .js-plotly-plot") !== null || holder.getClientRects().length === 0) continue;
    const px = parseFloat(getComputedStyle(holder).fontSize);
    const role = holder.closest(".value") ? "number" : holder.closest("h2") ? "label" : "note";
    if (role === "note") out.note = out.note === undefined ? px : Math.min(out.note, px);
    else out[role] = Math.max(out[role] || 0, px);
  }
  return out;
}

/* The editor may have spoken before this page listened. */
window.parent.postMessage({ type: "queuelight-preview-ready" }, location.origin);
setInterval(draw, 1000);
