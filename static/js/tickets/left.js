/* How much time a clock has left, in words. DOM-free.
   In: milliseconds until the announced breach (below 0 after it). Out: text, and a word for how it is drawn.
   The server writes the same (dashboard/desk/left.py); tests/vectors/time_left.json holds both. */

const SOON_S = 900;
const DAY_S = 86400;

export function span(seconds) {
  const whole = Math.max(0, Math.trunc(seconds));
  if (whole >= 2 * DAY_S) return Math.floor(whole / DAY_S) + " d " + Math.floor((whole % DAY_S) / 3600) + " h";
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const second = String(whole % 60).padStart(2, "0");
  return hours ? hours + ":" + String(minutes).padStart(2, "0") + ":" + second : minutes + ":" + second;
}

/* Of a running clock; one that is paused does not tick. */
export function left(left_ms) {
  const left_s = Math.trunc(left_ms / 1000);
  if (left_s <= 0) return { word: "missed", text: "missed by " + span(-left_s) };
  return { word: left_s <= SOON_S ? "soon" : "fine", text: span(left_s) + " left" };
}
