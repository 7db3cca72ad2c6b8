/* Writing to the page: only what changed, and text as text. In: nodes and plain values. Must never parse a string as HTML. */

export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

export function flag(node, name, on) {
  if (node.classList.contains(name) !== on) node.classList.toggle(name, on);
}

/* Exactly one of `names` as a class; null: none of them. */
export function choose(node, names, chosen) {
  for (const name of names) flag(node, name, name === chosen);
}

/* Shows the icon called `name` (tokens.css: i-<name>); null hides it. */
export function icon(node, name) {
  const wanted = name === null ? "icon is-hidden" : "icon i-" + name;
  if (node.className !== wanted) node.className = wanted;
}

export function attribute(node, name, value) {
  if (value === null) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const child of children) node.appendChild(child);
  return node;
}
