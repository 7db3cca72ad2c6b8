/* The spoken announcement: the browser's own voice, in the board's language or not at all.

   In:  a text and its language tag. Out: speech, and `state()`: "ready", "speaking", "no-voice" (this TV has none of that language: the chime
   alone), "blocked" (the browser forbids it before somebody has touched the page: docs/tv.md), "failed", "off" or "none" (no such thing in this
   browser). Another language's voice would read letters nobody understands, so it is never used. A browser knows its voices some seconds after it
   was first asked (Chromium on Linux 2 to 5 s): till then a text waits. Chromium 79 syntax only. */

import { voiceFor } from "../live/announce.js";

const STUCK_AFTER_MS = 30000;
const VOICES_WITHIN_MS = 15000;
const AFTER_ERROR = { "not-allowed": "blocked", canceled: "ready", interrupted: "ready" };

/* `synthesis`, `Utterance`: the browser's, or stand-ins; `off`: this screen was told to be silent; `changed()`: the state is another one. */
export function createSpeech({ synthesis, Utterance, off, now, changed }) {
  let state = off ? "off" : !synthesis || !Utterance ? "none" : "ready";
  let spoken = null;                     // kept while it is spoken: Chromium forgets the events of an utterance that nobody holds
  let begun_ms = 0;
  let waiting = null;                    // {text, tag}: said when the voices are here
  let chosen = {};                       // the voice of each tag: a Linux machine may list 13,000
  const asked_ms = now();
  if (state === "ready") {
    synthesis.getVoices();               // some browsers load their voices only after they were asked for
    synthesis.addEventListener("voiceschanged", heardOfVoices);
    const wake = () => { if (state === "blocked") set("ready"); };
    document.addEventListener("pointerdown", wake);
    document.addEventListener("keydown", wake);
  }

  function set(next) {
    if (state === next) return;
    state = next;
    changed();
  }

  function heardOfVoices() {
    chosen = {};
    if (state === "no-voice") set("ready");
    const late = waiting;
    waiting = null;
    if (late !== null) speak(late.text, late.tag);
    else changed();
  }

  /* The voice for a tag, null for none, undefined while the browser may not know yet. */
  function voiceOf(tag) {
    if (chosen[tag] !== undefined) return chosen[tag];
    const voices = synthesis.getVoices();
    if (!voices.length && now() - asked_ms < VOICES_WITHIN_MS) return undefined;
    const found = voiceFor(voices, tag);
    if (voices.length) chosen[tag] = found;
    return found;
  }

  /* Whether it is known that this TV has no voice for the tag. */
  function lacks(tag) {
    return state !== "off" && state !== "none" && voiceOf(tag) === null;
  }

  function speak(text, tag) {
    if (state === "off" || state === "none") return;
    if (spoken !== null && now() - begun_ms < STUCK_AFTER_MS) return;
    if (spoken !== null) stop();         // a voice of the net that never came back would hold the queue for ever
    const voice = voiceOf(tag);
    if (voice === undefined) {
      waiting = { text, tag };
      return;
    }
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
    waiting = null;
    if (spoken === null) return;
    spoken = null;
    synthesis.cancel();
    if (state === "speaking") set("ready");
  }

  return { speak, stop, lacks, state: () => state };
}
