/* What leaves its tile, lies over something else, or makes the page scroll. Out: sentences, none when all is well.
   A text is measured by a range: its element's box may be wider. Only agents' names and the board's title may end in an ellipsis. */
() => {
  const bad = [];
  const rem = parseFloat(document.querySelector(".wall-view").style.getPropertyValue("--u"));
  const shown = (e) => e.getClientRects().length > 0 && e.textContent.trim() !== "";
  // A note beside a target may break off whole to a line that is not seen.
  const brokenOff = (e) => e.matches(".target > .note")
    && e.getBoundingClientRect().top > e.parentElement.getBoundingClientRect().top + .8 * e.parentElement.clientHeight;
  const extent = (e) => {
    const range = document.createRange();
    range.selectNodeContents(e);
    return range.getBoundingClientRect();
  };
  const root = document.documentElement;
  if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) bad.push("the page scrolls");

  const TEXTS = "h2, h2 span, .value, .unit, .target > *, .verdict b, .verdict span, .agent time, .counts li, .counts .word, strong, p:not(.target), .why, .next, " +
    "time, .extra, .agents-note, .words, small";
  for (const tile of document.querySelectorAll(".tile, ql-notice, .strip")) {
    if (tile.getClientRects().length === 0) continue;
    const name = tile.dataset.metric || tile.className || tile.localName;
    const box = tile.getBoundingClientRect();
    if (box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.left < -1 || box.top < -1) bad.push("off the screen: " + name);
    const margin = tile.matches(".strip") ? 0 : .25 * rem;
    for (const e of tile.querySelectorAll(TEXTS)) {
      if (!shown(e) || brokenOff(e) || e.closest(".is-cut") || e.matches(".facts")) continue;
      const x = extent(e);
      const over = Math.max(x.right - box.right + margin, x.bottom - box.bottom + .1 * rem, box.left - x.left, box.top - x.top - .5 * rem);
      if (over > 0) bad.push(`${name} .${e.className} "${e.textContent.trim().slice(0, 24)}" leaves it by ${Math.round(over)} px`);
    }
    const target = tile.querySelector(".target");
    if (target && shown(target)) {
      const line = target.getBoundingClientRect();
      for (const e of target.children) {
        if (shown(e) && !brokenOff(e) && e.getBoundingClientRect().bottom > line.bottom + 1) bad.push(`${name}: .${e.className} is not seen`);
      }
    }
    const rows = Array.from(tile.querySelectorAll(":scope > h2, :scope > .value, :scope > .target, :scope > .extra")).filter(shown);
    rows.slice(1).forEach((e, i) => {
      const over = rows[i].getBoundingClientRect().bottom - e.getBoundingClientRect().top;
      if (over > .5 * rem) bad.push(`${name}: .${rows[i].className} lies over .${e.className} by ${Math.round(over)} px`);
    });
  }

  const overlap = (a, b) => a.right > b.left + 1 && b.right > a.left + 1 && a.bottom > b.top + 1 && b.bottom > a.top + 1;
  const groups = [".counts li, .agents-note", ".hero .figure, .hero .verdict b, .hero .verdict span", ".agent .name, .agent time"];
  for (const group of groups) {
    const items = Array.from(document.querySelectorAll(group)).filter(shown);
    const boxes = items.map((e) => e.matches(".name") ? e.getBoundingClientRect() : extent(e));
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b, j) => {
      // line boxes are taller than digits: what counts is a third of the lower one covered
      const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (overlap(a, b) && tall > .35 * Math.min(a.height, b.height)) {
        bad.push(`"${items[i].textContent.trim()}" and "${items[i + 1 + j].textContent.trim()}" lie over each other`);
      }
    }));
  }

  const charts = document.querySelector("ql-chart");
  const chart = charts ? charts.getBoundingClientRect() : { height: 0 };
  const headings = document.querySelector(".hero h2");
  const heading = headings ? headings.getBoundingClientRect() : { bottom: 0 };
  for (const e of document.querySelectorAll(".hero .verdict > *")) {
    const x = e.getBoundingClientRect();
    if (!x.height) continue;
    if (chart.height && x.bottom > chart.top + .6 * rem) bad.push("the verdict lies over the chart by " + Math.round(x.bottom - chart.top) + " px");
    if (x.top < heading.bottom - .8 * rem) bad.push("the verdict lies over the heading by " + Math.round(heading.bottom - x.top) + " px");
  }
  return bad;
}
