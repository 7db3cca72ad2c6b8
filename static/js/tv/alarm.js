/* The sound of a screen: one chime, one voice and one caption for all boards that it shows in turn.

   In:  the boards' pictures of this moment. Out: a chime while a critical incident is not taken (boards with `chime`), its sentence in the board's
   language as it opens and once a minute (boards with `speech`), the caption in any case, `data-speech` on <html>, `muted()`: whether the browser
   keeps back a sound that is due, and `facts()`: what it would keep back, for the fleet page. A board that is not live rings for nothing.
   Chromium 79 syntax only. */

import { createAnnouncer, sentence } from "../live/announce.js";
import { rings } from "../live/alarm.js";
import { isRtl, tag } from "../live/words.js";
import { createCaption } from "../elements/caption.js";
import { createChime, soundChosen } from "../elements/chime.js";
import { createSpeech } from "../elements/speech.js";
import { attribute } from "../elements/write.js";

const AFTER_CHIME_MS = 2000;

/* `speakAs(language)`: puts the words of a language in force, false while they are not here. `aboutOf(incident)`: what it is about. `paired`: this
   is a screen that nobody touches, so whether the browser would let it ring is found out before it must. */
export function createAlarm({ root, paired, now, speakAs, aboutOf, changed }) {
  const announcer = createAnnouncer();
  const caption = createCaption(now);
  const chime = createChime(changed);
  const speech = createSpeech({
    synthesis: window.speechSynthesis, Utterance: window.SpeechSynthesisUtterance, off: soundChosen() === "off", now, changed,
  });
  let timer = null;
  let next = null;                       // what is said when the chime has faded
  let wanted = false;
  let boards = [];                       // of the pictures that came last

  /* `pictures`: of the boards that may ring on this screen. */
  function update(pictures) {
    const ringing = callsOf(pictures);
    boards = pictures.filter((each) => each.frame).map((each) => each.frame.board);
    if (paired && boards.some(chimes)) chime.probe();
    wanted = ringing.some((each) => speaks(each.board));
    chime.ring(ringing.some((each) => chimes(each.board)));
    const due = announcer.due(ringing.filter((each) => chimes(each.board) || speaks(each.board)), now());
    if (due.length) announce(due);
    if (!ringing.length) hush();
    caption.tick(speech.state() === "speaking");
    attribute(root, "data-speech", wanted || speech.state() === "off" ? speech.state() : null);
  }

  function callsOf(pictures) {
    const out = [];
    for (const picture of pictures) {
      if (!picture.live || !picture.frame) continue;
      for (const each of picture.frame.incidents || []) {
        if (rings([each], picture.now_ms)) out.push({ id: each.id, incident: each, board: picture.frame.board, picture });
      }
    }
    return out.sort((a, b) => Date.parse(a.incident.since) - Date.parse(b.incident.since));
  }

  function announce(due) {
    const first = due[0];
    if (!speakAs(first.board.language || "en")) return;
    const same = due.filter((each) => (each.board.language || "en") === (first.board.language || "en"));
    const sentences = same.map((each) => sentence(each.incident, aboutOf(each.incident), placeOf(each), each.picture.now_ms));
    const words = sentences.join(" ");
    const spoken = tag();
    caption.show(sentences, spoken, isRtl());
    if (!same.some((each) => speaks(each.board))) return;
    const waiting = next !== null;       // kept: on a page whose timers are late, each new sentence would put the voice off once more
    next = { words, spoken };
    if (!waiting) timer = setTimeout(speakNext, chime.wanted() ? AFTER_CHIME_MS : 0);
  }

  function speakNext() {
    speech.speak(next.words, next.spoken);
    next = null;
  }

  function hush() {
    clearTimeout(timer);
    next = null;
    speech.stop();
    if (!wanted) caption.clear();
  }

  function muted() {
    return (chime.wanted() && chime.state() === "blocked") || (wanted && speech.state() === "blocked");
  }

  /* {sound, speech, no_voice}: the states of the chime and the voice, each only where a board asks for it, and the language that no voice is for. */
  function facts() {
    const told = {};
    const spoken = boards.filter(speaks).map((board) => board.language || "en");
    const lacking = spoken.find((language) => speech.lacks(language));
    if (boards.some(chimes)) told.sound = chime.state();
    if (spoken.length) told.speech = speech.state() === "speaking" ? "ready" : lacking ? "no-voice" : speech.state();
    if (lacking) told.no_voice = lacking;
    return told;
  }

  return { node: caption.node, update, muted, facts, rings: () => chime.wanted() };
}

function chimes(board) {
  return board.chime !== false;
}

function speaks(board) {
  return board.speech === true;
}

function placeOf(call) {
  return call.incident.scope_name || call.board.title;
}
