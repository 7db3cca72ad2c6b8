/* Asks for what a chart compares, and asks again while somebody looks. In: the address of the comparison, a span's name, the scope.
   Out: `answer` (null before the first), `failed` (why there is none, or none that is new), told to a listener. No document but its
   visibility: a page in the background asks nothing. */

const AGAIN_MS = { "1h": 30000, "4h": 60000, today: 60000, "7d": 600000, "28d": 1800000 };
const RETRY_MS = 10000;

export function createPast({ address, span, changed, scope = "board" }) {
  const past = { span, metrics: [], answer: null, failed: null, choose, ask, stop };
  let timer = null;
  let asking = null;

  /* What is shown goes on being shown until the new answer is there, but never under the new span's name. */
  function choose(next, metrics) {
    if (next === past.span && metrics.join() === past.metrics.join()) return;
    past.span = next;
    past.metrics = metrics;
    past.answer = null;
    past.failed = null;
    changed();
    ask();
  }

  function ask() {
    clearTimeout(timer);
    if (asking) asking.abort();
    if (past.metrics.length === 0) return;
    if (document.hidden) {
      later(AGAIN_MS["1h"]);
      return;
    }
    const controller = asking = new AbortController();
    const query = new URLSearchParams({ span: past.span, metrics: past.metrics.join() });
    if (scope !== "board") query.set("scope", scope);
    fetch(address + "?" + query, { credentials: "same-origin", signal: controller.signal }).then((found) => {
      if (found.status === 401 || found.redirected) throw new Error("you are logged out");
      if (!found.ok) throw new Error("the server answered " + found.status);
      return found.json();
    }).then((answer) => {
      past.answer = answer;
      past.failed = null;
      done(controller, AGAIN_MS[past.span] || RETRY_MS);
    }).catch((error) => {
      if (controller.signal.aborted) return;
      past.failed = error instanceof TypeError ? "the server did not answer" : error.message;
      done(controller, RETRY_MS);
    });
  }

  function done(controller, wait_ms) {
    if (asking === controller) asking = null;
    later(wait_ms);
    changed();
  }

  function later(wait_ms) {
    clearTimeout(timer);
    timer = setTimeout(ask, wait_ms);
  }

  function stop() {
    clearTimeout(timer);
    if (asking) asking.abort();
  }

  return past;
}
