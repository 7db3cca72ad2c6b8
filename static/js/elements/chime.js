/* The chime: two soft strokes, made here, again every 20 s until nobody wants it any more.

   In: whether it should ring. Out: sound, or the state "blocked" where the browser forbids sound before somebody has touched the page
   (a TV: allow it in the browser's settings, docs/operations.md). `?sound=off` in the address turns it off on this screen for good,
   `?sound=on` on again. Chromium 79 syntax only. */

const EVERY_MS = 20000;
const KEPT = "ql-sound";
const STROKES = [[880, 0], [659.26, 0.28]];   // A5, E5: a falling fourth is heard as a call, not as a siren

/* `changed` is called when the browser lets sound through, or no longer does. */
export function createChime(changed) {
  const off = soundChosen() === "off";
  let context = null;
  let wanted = false;
  let timer = null;

  function open() {
    if (context !== null || off) return;
    const Context = window.AudioContext;
    if (!Context) return;
    context = new Context();
    context.addEventListener("statechange", changed);
    const wake = () => context.resume();
    document.addEventListener("pointerdown", wake);
    document.addEventListener("keydown", wake);
  }

  function strike() {
    if (context === null || context.state !== "running") return;
    for (const [frequency, after_s] of STROKES) stroke(context, frequency, context.currentTime + after_s);
  }

  function ring(on) {
    if (on === wanted) return;
    wanted = on;
    clearInterval(timer);
    if (!on) return;
    open();
    if (context !== null) context.resume().then(strike, changed);
    timer = setInterval(strike, EVERY_MS);
  }

  return { ring, wanted: () => wanted, state: () => (off ? "off" : context !== null && context.state === "running" ? "on" : "blocked") };
}

/* A struck bar: quick to begin, slow to fade, with a softer octave above it. */
function stroke(context, frequency, at_s) {
  for (const [times, loudness] of [[1, 0.5], [2, 0.12]]) {
    const tone = context.createOscillator();
    const level = context.createGain();
    tone.frequency.value = frequency * times;
    level.gain.setValueAtTime(0, at_s);
    level.gain.linearRampToValueAtTime(loudness, at_s + 0.015);
    level.gain.exponentialRampToValueAtTime(0.001, at_s + 1.4);
    tone.connect(level).connect(context.destination);
    tone.start(at_s);
    tone.stop(at_s + 1.5);
  }
}

/* What this screen was told about sound; storage may be forbidden, then it is the address alone that counts. */
export function soundChosen() {
  const asked = new URLSearchParams(location.search).get("sound");
  try {
    if (asked === "on" || asked === "off") localStorage.setItem(KEPT, asked);
    return localStorage.getItem(KEPT);
  } catch (error) {
    return asked;
  }
}
