/* The server's time, learnt from its messages and carried on by the monotonic clock: this machine's own clock may be wrong by years.

   In:  the `at` of each message. Out: now_ms() on the server's clock, null before the first message.
   A message says "it is at least this late": a sample that is ahead is taken at once (the least delay is the truest). A sample that is
   behind is delay or drift: the clock leans towards it slowly, and jumps back only when two beats in a row insist (the server's clock
   was set back). A frame may be sent long after it was made, so it can only push the clock forward (`mayBeOld`), and alone does not
   make it `sure()`.
   A machine that slept stops performance.now() on some systems: when the wall clock has run ahead of it, the time that is
   missing is added, so that old numbers look old at once; the next beat corrects whatever was a mere change of the wall clock. */

const STEP_MS = 1500;
const LEAN_MS = 5;
const SLEPT_MS = 2000;

export function createClock(monotonic_ms, wall_ms) {
  const monotonic = monotonic_ms || (() => performance.now());
  const wall = wall_ms || (() => Date.now());
  let offset = null;
  let known = false;
  let behind = 0;
  let lead = wall() - monotonic();

  /* Returns the milliseconds slept since the last call, 0 when awake. */
  function noticeSleep() {
    const now = wall() - monotonic();
    const slept = now - lead;
    lead = now;
    if (slept <= SLEPT_MS) return 0;
    if (offset !== null) offset += slept;
    behind = 1;                          // one beat is now enough to set the clock right
    return slept;
  }

  function learn(at, mayBeOld) {
    const at_ms = typeof at === "number" ? at : Date.parse(at);
    if (!isFinite(at_ms)) return;
    const sample = at_ms - monotonic();
    if (!mayBeOld) known = true;
    if (offset === null || sample > offset) {
      offset = sample;
      behind = 0;
    } else if (!mayBeOld) {
      if (offset - sample <= STEP_MS) {
        offset -= Math.min(LEAN_MS, offset - sample);
        behind = 0;
      } else if (++behind >= 2) {
        offset = sample;
        behind = 0;
      }
    }
  }

  function now_ms() {
    return offset === null ? null : offset + monotonic();
  }

  function sure() {
    return known;
  }

  return { learn, now_ms, noticeSleep, sure };
}
