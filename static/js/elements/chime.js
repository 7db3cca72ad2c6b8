/* The chime: two soft strokes, made here, again every 20 s until nobody wants it any more.

   In:  whether it should ring. Out: sound, and `state()`: "on" (the browser lets sound through), "blocked" (it forbids sound before somebody has
   touched the page: docs/tv.md), "off" (this screen was told to be silent: `?sound=off` in the address, `?sound=on` ends it) or "none" (no such
   thing in this browser). `probe()` finds out which before anything rings, so that a TV that would stay silent is known. Between alarms the
   sound rests: nothing is played, and nothing runs. Chromium 79 syntax only. */

const EVERY_MS = 20000;
const FADED_MS = 3000;
const LATE_MS = 1000;
const KEPT = "ql-sound";
const STROKES = [[880, 0], [659.26, 0.28]];   // A5, E5: a falling fourth is heard as a call, not as a siren

/* `changed` is called when the browser lets sound through, or no longer does. */
export function createChime(changed) {
  const off = soundChosen() === "off";
  let context = null;
  let allowed = false;                   // it ran once on this page: a browser does not take that back
  let late = false;                      // it should run by now and does not
  let wanted = false;
  let turn = 0;                          // of ringing: what was asked for in an earlier one must not sound in a later
  let timer = null;
  let later = null;

  function open() {
    if (context !== null || off) return;
    const Context = window.AudioContext;
    if (!Context) return;
    context = new Context();
    context.addEventListener("statechange", heard);
    const wake = () => { if (wanted || !allowed) context.resume(); };
    document.addEventListener("pointerdown", wake);
    document.addEventListener("keydown", wake);
    heard();
  }

  function heard() {
    if (context.state === "running") {
      allowed = true;
      late = false;
      if (!wanted) rest(FADED_MS);
    }
    changed();
  }

  /* Lets what still sounds fade. A context that runs keeps the TV's sound busy for months. */
  function rest(after_ms) {
    clearTimeout(later);
    later = setTimeout(() => { if (!wanted && context.state === "running") context.suspend(); }, after_ms);
  }

  function strike() {
    if (context === null || context.state !== "running") return;
    for (const [frequency, after_s] of STROKES) stroke(context, frequency, context.currentTime + after_s);
  }

  function ring(on) {
    if (on === wanted) return;
    wanted = on;
    turn += 1;
    clearInterval(timer);
    clearTimeout(later);
    if (context !== null && !on) rest(FADED_MS);
    if (!on) return;
    open();
    if (context === null) return;
    const mine = turn;
    // A blocked browser answers only when somebody touches the page, which may be hours later.
    context.resume().then(() => { if (mine === turn) strike(); }, changed);
    later = setTimeout(() => {
      late = context.state !== "running";
      if (late) changed();
    }, LATE_MS);
    timer = setInterval(() => {
      if (context.state !== "running") context.resume();   // the TV's sound was taken away in between
      strike();
    }, EVERY_MS);
  }

  function state() {
    if (off) return "off";
    if (!window.AudioContext) return "none";
    if (context === null) return "blocked";
    return context.state === "running" || (allowed && !late) ? "on" : "blocked";
  }

  return { ring, probe: open, wanted: () => wanted, state };
}

/* A struck bar: quick to begin, slow to fade, with a softer octave above it. `context`: where it sounds. */
export function stroke(context, frequency, at_s) {
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
