/* Which board of a playlist stands on the screen now. DOM-free; the caller's monotonic clock is the only clock.

   In:  the items {slug, seconds}, and at each moment what is known of each board: {slug: {state: "live"|"stale"|"gone", calls: [{id, since_ms}]}}.
        `calls`: its critical incidents that nobody has taken. Out: the index of the item to show, -1 without items.
   A board that calls holds the screen. Several that call take turns of 10 s, the oldest call first, one that has just begun next; one incident that
   several boards share needs only one of them. A board that is not live is passed over while another one is. A timer that comes late (a
   throttled page, a busy TV) costs no item its turn: what should stand there by now is reckoned from the clock, not counted in ticks. */

export const TURN_MS = 10000;
const SHORTEST_S = 5;

export function createRotation() {
  let items = [];
  let preempts = true;
  let index = -1;
  let began_ms = 0;                      // when the time of the item `index` began
  let held = null;                       // {slug, began_ms, had}: the board that calls; `had`: those that had their turn

  /* A new playlist. The board that stands there now stays, if the list has it, and its time goes on. */
  function set(given, options) {
    const slug = held ? held.slug : index < 0 ? null : items[index].slug;
    items = given.map((each) => ({ slug: each.slug, seconds: Math.max(SHORTEST_S, Number(each.seconds) || SHORTEST_S) }));
    preempts = !options || options.preempts !== false;
    const same = index >= 0 && items[index] && items[index].slug === slug ? index : placeOf(slug);
    if (same < 0) held = null;
    if (same < 0 || index < 0) began_ms = options && options.now_ms !== undefined ? options.now_ms : began_ms;
    index = items.length ? Math.max(0, same) : -1;
  }

  function standing(now_ms, boards) {
    if (index < 0) return -1;
    const order = preempts ? calling(boards) : [];
    if (order.length) return hold(order, now_ms);
    if (held) release(now_ms);
    turn(now_ms, boards);
    return index;
  }

  /* The boards to hold, by the age of what calls; each incident once, on the board that stands there already if it concerns that one. */
  function calling(boards) {
    const calls = [];
    items.forEach((item) => {
      const board = boards[item.slug];
      if (!board || board.state !== "live") return;
      for (const call of board.calls) calls.push({ id: call.id, since_ms: call.since_ms, slug: item.slug });
    });
    const shown = held ? held.slug : items[index].slug;
    calls.sort((a, b) => a.since_ms - b.since_ms || Number(b.slug === shown) - Number(a.slug === shown));
    const order = [];
    const covered = {};
    for (const call of calls) {
      if (covered[call.id]) continue;
      if (order.indexOf(call.slug) < 0) order.push(call.slug);
      for (const each of calls) if (each.slug === call.slug) covered[each.id] = true;
    }
    return order;
  }

  function hold(order, now_ms) {
    if (held === null || order.indexOf(held.slug) < 0) {
      const had = held ? held.had : [];
      held = { slug: order.find((slug) => had.indexOf(slug) < 0) || order[0], began_ms: now_ms, had };
      held.had.push(held.slug);
    } else if (order.length > 1 && now_ms - held.began_ms >= TURN_MS) {
      let next = order.find((slug) => held.had.indexOf(slug) < 0);
      if (next === undefined) next = order[(order.indexOf(held.slug) + 1) % order.length];
      held.slug = next;
      held.began_ms = now_ms;
      if (held.had.indexOf(next) < 0) held.had.push(next);
    }
    index = items[index].slug === held.slug ? index : placeOf(held.slug);
    return index;
  }

  /* Nobody calls any more: the board stays for a moment, so that whoever looks sees who has taken it. */
  function release(now_ms) {
    began_ms = now_ms - Math.max(0, items[index].seconds * 1000 - TURN_MS);
    held = null;
  }

  function turn(now_ms, boards) {
    const usable = usableIn(boards);
    if (usable.indexOf(index) < 0) {
      index = following(index, usable);
      began_ms = now_ms;
      return;
    }
    if (usable.length < 2) return;       // its time goes on: others that come and go must not hold it here for ever
    const cycle_ms = usable.reduce((sum, each) => sum + items[each].seconds * 1000, 0);
    began_ms += Math.max(0, Math.floor((now_ms - began_ms) / cycle_ms)) * cycle_ms;
    while (now_ms - began_ms >= items[index].seconds * 1000) {
      began_ms += items[index].seconds * 1000;
      index = following(index, usable);
    }
  }

  /* The item that comes after the one that stands there; the same one where there is no other. */
  function next(boards) {
    return index < 0 ? -1 : following(index, usableIn(boards));
  }

  /* How long the item that stands there still has; Infinity while a board is held, or alone. */
  function left_ms(now_ms, boards) {
    if (index < 0 || held !== null || usableIn(boards).length < 2) return Infinity;
    return items[index].seconds * 1000 - (now_ms - began_ms);
  }

  /* Live ones; where no board is live, all that are not gone; where all are gone, all. */
  function usableIn(boards) {
    const all = items.map((item, each) => each);
    const stateOf = (each) => (boards[items[each].slug] || { state: "stale" }).state;
    const live = all.filter((each) => stateOf(each) === "live");
    if (live.length) return live;
    const there = all.filter((each) => stateOf(each) !== "gone");
    return there.length ? there : all;
  }

  function following(from, usable) {
    const after = usable.find((each) => each > from);
    return after === undefined ? usable[0] : after;
  }

  function placeOf(slug) {
    return items.findIndex((item) => item.slug === slug);
  }

  return { set, standing, next, left_ms, items: () => items, holds: () => held !== null };
}
