/* The feeds of tickets and of Kayako, which a board's frame has only where a tile shows their numbers, and the main numbers of the whole
   account. In: /api/v1/feeds, asked while the page is looked at. Out: `look()`: {feeds, metrics, thresholds, budget, old}; null before the
   first answer. `old`: nothing was heard for too long, so that only ages are true. DOM-free but for the page's being hidden. */

const EVERY_MS = 10_000;
const OLD_AFTER_MS = 35_000;

export function createBeside({ address, changed, ask = fetch, now = () => performance.now(), hidden = () => document.hidden }) {
  let known = null;
  let heard = -Infinity;
  let asked = -Infinity;
  let running = false;
  let refused = false;

  function tick() {
    if (refused || running || hidden() || now() - asked < EVERY_MS) return;
    running = true;
    asked = now();
    ask(address, { credentials: "same-origin", signal: AbortSignal.timeout(EVERY_MS) }).then((answer) => {
      refused = answer.status === 401 || answer.status === 403;
      return answer.ok ? answer.json() : null;
    }).then((answer) => {
      running = false;
      if (answer === null) return;
      known = answer;
      heard = now();
      changed();
    }, () => {
      running = false;                   // no answer: `old` says so after a while
    });
  }

  function look() {
    if (known === null) return null;
    const { feeds, budget, metrics = {}, thresholds = {} } = known;
    return { feeds, metrics, thresholds, budget, old: now() - heard > OLD_AFTER_MS };
  }

  return { tick, look };
}

/* The frame's budget, and Kayako's where it is polled: {queue, other, kayako}. */
export function budgetOf(picture) {
  const use = picture.beside ? picture.beside.budget.kayako : undefined;
  return Object.assign({}, picture.frame.budget, use === undefined ? {} : { kayako: use });
}

/* The feeds of the frame and those beside it: {id: feed}, and the ids of those that the frame does not have. */
export function feedsOf(picture) {
  const own = picture.frame.feeds || {};
  const found = picture.beside ? picture.beside.feeds : {};
  return { feeds: Object.assign({}, found, own), beside: new Set(Object.keys(found).filter((id) => own[id] === undefined)) };
}

/* The picture as the rows and charts beside the board's own see it: other numbers, and not less live because the phone's source is away. */
export function pictureBeside(picture) {
  const { beside } = picture;
  const { feeds, metrics, thresholds } = beside || { feeds: {}, metrics: {}, thresholds: {} };
  const heard = picture.live || picture.notLive.cause === "source";
  return Object.assign({}, picture, { frame: { feeds, metrics, thresholds }, live: heard && !(beside && beside.old), contradiction: "none" });
}
