/* The canvas: the real wall in a frame, scaled, and over it a handle for each tile, for mouse, finger, pen and keys.

   In:  a screen's measures, tiles {id, label, place, remark, wrong} on a grid, what is picked. Out: calls: `pick`, `change` (the place of one tile,
   `isDone` false while it is still being dragged), `act` (remove, options). Knows no board and no server. */

import { node } from "./dom.js";
import { moved, placeAt, resized } from "./layout.js";

const EDGES = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function createStage(root, { address, pick, change, act }) {
  const frame = node("iframe", { src: address, title: "The board as it will look", tabindex: "-1" });
  const layer = node("div", { class: "handles", role: "group", "aria-label": "Tiles of this board" });
  const ghost = node("div", { class: "ghost", hidden: true });
  const screen = node("div", { class: "screen" }, frame, layer);
  const handles = new Map();
  let shape = { width: 1920, height: 1080 }, grid = { columns: 24, rows: 16 };
  let geometry = null, tiles = [], picked = null, drag = null, waiting = null, isReady = false, onSizes = () => {};
  root.append(screen);

  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== location.origin || !event.data) return;
    if (event.data.type === "queuelight-preview-ready") {
      isReady = true;
      if (waiting !== null) frame.contentWindow.postMessage(waiting, location.origin);
    }
    if (event.data.type === "queuelight-previewed") {
      geometry = event.data.grid;
      place();
      onSizes(event.data.sizes);
    }
  });
  new ResizeObserver(fit).observe(root);

  /* The frame has the screen's own size, so that every letter breaks where it will on the wall; only the picture of it is scaled. */
  function fit() {
    const room = root.getBoundingClientRect();
    const scale = Math.max(.05, Math.min(room.width / shape.width, room.height / shape.height));
    screen.style.width = shape.width * scale + "px";
    screen.style.height = shape.height * scale + "px";
    frame.style.width = shape.width + "px";
    frame.style.height = shape.height + "px";
    frame.style.transform = `scale(${scale})`;
    screen.dataset.scale = String(scale);
    place();
  }

  const scaleNow = () => Number(screen.dataset.scale) || 1;

  function pitch() {
    const scale = scaleNow();
    return {
      x: (geometry.width + geometry.gap) / grid.columns * scale, y: (geometry.height + geometry.gap) / grid.rows * scale, gap: geometry.gap * scale,
      left: geometry.x * scale, top: geometry.y * scale, width: geometry.width * scale,
    };
  }

  function put(element, at) {
    const step = pitch();
    const x = geometry.rtl ? grid.columns - at.x - at.w : at.x;
    element.style.left = step.left + x * step.x + "px";
    element.style.top = step.top + at.y * step.y + "px";
    element.style.width = at.w * step.x - step.gap + "px";
    element.style.height = at.h * step.y - step.gap + "px";
  }

  function place() {
    layer.hidden = geometry === null;
    if (geometry === null) return;
    const step = pitch();
    layer.style.setProperty("--cell-x", step.x + "px");
    layer.style.setProperty("--cell-y", step.y + "px");
    layer.style.setProperty("--grid-left", step.left + "px");
    layer.style.setProperty("--grid-top", step.top + "px");
    for (const tile of tiles) put(handles.get(tile.id).element, tile.place);
  }

  /* --- pointers */

  function begin(event, id, edges) {
    if (event.button !== 0 || geometry === null) return;
    const tile = tiles.find((each) => each.id === id);
    pick(id);
    drag = { id, edges, from: tile.place, x: event.clientX, y: event.clientY, now: tile.place, least: tile.least };
    event.target.setPointerCapture(event.pointerId);
    event.stopPropagation();
  }

  function follow(event) {
    if (drag === null) return;
    const step = pitch();
    const dx = Math.round((event.clientX - drag.x) / step.x) * (geometry.rtl ? -1 : 1), dy = Math.round((event.clientY - drag.y) / step.y);
    const next = drag.edges === "" ? moved(drag.from, dx, dy, grid) : resized(drag.from, drag.edges, dx, dy, drag.least, grid);
    if (JSON.stringify(next) === JSON.stringify(drag.now)) return;
    drag.now = next;
    layer.classList.add("is-dragging");
    change(drag.id, next, false);
  }

  function end(isKept) {
    if (drag === null) return;
    const { id, from, now } = drag;
    drag = null;
    layer.classList.remove("is-dragging");
    if (JSON.stringify(from) !== JSON.stringify(now)) change(id, isKept ? now : from, true);
  }

  layer.addEventListener("pointermove", follow);
  layer.addEventListener("pointerup", () => end(true));
  layer.addEventListener("pointercancel", () => end(false));
  layer.addEventListener("pointerdown", (event) => { if (event.target === layer) pick(null); });

  /* --- keys */

  function key(event, id) {
    const tile = tiles.find((each) => each.id === id);
    const arrow = ARROWS[event.key];
    if (event.key === "Escape" && drag !== null) end(false);
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (arrow) {
      const dx = arrow[0] * (geometry && geometry.rtl ? -1 : 1);
      change(id, event.shiftKey ? resized(tile.place, "es", dx, arrow[1], tile.least, grid) : moved(tile.place, dx, arrow[1], grid), true);
    } else if (event.key === "Delete" || event.key === "Backspace") act("remove", id);
    else if (event.key === "Enter") act("options", id);
    else return;
    event.preventDefault();
  }

  function handleOf(tile) {
    const known = handles.get(tile.id);
    if (known) return known;
    const label = node("span", { class: "handle-label", dir: "auto" });
    const grips = EDGES.map((edges) => node("i", { class: `grip ${edges}`, onpointerdown: (event) => begin(event, tile.id, edges) }));
    const element = node("div", {
      class: "handle", role: "button", tabindex: "0", "data-id": tile.id, "aria-describedby": "keys-help",
      onpointerdown: (event) => begin(event, tile.id, ""), onkeydown: (event) => key(event, tile.id), onfocus: () => pick(tile.id),
    }, label, ...grips);
    handles.set(tile.id, { element, label });
    return handles.get(tile.id);
  }

  /* --- from outside */

  function show(next, pickedId) {
    tiles = next;
    picked = pickedId;
    for (const [id, handle] of handles) {
      if (tiles.some((tile) => tile.id === id)) continue;
      handle.element.remove();
      handles.delete(id);
    }
    tiles.forEach((tile, index) => {
      const { element, label } = handleOf(tile);
      if (layer.children[index] !== element) layer.insertBefore(element, layer.children[index] || null);
      element.classList.toggle("is-wrong", tile.wrong !== "");
      element.classList.toggle("is-lost", tile.isLost);
      element.classList.toggle("is-picked", tile.id === picked);
      element.setAttribute("aria-pressed", String(tile.id === picked));
      element.setAttribute("aria-label", tile.spoken);
      label.textContent = tile.wrong;
    });
    layer.append(ghost);
    place();
  }

  function setShape(nextShape, nextGrid) {
    shape = nextShape;
    grid = nextGrid;
    geometry = null;
    frame.title = `The board as it will look, ${shape.width} by ${shape.height}`;
    fit();
  }

  function draw(message) {
    waiting = { type: "queuelight-preview", ...message };
    if (isReady) frame.contentWindow.postMessage(waiting, location.origin);
  }

  /* Where `size` would lie if it were let go at this point of the window; null outside the grid. Shows it, or nothing for null. */
  function hover(point, size, text) {
    const at = point === null || geometry === null ? null : cellAt(point, size);
    ghost.hidden = at === null;
    if (at !== null) {
      ghost.textContent = text;
      put(ghost, at);
    }
    return at;
  }

  function cellAt(point, size) {
    const box = layer.getBoundingClientRect();
    const step = pitch();
    if (point.x < box.left || point.x > box.right || point.y < box.top || point.y > box.bottom) return null;
    const along = (point.x - box.left - step.left) / step.x;
    return placeAt((geometry.rtl ? grid.columns - along : along) - size[0] / 2, (point.y - box.top - step.top) / step.y - size[1] / 2, size, grid);
  }

  function focus(id) {
    const handle = handles.get(id);
    if (handle) handle.element.focus();
    return Boolean(handle);
  }

  return { show, setShape, draw, hover, focus, whenMeasured: (listener) => { onSizes = listener; } };
}

/* The same board elsewhere, small: critical, not live, from 8 m, upright. In: `message(mode)`. Made when there is room for it. */
export function createElsewhere(root, address) {
  const lying = [1920, 1080];
  const views = [["critical", "Critical", lying], ["notlive", "Not live", lying], ["calm", "From 8 m", lying], ["now", "Upright", [1080, 1920]]];
  let frames = null, drawnAt = -Infinity;

  function make() {
    frames = views.map(([mode, label, [width, height]]) => {
      const frame = node("iframe", { src: address, title: `The board, ${label.toLowerCase()}`, tabindex: "-1" });
      const box = node("div", { class: "small" }, frame);
      root.append(node("figure", {}, box, node("figcaption", { text: label })));
      const scale = 120 / Math.min(width, height) * (height > width ? .62 : 1);
      box.style.width = width * scale + "px";
      box.style.height = height * scale + "px";
      frame.style.width = width + "px";
      frame.style.height = height + "px";
      frame.style.transform = `scale(${scale})`;
      frame.addEventListener("load", () => { drawnAt = -Infinity; });
      return { frame, mode, label };
    });
  }

  function draw(message) {
    const hasRoom = getComputedStyle(root).display !== "none";
    if (!hasRoom || performance.now() - drawnAt < 1500) return;
    if (frames === null) make();
    drawnAt = performance.now();
    for (const { frame, mode, label } of frames) {
      const found = message(mode);
      const board = label === "From 8 m" ? { ...found.frame.board, distance_m: 8 } : found.frame.board;
      frame.contentWindow.postMessage({ type: "queuelight-preview", ...found, frame: { ...found.frame, board } }, location.origin);
    }
  }

  return { draw };
}
