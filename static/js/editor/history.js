/* What can be undone: the states of a board, one step back and forth. DOM-free.

   In:  states, each a plain value that nobody changes afterwards. Out: `now`, and the ways back and forth. Two steps with the same
   `what` within a second are one: a letter more in a text, a cell further with the arrow keys. */

export const STEPS = 100;
const TOGETHER_MS = 1000;

export function createHistory(first, { clock = () => performance.now() } = {}) {
  let past = [], future = [], now = first, last = { what: null, at: -Infinity };

  function push(state, what = null) {
    if (JSON.stringify(state) === JSON.stringify(now)) return false;
    const together = what !== null && what === last.what && clock() - last.at < TOGETHER_MS;
    if (!together) past = [...past, now].slice(-STEPS);
    future = [];
    now = state;
    last = { what, at: clock() };
    return true;
  }

  function undo() {
    if (past.length === 0) return false;
    future = [now, ...future];
    now = past[past.length - 1];
    past = past.slice(0, -1);
    last = { what: null, at: -Infinity };
    return true;
  }

  function redo() {
    if (future.length === 0) return false;
    past = [...past, now];
    now = future[0];
    future = future.slice(1);
    last = { what: null, at: -Infinity };
    return true;
  }

  return {
    push, undo, redo,
    get now() { return now; },
    get canUndo() { return past.length > 0; },
    get canRedo() { return future.length > 0; },
  };
}
