/* What somebody has chosen on this page (sort, filter, columns, span), kept in the address, so that it can be sent on, and on this machine.
   In: names of choices with their usual values, as text. Out: `read`, `write`. The address wins; of what it does not say, this machine's. */

const KEY = "queuelight-now";

/* `usual`: {name: text}. What is kept of an older release and no longer fits is for the caller to judge. */
export function readChoice(usual) {
  const given = new URLSearchParams(location.search);
  const mine = Object.keys(usual);
  const kept = mine.some((name) => given.has(name)) ? {} : remembered();
  const found = {};
  for (const name of mine) {
    const value = given.has(name) ? given.get(name) : kept[name];
    found[name] = typeof value === "string" ? value : usual[name];
  }
  return found;
}

export function writeChoice(choice, usual) {
  const given = new URLSearchParams(location.search);
  for (const name of Object.keys(usual)) {
    if (choice[name] === usual[name]) given.delete(name);
    else given.set(name, choice[name]);
  }
  const query = given.toString();
  history.replaceState(null, "", location.pathname + (query ? "?" + query : ""));
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.assign(remembered(), choice)));
  } catch (error) {                      // storage switched off or full: then the address alone keeps it
    document.documentElement.dataset.choiceKept = "no";
  }
}

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "{}");
    return kept !== null && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
  } catch (error) {                      // switched off, or not ours: nothing is remembered
    return {};
  }
}
