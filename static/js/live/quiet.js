/* When a page may load itself anew for a new version: at the next quiet moment, and not never. DOM-free.

   In:  that a new version is served, whether something is critical now, the monotonic clock. Out: whether to reload now.
   A TV that reloads is dark for a second: never while people look at an incident, nor just after it. A floor that is always on fire gets
   the new version all the same after ten minutes. A page younger than ten seconds stays: a server that always says so cannot make it spin. */

const YOUNG_MS = 10000;
const AFTER_CRITICAL_MS = 30000;
const AT_LATEST_MS = 600000;

export function createQuiet(born_ms) {
  let asked_ms = null;
  let ordered = false;
  let critical_ms = -Infinity;

  /* `order`: somebody has pressed Reload for this screen: at once, whatever it shows. */
  function ask(now_ms, order) {
    if (asked_ms === null) asked_ms = now_ms;
    if (order) ordered = true;
  }

  function note(critical, now_ms) {
    if (critical) critical_ms = now_ms;
  }

  function due(now_ms) {
    if (asked_ms === null || now_ms - born_ms < YOUNG_MS) return false;
    return ordered || now_ms - critical_ms >= AFTER_CRITICAL_MS || now_ms - asked_ms >= AT_LATEST_MS;
  }

  return { ask, note, due, asked: () => asked_ms !== null };
}
