/* The palette: kinds of tiles and numbers of the catalogue, found by a search, put on the board by a click or by dragging.

   In:  the facts, what is on the board, which metrics the plan does not send. Out: calls: `add(kind, options, place)`; `hover` while dragging. */

import { icon, node } from "./dom.js";

const DRAG_PX = 6;

export function createPalette(root, facts, { add, hover }) {
  const entries = [];
  const hint = "Find a tile or a metric";
  const search = node("input", { type: "search", id: "palette-search", placeholder: hint, "aria-label": hint, autocomplete: "off" });
  const none = node("p", { class: "none", role: "status" });
  root.append(search, none);
  for (const group of facts.groups) {
    const kinds = Object.values(facts.kinds).filter((kind) => kind.group === group.name);
    if (kinds.length) root.append(section(group.label, kinds.map((kind) => entry(kind.label, kind.about, kind.name, {}, kind.size, null))));
  }
  for (const feed of facts.feeds) {
    const metrics = Object.values(facts.metrics).filter((metric) => metric.feed === feed.name);
    const items = metrics.map((metric) => entry(metric.label, metric.definition, "number", { metric: metric.name }, facts.kinds.number.size, metric));
    root.append(section(feed.label, items, true));
  }
  search.addEventListener("input", narrow);

  function section(label, items, isFolded = false) {
    const list = node("ul", {}, ...items.map((item) => item.row));
    if (!isFolded) return node("section", {}, node("h2", { text: label }), list);
    return node("details", {}, node("summary", { text: label }), list);
  }

  function entry(label, about, kind, options, size, metric) {
    const tag = node("small");
    const button = node("button", { type: "button", title: about }, node("span", { text: label }), tag);
    const text = `${label} ${about} ${metric ? metric.name : kind}`.toLowerCase();
    const found = { row: node("li", {}, button), button, tag, text, kind, options, metric };
    let from = null, isDragged = false;
    button.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = { x: event.clientX, y: event.clientY };
      isDragged = false;
      button.setPointerCapture(event.pointerId);      // a quick hand has left the button before it has moved once
    });
    button.addEventListener("pointermove", (event) => {
      if (from === null) return;
      if (!isDragged && Math.hypot(event.clientX - from.x, event.clientY - from.y) < DRAG_PX) return;
      isDragged = true;
      hover({ x: event.clientX, y: event.clientY }, size, label);
    });
    button.addEventListener("pointerup", (event) => {
      if (from === null) return;
      from = null;
      if (!isDragged) return;
      const place = hover({ x: event.clientX, y: event.clientY }, size, label);
      hover(null);
      if (place !== null) add(kind, options, place);
    });
    button.addEventListener("pointercancel", () => {
      from = null;
      hover(null);
    });
    button.addEventListener("click", () => {
      if (isDragged) isDragged = false;
      else add(kind, options, null);
    });
    entries.push(found);
    return found;
  }

  function narrow() {
    const wanted = search.value.trim().toLowerCase();
    let count = 0;
    for (const each of entries) {
      each.row.hidden = wanted !== "" && !wanted.split(/\s+/).every((word) => each.text.includes(word));
      if (!each.row.hidden) count += 1;
    }
    for (const part of root.querySelectorAll("section, details")) {
      part.hidden = [...part.querySelectorAll("li")].every((row) => row.hidden);
      if (part.tagName === "DETAILS") part.open = wanted !== "";
    }
    none.textContent = count === 0 ? `Nothing is called “${search.value.trim().slice(0, 40)}”.` : "";
  }

  /* `used`: kinds and metrics on the board; `missing`: metrics that the plan does not send. */
  function show(used, missing) {
    for (const each of entries) {
      const isLocked = each.metric !== null && missing.has(each.metric.name);
      const isUsed = each.metric !== null ? used.metrics.has(each.metric.name) : used.kinds.has(each.kind);
      const word = isLocked ? "Professional" : isUsed ? "on board" : "";
      if (each.tag.dataset.word === word) continue;
      each.tag.dataset.word = word;
      each.tag.replaceChildren(...(word ? [icon(isLocked ? "plan" : "ok"), document.createTextNode(word)] : []));
      each.button.classList.toggle("is-locked", isLocked);
    }
  }

  return { show };
}
