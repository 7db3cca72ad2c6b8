/* The line of the longest wait with its gaps, the marks over it, the hours under it, and where the film stands.

   In:  a span, points of the history API, marks. Out: an SVG of its own in `root`, hours in `hours`. Colour says severity alone; each
   kind of mark has a shape of its own. Must not fetch anything. */

import { short } from "./moments.js";

const NS = "http://www.w3.org/2000/svg";
const WIDE = 1000, HIGH = 100, FLOOR = 96, TOP = 24;
const LEAST_TOP_S = 60;
const STEPS_MIN = [10, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200];
const SHAPES = {
  opened: "M0-8 9 8H-9z", worse: "M-4-9H4L9-4V4L4 9H-4L-9 4V-4z", acknowledged: "M-7 8A7 7 0 0 1 7 8zM0-8A4 4 0 1 1-.1-8z",
  resolved: "M-9 0-6-3-2 1 6-8 9-5-2 7z", reset: "M-2-9H2V9H-2z", corrected: "M-2-9H2V-2H9V2H2V9H-2V2H-9V-2H-2z", board: "M-8-7H8V7H-8zM-5-4V4H5V-4z",
};

function shape(name, attributes, parent) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (parent) parent.append(node);
  return node;
}

export function createTimeline(root, hours, zone) {
  const svg = shape("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none" }, root);
  const defs = shape("defs", {}, svg);
  const pattern = shape("pattern", { id: "no-data", width: 10, height: 10, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, defs);
  shape("rect", { width: 2, height: 10, class: "hatch" }, pattern);
  const layer = shape("g", {}, svg);
  const head = document.createElement("i");
  head.className = "head-line";
  const marked = document.createElement("div");
  marked.className = "marks";
  root.append(marked, head);
  let span = { from_ms: 0, to_ms: 1 };

  const x = (ms) => WIDE * (ms - span.from_ms) / (span.to_ms - span.from_ms);
  const share = (ms) => `${Math.min(100, Math.max(0, 100 * (ms - span.from_ms) / (span.to_ms - span.from_ms)))}%`;

  /* `points`: [{at, max?}] with `step_s`; `marks` of the API; null: not here yet. */
  function draw(newSpan, points, step_s, marks) {
    span = newSpan;
    layer.textContent = "";
    if (points) line(points, step_s, marks);
    for (const mark of marks || []) if (mark.kind === "gap") gap(mark);
    signs((marks || []).filter((mark) => mark.kind !== "gap"));
    labels();
  }

  /* A step may be shorter than the time between two answers. A step without one is no gap then: those are among the marks. */
  function line(points, step_s, marks) {
    const gaps = (marks || []).filter((mark) => mark.kind === "gap")
      .map((mark) => [Date.parse(mark.at), mark.until ? Date.parse(mark.until) : Infinity]);
    const holds = (from_ms, to_ms) => marks && !gaps.some(([begin, end]) => begin < to_ms && end > from_ms);
    const top = Math.max(LEAST_TOP_S, ...points.map((point) => point.max || 0));
    const y = (value) => FLOOR - (FLOOR - TOP) * value / top;
    let area = "", path = "", open = false, last_ms = 0;
    for (const point of points) {
      if (!point.count) continue;
      const at_ms = Date.parse(point.at);
      if (open && at_ms > last_ms && !holds(last_ms, at_ms)) {
        area += `L${x(last_ms)} ${FLOOR}z`;
        open = false;
      }
      const edge = `${x(at_ms)} ${y(point.max)}`;
      path += (open ? "L" : "M") + edge;
      area += open ? `L${edge}` : `M${x(at_ms)} ${FLOOR}L${edge}`;
      open = true;
      last_ms = at_ms + step_s * 1000;
    }
    if (open) area += `L${x(last_ms)} ${FLOOR}z`;
    shape("path", { d: area, class: "area" }, layer);
    shape("path", { d: path, class: "wait", "vector-effect": "non-scaling-stroke" }, layer);
    shape("path", { d: `M0 ${FLOOR}H${WIDE}`, class: "floor", "vector-effect": "non-scaling-stroke" }, layer);
  }

  function gap(mark) {
    const from = Math.max(0, x(Date.parse(mark.at)));
    const to = Math.min(WIDE, mark.until ? x(Date.parse(mark.until)) : WIDE);
    if (to <= from) return;
    const width = Math.max(2, to - from);
    shape("rect", { x: from, y: TOP - 8, width, height: FLOOR - TOP + 8, class: "gap", fill: "url(#no-data)" }, layer);
  }

  /* As elements of their own size: the line is stretched to the page's width, the marks must not be. */
  function signs(marks) {
    marked.textContent = "";
    for (const mark of marks) {
      const at_ms = Date.parse(mark.at);
      if (at_ms < span.from_ms || at_ms > span.to_ms) continue;
      const sign = shape("svg", { viewBox: "-10 -10 20 20", class: `sign is-${mark.kind} is-${mark.severity || "plain"}` });
      shape("path", { d: SHAPES[mark.kind] || SHAPES.board, "fill-rule": "evenodd" }, sign);
      sign.style.left = share(at_ms);
      marked.append(sign);
    }
  }

  function labels() {
    hours.textContent = "";
    const minutes = (span.to_ms - span.from_ms) / 60000;
    const every_ms = 60000 * (STEPS_MIN.find((each) => minutes / each <= 7) || STEPS_MIN[STEPS_MIN.length - 1]);
    const away = offset(span.from_ms);
    for (let ms = Math.ceil((span.from_ms + away) / every_ms) * every_ms - away; ms < span.to_ms; ms += every_ms) {
      const label = document.createElement("span");
      label.textContent = short(ms, zone, span.to_ms - span.from_ms);
      label.style.left = share(ms);
      hours.append(label);
    }
  }

  /* So that round hours are the zone's round hours. */
  function offset(ms) {
    const [, hour, minute] = /(\d\d):(\d\d)$/.exec(short(ms, zone, 2 * 86400000));
    const utc = new Date(ms);
    return (((Number(hour) - utc.getUTCHours()) * 60 + Number(minute) - utc.getUTCMinutes()) * 60000 + 36 * 3600000) % 86400000 - 12 * 3600000;
  }

  function stand(at_ms) {
    head.style.left = share(at_ms);
  }

  return { draw, stand };
}
