/* What is announced, and when: each critical incident that nobody has taken, as it opens and once a minute after that. DOM-free.

   In:  the incidents that ring, by their boards; the monotonic clock; the words in force (words.js). Out: what is due now, and its sentence.
   An incident that concerns several boards is announced once. One that was taken and rings again begins anew. */

import { say } from "./words.js";

export const EVERY_MS = 60000;
const MOST_AT_ONCE = 3;

export function createAnnouncer() {
  let told = {};                         // when each ringing incident was last announced, by id

  /* `ringing`: [{id, …}], oldest first. Returns those whose time has come, at most three at once; the others follow. */
  function due(ringing, now_ms) {
    const kept = {};
    const out = [];
    for (const each of ringing) {
      if (kept[each.id] !== undefined) continue;
      const last = told[each.id];
      const comes = (last === undefined || now_ms - last >= EVERY_MS) && out.length < MOST_AT_ONCE;
      if (comes) out.push(each);
      kept[each.id] = comes ? now_ms : last === undefined ? -Infinity : last;
    }
    told = kept;
    return out;
  }

  return { due };
}

/* The sentence of an incident, in the words in force. `about`: what a wall writes ("Longest wait at or above 3:00"); `place`: its line or board.
   A voice reads 3:00 as a time of day, so the durations of a metric in seconds are spelt out; other texts may hold a real time of day. */
export function sentence(incident, about, place, now_ms) {
  const spelt = incident.unit === "s" ? about.replace(/\b(?:(\d+):)?(\d{1,3}):(\d\d)\b/g, spell) : about;
  const lasted_min = Math.floor(Math.max(0, now_ms - Date.parse(incident.since)) / 60000);
  const parts = [say("stage.spoken", { about: spelt, place })];
  if (lasted_min > 0) parts.push(say("stage.spoken_lasts", { duration: spell("", Math.floor(lasted_min / 60), lasted_min % 60, 0) }));
  parts.push(say("stage.spoken_untaken"));
  return parts.join(" ");
}

function spell(whole, hours, minutes, seconds) {
  const parts = [];
  for (const [key, text] of [["stage.hours", hours], ["stage.minutes", minutes], ["stage.seconds", seconds]]) {
    if (Number(text) > 0) parts.push(say(key, { n: Number(text) }));
  }
  return parts.length ? parts.join(" ") : say("stage.seconds", { n: 0 });
}

/* The voice for a language tag: one on this machine before one of the net, the very tag before one of the same language, and among its regions
   the tag itself or the language's home ("fr-FR") before any other. Null: none. */
export function voiceFor(voices, tag) {
  const wanted = plain(tag);
  const base = wanted.split("-")[0];
  const near = wanted.indexOf("hans") > 0 ? [wanted, "zh-cn", "cmn-hans", "cmn"] : [wanted];
  let best = null;
  let score = 0;
  for (const voice of voices) {
    const has = plain(voice.lang || "");
    const place = near.findIndex((each) => has === each || has.indexOf(each + "-") === 0);
    const fits = place >= 0 ? 4 : has.split("-")[0] === base ? 2 : 0;
    const home = has === wanted || has === base + "-" + base ? 0.5 : 0;
    // espeak-ng lists each voice a hundred times more, as "German+whisper" and the like.
    const variant = String(voice.name || "").indexOf("+") > 0 ? -0.25 : 0;
    const points = fits && fits + home + variant + (voice.localService ? 1 : 0);
    if (points > score) {
      best = voice;
      score = points;
    }
  }
  return best;
}

function plain(tag) {
  return String(tag).toLowerCase().replace("_", "-");
}
