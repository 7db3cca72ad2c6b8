/* The past of a board as it is fetched: stretches of frames, the next one before it is needed. DOM-free.

   In:  `load(from_ms, to_ms, step_s)` -> a promise of what /api/v1/boards/<slug>/past answers. Out: the frame of any moment that has come.
   A stretch is as fine as the speed can show; one that is finer than asked for will do. What failed is asked for again after a while. */

import { applyPatch } from "../live/patch.js";

const FRAMES = 120;
const BEFORE = 50;
const KEPT = 8;
const RETRY_MS = 4000;
const DAY_S = 86400;
// Speed -> seconds between two frames: about four frames a second are drawn.
const STEPS_S = { 1: 1, 2: 1, 5: 2, 10: 3, 30: 8, 60: 15 };

/* The whole frames of an answer, oldest first: [{at_ms, frame}]. */
export function unrolled(answer) {
  const frames = [];
  let frame = null;
  for (const entry of answer.frames) {
    frame = entry.frame || applyPatch(frame, entry.patch);
    frames.push({ at_ms: Date.parse(entry.at), frame });
  }
  return frames;
}

/* `now_ms()`: the server's time. `begin_ms`: when the history begins. `changed()` is called when something came or failed. */
export function createFilm({ load, now_ms, begin_ms, changed, monotonic_ms = () => performance.now() }) {
  let stretches = [];                    // {from_ms, to_ms, step_s, frames, notes}; the newest last
  let coming = false;
  let failed = null;                     // {message, at: when, as the monotonic clock has it}
  let speed = 1;

  function stepOf(at_ms) {
    return now_ms() - at_ms > 2 * DAY_S * 1000 ? 60 : STEPS_S[speed] || 1;
  }

  function covers(stretch, at_ms, step_s) {
    return stretch.from_ms <= at_ms && at_ms < stretch.to_ms && stretch.step_s <= Math.max(step_s, 1);
  }

  function find(at_ms) {
    const found = stretches.filter((each) => covers(each, at_ms, stepOf(at_ms)));
    return found.length ? found.reduce((finest, each) => (each.step_s < finest.step_s ? each : finest)) : null;
  }

  /* {frame, at_ms, notes} of the last frame not after `at_ms`; null while it has not come. */
  function at(at_ms) {
    const stretch = find(at_ms);
    if (stretch === null) return null;
    const index = Math.min(stretch.frames.length - 1, Math.floor((at_ms - stretch.from_ms) / (1000 * stretch.step_s)));
    return { ...stretch.frames[Math.max(0, index)], notes: stretch.notes };
  }

  /* Sees to it that `at_ms` comes, and what follows it while the film runs. */
  function want(at_ms, running) {
    const here = find(at_ms);
    if (here === null) {
      fetchFrom(at_ms, running ? 0 : BEFORE);
    } else if (running && at_ms > here.from_ms + .4 * (here.to_ms - here.from_ms) && here.to_ms < now_ms() - 2000 && find(here.to_ms) === null) {
      fetchFrom(here.to_ms, 0);
    }
  }

  /* `before`: so many frames are to come as well, for whoever stops and steps back. */
  function fetchFrom(at_ms, before) {
    const step_s = stepOf(at_ms);
    const from_ms = Math.max(begin_ms, (Math.floor(at_ms / (1000 * step_s)) - before) * 1000 * step_s);
    const to_ms = Math.min(from_ms + FRAMES * step_s * 1000, now_ms() - 500);
    // One at a time: who draws the scrubber along asks where it stops, and not for everything that it passed.
    if (coming) return;
    if (failed !== null && monotonic_ms() - failed.at < RETRY_MS) return;
    if (to_ms <= from_ms) return;
    coming = true;
    load(from_ms, to_ms, step_s).then((answer) => {
      const frames = unrolled(answer);
      // A stretch ends where the next one begins: the last frame stands for a step.
      const until_ms = frames.length ? frames[frames.length - 1].at_ms + step_s * 1000 : to_ms;
      stretches.push({ from_ms, to_ms: until_ms, step_s, frames, notes: answer.notes || [] });
      if (stretches.length > KEPT) stretches = stretches.slice(-KEPT);
      failed = null;
    }).catch((error) => {
      failed = { message: error.message, at: monotonic_ms() };
    }).then(() => {
      coming = false;
      changed();
    });
  }

  return {
    at, want, stepOf,
    setSpeed(wanted) { speed = wanted; },
    get trouble() { return failed === null ? null : failed.message; },
  };
}
