/* What is not saved yet, kept in this browser over a closed tab: one draft per board and revision.

   In:  the board's slug, its revision, the state. Out: the state that was kept. Storage that is off or full means no draft, never a fault. */

const PREFIX = "queuelight-draft:";

export function createDrafts(slug, storage = window.localStorage) {
  const own = PREFIX + slug + ":";
  const safely = (act, otherwise) => {
    try {
      return act();
    } catch (error) {
      console.warn("Queuelight: drafts are not kept:", error.message);
      return otherwise;
    }
  };

  function keep(revision, state) {
    return safely(() => {
      storage.setItem(own + revision, JSON.stringify({ at: Date.now(), state }));
      return true;
    }, false);
  }

  /* {revision, at (ms), state} of the newest draft that is kept, or null. */
  function newest() {
    return safely(() => {
      const found = keys().map((key) => ({ revision: Number(key.slice(own.length)), ...JSON.parse(storage.getItem(key)) }));
      const usable = found.filter((each) => each.state && Array.isArray(each.state.widgets));
      return usable.sort((a, b) => b.at - a.at)[0] || null;
    }, null);
  }

  function drop() {
    safely(() => keys().forEach((key) => storage.removeItem(key)), null);
  }

  const keys = () => Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((key) => key.startsWith(own));

  return { keep, newest, drop };
}
