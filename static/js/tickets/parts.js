/* Parts of a page that are brought up to date without loading it: those marked data-fresh, matched by their id.

   In: an address, the same page or a part of it. Out: the parts of this document, replaced where they differ. What somebody unfolded stays
   unfolded, a link that has the keyboard keeps it, and a part in which somebody types is left alone. */

const STOPS = "a, summary";

export async function ask(address) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error("the page is not given any more");
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/* Puts `fresh` in the place of `part`. Returns the one that is in the document. */
export function replace(part, fresh) {
  if (fresh === null || fresh.outerHTML === part.outerHTML) return part;
  const stops = [...part.querySelectorAll(STOPS)];
  const at = stops.indexOf(document.activeElement);
  if (at < 0 && part.contains(document.activeElement)) return part;
  const unfolded = [...part.querySelectorAll("details")].map((each) => each.open);
  const taken = document.adoptNode(fresh);
  [...taken.querySelectorAll("details")].forEach((each, place) => { each.open = unfolded[place] === true; });
  part.replaceWith(taken);
  const stop = at < 0 ? undefined : taken.querySelectorAll(STOPS)[at];
  if (stop !== undefined) stop.focus({ preventScroll: true });
  return taken;
}

export function replaceAllOf(page) {
  for (const part of document.querySelectorAll("[data-fresh]")) replace(part, page.getElementById(part.id));
}
