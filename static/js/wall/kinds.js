/* Brings the script and the style of a kind of tile, once each. In: the kind's name, the page's map of files. Out: a promise of the
   element's name. A kind that cannot be loaded is tried again with the next call after a while. */

const RETRY_MS = 30000;
const found = {};

export function elementOf(kind) {
  return "ql-tile-" + kind;
}

export function loadKind(kind, files) {
  if (found[kind]) return found[kind];
  if (!files[kind]) return Promise.reject(new Error("this version has no tiles of kind " + kind));
  const coming = Promise.all([import(files[kind].script), loadStyle(files[kind].style)]).then(() => {
    if (!customElements.get(elementOf(kind))) throw new Error("its script defines no element");
    return elementOf(kind);
  });
  found[kind] = coming;
  coming.catch(() => setTimeout(() => { delete found[kind]; }, RETRY_MS));
  return coming;
}

/* A style that does not come leaves a plain tile, which is better than none. */
function loadStyle(address) {
  const wanted = new URL(address, location.href).href;
  if (Array.from(document.querySelectorAll("link[rel=stylesheet]")).some((link) => link.href === wanted)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      resolve();
    };
    document.head.appendChild(link);
  });
}
