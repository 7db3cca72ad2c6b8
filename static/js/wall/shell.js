/* What stands around the tiles of a view: strip (brand, title, pulse, clock, incident banner), NOT LIVE band, grid. Out: its nodes.
   Made here and not in a template, because a page may hold several views. The elements are those of elements/status.js and incident.js. */

import "../elements/incident.js";
import "../elements/status.js";
import { element } from "../elements/write.js";

export function shell() {
  const title = element("h1", "");
  title.dir = "auto";
  const pulse = element("ql-pulse", "", element("i", "lamp"), element("span", "words num"));
  pulse.setAttribute("role", "status");
  pulse.dataset.freshness = "down";
  const clock = element("ql-clock", "", element("time", "time"), element("small", "num"));
  const remark = element("p", "remark");
  remark.dir = "auto";
  const strip = element("header", "strip", brand(), title, remark, pulse, clock, banner());
  const notice = band();
  const grid = element("div", "grid");
  return { strip, title, remark, notice, grid, signs: [notice, pulse, clock], banner: strip.lastChild };
}

function brand() {
  const node = element("div", "brand");
  node.textContent = "Queuelight";
  return node;
}

function banner() {
  const names = ["about", "where", "since num", "whose", "more num", "muted"];
  const node = element("ql-incident", "", element("i", "icon"), ...names.map((name) => element("span", name)));
  node.setAttribute("role", "alert");
  node.hidden = true;
  for (const part of node.querySelectorAll(".about, .where, .whose")) part.dir = "auto";
  node.querySelector(".muted").hidden = true;
  return node;
}

function band() {
  const text = element("p", "", element("span", "why"), document.createTextNode(" "), element("span", "next"));
  const node = element("ql-notice", "", element("i", "icon i-not-live"), element("strong", ""), text, element("time", ""));
  node.setAttribute("role", "alert");
  return node;
}
