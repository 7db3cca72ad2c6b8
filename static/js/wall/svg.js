/* Elements of SVG, made without a string of markup. In: a tag and attributes. Out: the element. */

const SPACE = "http://www.w3.org/2000/svg";

export function drawing(tag, attributes, ...children) {
  const node = document.createElementNS(SPACE, tag);
  const given = attributes || {};
  for (const name of Object.keys(given)) node.setAttribute(name, given[name]);
  for (const child of children) node.appendChild(child);
  return node;
}
