/* Which of a list's entries need not move when it gets another order. DOM-free.

   In: where each entry of the new order stood before, -1 for one that is new. Out: a Set of places in the new order: the longest run of
   entries that stand in their order already. All others are to be moved or made. */

export function staying(before) {
  const ends = [];                       // ends[n]: the place where the run of n + 1 entries ends that ends lowest
  const previous = before.map(() => -1);
  before.forEach((stood, place) => {
    if (stood < 0) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before[ends[middle]] < stood) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[place] = ends[low - 1];
    ends[low] = place;
  });
  const run = new Set();
  for (let place = ends.length ? ends[ends.length - 1] : -1; place >= 0; place = previous[place]) run.add(place);
  return run;
}
