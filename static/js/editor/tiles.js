/* What a tile is called, and what it is told. DOM-free. In: widgets as they are kept, the facts. Out: words and complete options. */

export function cellsOf({ x, y, w, h }) {
  return { x, y, w, h };
}

/* Its own name, else that of its metric, else that of its kind; one that is gone keeps the name it had. */
export function labelOf(widget, facts) {
  const options = widget.options || {};
  const kind = facts.kinds[widget.kind];
  const metric = facts.metrics[options.metric];
  if (options.label) return options.label;
  if (metric) return kind && kind.name !== "number" ? `${metric.label} (${kind.label.toLowerCase()})` : metric.label;
  if (widget.kind === "text" && options.text) return options.text.slice(0, 40);
  return kind ? kind.label : String(widget.kind).slice(0, 40);
}

/* "Calls waiting, number: column 15, row 1, 5 by 5 cells." and what is wrong with it. */
export function spokenOf(tile, facts) {
  const kind = facts.kinds[tile.kind];
  const { x, y, w, h } = tile.place;
  const what = kind && kind.label !== tile.label ? `${tile.label}, ${kind.label.toLowerCase()}` : tile.label;
  return `${what}: column ${x + 1}, row ${y + 1}, ${w} by ${h} cells.${tile.wrong ? ` ${tile.wrong}.`.replace("..", ".") : ""}`;
}

/* The options with what is missing filled in: the kind's defaults, and for a metric that must be there the first that fits. */
export function ownOptions(kind, given, facts) {
  const out = { ...given };
  for (const option of kind.options) {
    if (out[option.name] !== undefined && out[option.name] !== null) continue;
    if (option.default !== null) out[option.name] = structuredClone(option.default);
    else if (option.required && option.form === "metric") out[option.name] = (option.only || ["calls_waiting", ...Object.keys(facts.metrics)])[0];
  }
  return out;
}
