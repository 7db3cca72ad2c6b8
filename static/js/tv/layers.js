/* The layers of a stage: each holds the view of one board; one of them is seen. The next one is built and drawn beneath before it is shown, and the
   two change places at once, so that no screen is ever blank or half drawn between two boards.

   In:  the place on the page, the files of the kinds, slugs and pictures. Out: views (wall/view.js). At most `MOST` layers are kept: a playlist of
   a few boards keeps all its views, a longer one makes them anew, and what has gone leaves nothing behind. Chromium 79 syntax only. */

import { element } from "../elements/write.js";
import { createView } from "../wall/view.js";

const MOST = 4;
const PATIENCE_MS = 900;                 // a board that is called up comes within a second, whether all its tiles are here or not
const PATIENCE_WITHOUT_FRAME_MS = 3000;

export function createLayers({ place, files, now }) {
  let layers = [];                       // {slug, view, element, made_ms, drawn}, the last one used at the end
  let shown = null;

  /* The layer that came with the page, or that is made now. */
  function layerOf(slug, opening) {
    let layer = layers.find((each) => each.slug === slug);
    if (layer) return layer;
    const own = shown === null ? place.querySelector(".wall-view") : null;
    const node = own || element("div", "wall-view is-under");
    if (own === null) {
      node.dataset.live = "no";
      place.appendChild(node);
    }
    layer = { slug, element: node, view: createView(node, { files, opening: opening || null }), made_ms: now(), drawn: false };
    layers.push(layer);
    return layer;
  }

  /* Draws a board that is not seen yet. */
  function prepare(slug, picture, opening) {
    const layer = layerOf(slug, opening);
    layer.view.draw(picture);
    layer.drawn = picture.frame !== null;
    return layer;
  }

  /* Shows a board if it can be shown whole, or has been waited for long enough; whether it is seen now. */
  function show(slug, picture, opening) {
    const layer = prepare(slug, picture, opening);
    for (const each of layers) if (each !== layer) delete each.wanted_ms;   // an alert came first: nobody waits for that one any more
    if (shown === layer) return true;
    if (layer.wanted_ms === undefined) layer.wanted_ms = now();
    const waited_ms = now() - layer.wanted_ms;
    const whole = layer.drawn && !layer.element.querySelector("div.tile:not(.is-broken)");
    if (shown !== null && !whole && waited_ms < (layer.drawn ? PATIENCE_MS : PATIENCE_WITHOUT_FRAME_MS)) return false;
    for (const each of layers) each.element.classList.toggle("is-under", each !== layer);
    delete layer.wanted_ms;
    shown = layer;
    layers = layers.filter((each) => each !== layer);
    layers.push(layer);
    return true;
  }

  /* Lets go of boards that are not `wanted` any more, and of the layers that were not seen for longest. */
  function tidy(wanted) {
    for (const layer of layers.slice()) {
      const idle = layer !== shown && layer.wanted_ms === undefined;
      if (!idle || (wanted.indexOf(layer.slug) >= 0 && layers.length <= MOST)) continue;
      layer.view.destroy();
      layer.element.remove();
      layers = layers.filter((each) => each !== layer);
    }
  }

  return { show, prepare, tidy, shown: () => (shown === null ? null : shown.slug), root: () => (shown === null ? null : shown.element) };
}
