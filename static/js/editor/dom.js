/* Nodes for the editor's parts. In: plain values. Out: elements; text is set as text, never parsed. */

export function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function icon(name) {
  return node("i", { class: `icon i-${name}`, "aria-hidden": "true" });
}

/* Text of people's: its own direction, nothing of it markup. */
export function own(text) {
  return node("bdi", { text });
}
