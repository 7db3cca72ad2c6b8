/* The spoken announcement: the browser's own voice, in the board's language or not at all.

   In:  a text and its language tag. Out: speech, and `state()`: "ready", "speaking", "no-voice" (this TV has none of that language: the chime
   alone), "blocked" (the browser forbids it before somebody has touched the page: docs/tv.md), "failed", "off" or "none" (no such thing in this
   browser). Another language's voice would read letters nobody understands, so it is never used. Chromium 79 syntax only. */

import { voiceFor } from "../live/announce.js";

const STUCK_AFTER_MS = 30000;
const AFTER_ERROR = { "not-allowed": "blocked", canceled: "ready", interrupted: "ready" };

/* `synthesis`, `Utterance`: the browser's, or stand-ins; `off`: this screen was told to be silent; `changed()`: the state is another one. */
export function createSpeech({ synthesis, Utterance, off, now, changed }) {
  let state = off ? "off" : !synthesis || !Utterance ? "none" : "ready";
  let spoken = null;                     // kept while it is spoken: Chromium forgets the events of an utterance that nobody holds
  let begun_ms = 0;
  if (state === "ready") {
    synthesis.getVoices();               // some browsers load their voices only after they were asked for
    const wake = () => { if (state === "blocked") set("ready"); };
    document.addEventListener("pointerdown", wake);
    document.addEventListener("keydown", wake);
  }

  function set(next) {
    if (state === next) return;
    state = next;
    changed();
  }

  function speak(text, tag) {
    if (state === "off" || state === "none") return;
    if (spoken !== null && now() - begun_ms < STUCK_AFTER_MS) return;
    if (spoken !== null) stop();         // a voice of the net that never came back would hold the queue for ever
    const voice = voiceFor(synthesis.getVoices(), tag);
    if (voice === null) {
      set("no-voice");
      return;
    }
    const mine = new Utterance(text);
    mine.voice = voice;
    mine.lang = voice.lang;
    mine.rate = 0.95;
    mine.onstart = () => { if (spoken === mine) set("speaking"); };
    mine.onend = () => finish(mine, "ready");
    mine.onerror = (event) => finish(mine, AFTER_ERROR[event.error] || "failed");
    spoken = mine;
    begun_ms = now();
    synthesis.speak(mine);
  }

  function finish(which, next) {
    if (spoken !== which) return;
    spoken = null;
    set(next);
  }

  function stop() {
    if (spoken === null) return;
    spoken = null;
    synthesis.cancel();
    if (state === "speaking") set("ready");
  }

  return { speak, stop, state: () => state };
}
