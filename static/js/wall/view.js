/* A view: one board drawn inside one element. A wall has one; a playlist, the editor's preview and the past have their own.

   In:  `root` (class wall-view), the files of the kinds, then one picture after another (wall/picture.js). Out: the board, kept up to date.
   `data-live` is "yes" only while the picture may be taken for now; it is set last of all, so that a script that throws leaves NOT LIVE.
   Nothing outside `root` is touched, but styles of kinds are added to the page's head. A tile that throws, or whose kind cannot be loaded,
   says so in its own place; the others go on. */

import { attribute, element, flag, text } from "../elements/write.js";
import { besideSaid } from "../live/causes.js";
import { isRtl, say, tag } from "../live/words.js";
import { loadKind } from "./kinds.js";
import { speak } from "./languages.js";
import { shell } from "./shell.js";

const GAP_U = 1.25;
const PATIENCE_MS = 5000;
const COLUMNS = { lying: 24, upright: 16 };
const ROWS = { lying: 16, upright: 24 };

/* `files`: {kind: {script, style}, plotly: {script}}. `opening`: {seq, at, frame} or null; its title stands before the first drawing. */
export function createView(root, { files, opening = null }) {
  const parts = shell();
  const tiles = new Map();               // widget id -> {holder, widget, element, options, broken, since_ms}
  let last = null;
  let widgetsDrawn = null;
  let size = "";
  let gone = false;
  let pending = false;
  let wasLive = false;

  root.textContent = "";
  root.appendChild(parts.strip);
  root.appendChild(parts.notice);
  root.appendChild(parts.grid);
  if (root.dataset.live === undefined) root.dataset.live = "no";
  speak(opening && opening.frame.board.language, again);   // from now on, so that whoever asks why nothing is live yet has words
  if (opening) text(parts.title, opening.frame.board.title);
  const watch = window.ResizeObserver ? new ResizeObserver(() => again()) : null;
  if (watch !== null) watch.observe(root);

  /* Whether each tile is there, or says why not: before that an empty place could be taken for nothing to see. Not for ever: the others go on. */
  function whole() {
    const now = performance.now();
    return Array.from(tiles.values()).every((tile) => tile.element !== null || tile.broken !== null || now - tile.since_ms > PATIENCE_MS);
  }

  /* Draws the last picture once more: a size, a kind or a language has come. */
  function again() {
    if (pending || last === null) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      if (!gone && last !== null) draw(last);
    });
  }

  function draw(picture) {
    last = picture;
    const frame = picture.frame;
    speak(frame && frame.board.language, again);
    if (!picture.live) root.dataset.live = "no";      // before the tiles: if one of them throws, the view is not live already
    measure();
    if (frame) dressFor(frame.board, picture.live ? besideSaid(frame, picture.now_ms) : "");
    text(parts.notice.querySelector("strong"), say("strip.not_live"));
    for (const sign of parts.signs) sign.draw(picture);
    if (frame) {
      parts.banner.draw(picture);
      arrange(frame.board.widgets || []);
      drawTiles(picture);
    }
    if (picture.live && root.dataset.live !== "yes" && (wasLive || whole())) {
      wasLive = true;
      root.dataset.live = "yes";
      if (frame) drawTiles(picture);                   // the band has gone: every tile has more room
    }
  }

  /* The wall's unit, from the room the view has: 1/67.5 of the short side, so that 1080p, 4K, portrait and a laptop are one picture. */
  function measure() {
    const now = root.clientWidth + "x" + root.clientHeight;
    if (now === size || root.clientWidth === 0) return;
    size = now;
    const { clientWidth: width, clientHeight: height } = root;
    const upright = height > width;
    const u = upright ? Math.min(width / 67.5, height / 120) : width / height < 1.5 ? width * .0078 : Math.min(width / 120, height / 67.5);
    root.style.setProperty("--u", u + "px");
    flag(root, "is-upright", upright);
  }

  function dressFor(board, beside) {
    attribute(root, "data-theme", board.theme);
    attribute(root, "data-distance", String(board.distance_m));
    attribute(root, "lang", tag());
    attribute(root, "dir", isRtl() ? "rtl" : "ltr");
    text(parts.title, board.title);
    const problems = board.problems || [];
    text(parts.remark, beside || (problems.length && board.distance_m === 3 ? say("strip.problems", { n: problems.length }) : ""));
    flag(parts.remark, "is-trouble", beside !== "");
    attribute(parts.remark, "title", problems.length ? problems.join("\n") : null);
  }

  /* Makes, moves and removes tiles, so that there is one for each widget; an element is kept for as long as its widget is the same kind. */
  function arrange(widgets) {
    if (widgets === widgetsDrawn) return;
    widgetsDrawn = widgets;
    const present = new Set(widgets.map((each) => each.id));
    tiles.forEach((tile, id) => {
      if (present.has(id)) return;
      tile.holder.remove();
      tiles.delete(id);
    });
    for (const widget of widgets) {
      let tile = tiles.get(widget.id);
      if (tile && tile.widget.kind !== widget.kind) {
        tile.holder.remove();
        tile = undefined;
      }
      if (!tile) {
        tile = { holder: null, element: null, widget: null, options: "", broken: null, since_ms: performance.now() };
        tiles.set(widget.id, tile);
        hold(tile, element("div", ""), widget.kind);
        tile.widget = widget;
        bring(tile);
      }
      tile.widget = widget;
      const options = JSON.stringify(widget.options);
      if (tile.element && tile.options !== options) tile.element.setup(widget);
      tile.options = options;
    }
    widgets.forEach((widget, place) => {
      const holder = tiles.get(widget.id).holder;
      if (parts.grid.children[place] !== holder) parts.grid.insertBefore(holder, parts.grid.children[place] || null);
    });
    flag(parts.grid, "is-empty", widgets.length === 0);
    attribute(parts.grid, "data-empty", widgets.length === 0 ? say("board.empty") : null);
  }

  /* Puts `node` in the tile's place on the page. */
  function hold(tile, node, kind) {
    node.classList.add("tile");
    node.dataset.kind = kind;
    if (tile.holder === null) parts.grid.appendChild(node);
    else tile.holder.replaceWith(node);
    tile.holder = node;
  }

  function bring(tile) {
    const kind = tile.widget.kind;
    loadKind(kind, files).then((name) => {
      if (gone || tiles.get(tile.widget.id) !== tile) return;
      const node = document.createElement(name);
      tile.element = node;
      node.setup(tile.widget);
      hold(tile, node, kind);
      if (last !== null && last.frame) drawTiles(last);
      again();                                          // the board may be live by now
    }).catch((error) => {
      console.warn("Queuelight: no tile of kind " + kind + ":", error.message);
      tile.broken = "tile.not_loaded";
      complain(tile);
      setTimeout(() => { if (!gone && tiles.get(tile.widget.id) === tile) bring(tile); }, 31000);
    });
  }

  function drawTiles(picture) {
    const upright = root.classList.contains("is-upright");
    const which = upright ? "upright" : "lying";
    const u = parseFloat(root.style.getPropertyValue("--u"));
    const free = parts.grid.clientHeight + (root.dataset.live === "yes" ? 0 : parts.notice.offsetHeight + GAP_U * u);
    const cell = {
      w: (parts.grid.clientWidth / u - GAP_U * (COLUMNS[which] - 1)) / COLUMNS[which],
      h: (parts.grid.clientHeight / u - GAP_U * (ROWS[which] - 1)) / ROWS[which],
      full: (free / u - GAP_U * (ROWS[which] - 1)) / ROWS[which],
    };
    tiles.forEach((tile) => {
      const at = upright ? tile.widget.portrait : tile.widget;
      const area = `${at.y + 1} / ${at.x + 1} / span ${at.h} / span ${at.w}`;
      if (tile.holder.dataset.area !== area) {
        tile.holder.dataset.area = area;
        tile.holder.style.gridArea = area;
        tile.holder.dataset.w = at.w;
        tile.holder.dataset.h = at.h;
      }
      if (tile.element === null) return;
      const box = { w: at.w * (cell.w + GAP_U) - GAP_U, h: at.h * (cell.h + GAP_U) - GAP_U };
      const full = { w: box.w, h: at.h * (cell.full + GAP_U) - GAP_U };
      try {
        tile.element.place({
          box, full, u, upright, cells: at, distance_m: picture.frame.board.distance_m, files,
        });
        tile.element.draw(picture);
        if (tile.broken !== null) mend(tile);
      } catch (error) {
        if (tile.broken === null) console.error("Queuelight: the tile " + tile.widget.id + " of kind " + tile.widget.kind + " has failed:", error);
        tile.broken = "tile.failed";
        complain(tile);
      }
    });
  }

  /* One plain sentence over what cannot be drawn. */
  function complain(tile) {
    flag(tile.holder, "is-broken", true);
    attribute(tile.holder, "data-broken", say(tile.broken, { kind: tile.widget.kind }));
  }

  function mend(tile) {
    tile.broken = null;
    flag(tile.holder, "is-broken", false);
    attribute(tile.holder, "data-broken", null);
  }

  function destroy() {
    gone = true;
    if (watch !== null) watch.disconnect();
    root.textContent = "";
    tiles.clear();
    last = null;
  }

  return { root, draw, destroy };
}
