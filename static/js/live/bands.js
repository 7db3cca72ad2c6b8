/* A count of waiting callers as a band: "1 waiting" tempts people to let it wait. DOM-free.

   In: a count. Out: the key of the band's words, and the widest of all bands for a tile's room. Bands stand for counts of waiting people
   only; every other number is shown as it is. */

const BANDED = ["calls_waiting", "callbacks_waiting", "embeddable_callbacks_waiting", "max_calls_waiting"];
const BANDS = [[0, "none"], [3, "few"], [6, "some"], [10, "many"]];

export function isBanded(metric) {
  return BANDED.indexOf(metric) >= 0;
}

export function bandOf(count) {
  const found = BANDS.find(([most]) => count <= most);
  return "band." + (found ? found[1] : "most");
}
