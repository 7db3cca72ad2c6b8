/* The past of a board, played: one moment that moves, and everything on the page that shows it.

   In:  the page's own data, /api/v1/boards/<slug>/past, its marks, the history of the longest wait. Out: messages to the board in the
   frame (preview.js), the scrubber, the address. While nothing has come for a moment the film waits there; it never shows another one. */

import { notLive } from "./live/causes.js";
import { setWords } from "./live/words.js";
import { createFilm } from "./rewind/film.js";
import { createHappened, lookFrom } from "./rewind/happened.js";
import { typed, untyped, whole } from "./rewind/moments.js";
import { createTimeline } from "./rewind/timeline.js";

const HOUR_MS = 3600000;
const KEPT_MS = 48 * HOUR_MS;
// Twice as often as there is a new picture at 60x: with one tick a picture, each late one would pass a picture over.
const TICK_MS = 125;
const ADDRESS_EVERY_MS = 1000;
const MARKS_AGAIN_MS = 60000;
const RETRY_MS = 4000;
const LINE_POINTS = 700;
const ANSWER_MS = 40000;  // the server itself makes nobody wait for a turn for more than 20 s

const $ = (id) => document.getElementById(id);
const page = JSON.parse($("page").textContent);
if ($("stage")) run();
$("board").addEventListener("change", () => location.assign(`${$("board").value}?${new URLSearchParams(location.search)}`));

function run() {
  setWords(page.language, JSON.parse($("words").textContent));
  const arrived = performance.now();
  const now_ms = () => page.now_ms + performance.now() - arrived;
  const end_ms = () => now_ms() - 1000;
  const stage = $("stage");
  const film = createFilm({ load, now_ms, begin_ms: page.begin_ms, changed: show });
  const timeline = createTimeline($("line"), $("hours"), page.zone);
  const happened = createHappened($("happened"), $("happened-count"), { zone: page.zone, incident: page.incident, jump: seek });
  let at_ms = page.at_ms, speed = page.speed, playing = false, ready = false;
  let last = performance.now(), addressAt = 0, drawn = "", drawnAt = null, drawnFrame = null;
  let zoom_h = end_ms() - at_ms > KEPT_MS ? 672 : [1, 6, 24, 48].find((each) => end_ms() - at_ms < each * HOUR_MS * .8) || 48;
  let span = { from_ms: 0, to_ms: 1 }, marks = [], marksAt = 0, lineTrouble = null, lineWhole = true;

  async function ask(address, given) {
    let answer;
    try {
      const joint = address.includes("?") ? "&" : "?";
      const how = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(ANSWER_MS) };
      answer = await fetch(address + joint + new URLSearchParams(given), how);
    } catch {
      throw new Error("Queuelight's server does not answer. It is asked again.");
    }
    const found = await answer.json().catch(() => ({}));
    if (answer.status === 401) throw new Error("You are logged out: load the page again.");
    if (!answer.ok) throw new Error(found.message || `The server answered ${answer.status}.`);
    return found;
  }

  function load(from_ms, to_ms, step_s) {
    return ask(page.past, { from: new Date(from_ms).toISOString(), to: new Date(to_ms).toISOString(), step: step_s });
  }

  /* --- the moment --- */

  function seek(ms) {
    at_ms = Math.min(end_ms(), Math.max(page.begin_ms, ms));
    if (at_ms < span.from_ms || at_ms > span.to_ms) frameSpan();
    show();
  }

  function stepMs() {
    return film.stepOf(at_ms) === 60 ? 60000 : 10000;
  }

  function toMark(way) {
    const moments = marks.map(lookFrom).sort((a, b) => a - b);
    const found = way > 0 ? moments.find((ms) => ms > at_ms + 500) : moments.reverse().find((ms) => ms < at_ms - 2500);
    if (found !== undefined) seek(found);
  }

  function play(wanted) {
    playing = wanted && at_ms < end_ms() - 1000;
    $("play").lastElementChild.textContent = playing ? "Pause" : "Play";
    $("play").classList.toggle("is-playing", playing);
    last = performance.now();
    show();
  }

  function tick() {
    const passed = performance.now() - last;
    last = performance.now();
    if (playing && film.at(at_ms) !== null) {
      const wanted = at_ms + Math.min(passed, 1000) * speed;
      // Never beyond what has come: the film waits at its end, and goes on from there.
      at_ms = film.at(Math.min(wanted, end_ms())) !== null ? wanted : Math.min(wanted, Math.max(at_ms, reach(wanted)));
      if (at_ms >= end_ms()) {
        at_ms = end_ms();
        play(false);
      }
      if (at_ms > span.to_ms) frameSpan();
    }
    show();
    const again_ms = !lineWhole ? RETRY_MS : span.to_ms > end_ms() - 2 * MARKS_AGAIN_MS ? MARKS_AGAIN_MS : Infinity;
    if (performance.now() - marksAt > again_ms) fetchLine();
  }

  /* The last whole second before `wanted` that has come. */
  function reach(wanted) {
    for (let ms = Math.floor(wanted / 1000) * 1000; ms > at_ms; ms -= 1000) if (film.at(ms) !== null) return ms;
    return at_ms;
  }

  /* --- what the page shows --- */

  function show() {
    film.setSpeed(playing ? speed : 1);  // who stops to look gets every second
    film.want(at_ms, playing);
    const found = film.at(at_ms);
    // What is named is the moment of the picture, never another: at 60x, or where only minutes are known, no finer than the frames are, and
    // while a moment is on its way that of the picture which is still there.
    const wanted = Math.floor(at_ms / 1000) * 1000;
    const second = found ? found.at_ms : drawnAt === null ? wanted : drawnAt;
    const words = whole(second, page.zone);
    const fetching = found === null && film.trouble === null;
    $("busy").hidden = !fetching;
    document.querySelector(".rewound").classList.toggle("is-fetching", found === null);
    if (fetching) $("busy").textContent = `Fetching ${whole(wanted, page.zone)} …`;
    const trouble = film.trouble === null ? lineTrouble : film.trouble;
    $("trouble").hidden = trouble === null;
    if (trouble !== null && $("trouble").lastElementChild.textContent !== trouble) $("trouble").lastElementChild.textContent = trouble;
    if ($("moment").textContent !== words) {
      $("moment").textContent = words;
      $("moment").dateTime = new Date(second).toISOString();
      $("scrub").setAttribute("aria-valuetext", words);
    }
    if (document.activeElement !== $("typed")) $("typed").value = typed(found ? second : wanted, page.zone);
    if (document.activeElement !== $("scrub") || playing) $("scrub").value = wanted;
    $("pace").textContent = playing ? `${speed}×` : "paused";
    if (found) $("grain").textContent = found.notes[0] || "";
    for (const each of document.querySelectorAll(".step-words")) each.textContent = stepMs() === 60000 ? "1 min" : "10 s";
    timeline.stand(at_ms);
    happened.stand(at_ms);
    if (ready && found !== null && (found.frame !== drawnFrame || drawn !== words)) {
      drawn = words;
      drawnAt = found.at_ms;
      drawnFrame = found.frame;
      draw(found.frame, found.at_ms);
    }
    address();
  }

  function draw(frame, ms) {
    const line = { open: true, heard_at: 0, started_at: 0, closed_at: 0, refused: false };
    const why = notLive({ frame, line, line_now_ms: 0, cause: null, failed: false, now_ms: ms });
    const message = { type: "queuelight-preview", frame, at_ms: ms, live: why === null, notLive: why, frozen: true };
    stage.contentWindow.postMessage(message, location.origin);
  }

  /* In step with the page, so that it can be sent to somebody; not more often than browsers like. */
  function address() {
    if (performance.now() - addressAt < ADDRESS_EVERY_MS) return;
    const wanted = `?at=${new Date(Math.floor(at_ms / 1000) * 1000).toISOString().replace(".000", "")}&speed=${speed}`;
    if (location.search !== wanted) history.replaceState(null, "", wanted);
    addressAt = performance.now();
  }

  /* --- the line under it --- */

  function frameSpan() {
    const length_ms = zoom_h * HOUR_MS;
    const to_ms = at_ms > end_ms() - length_ms ? end_ms() : at_ms + length_ms / 2;
    span = { from_ms: Math.max(page.begin_ms, to_ms - length_ms), to_ms };
    const scrub = $("scrub");
    scrub.min = Math.floor(span.from_ms / 1000) * 1000;
    scrub.max = Math.floor(span.to_ms / 1000) * 1000;
    scrub.step = 1000;
    timeline.draw(span, null, 60, marks);
    fetchLine();
  }

  function fetchLine() {
    marksAt = performance.now();
    const asked = span;
    const least_s = end_ms() - span.from_ms > KEPT_MS ? 60 : 2;
    const step_s = Math.max(least_s, Math.ceil((span.to_ms - span.from_ms) / 1000 / LINE_POINTS));
    const given = { from: new Date(span.from_ms).toISOString(), to: new Date(Math.max(span.from_ms + 1000, span.to_ms)).toISOString() };
    const failed = (error) => ({ failed: error.message });
    const both = [ask(page.wait, { ...given, step: step_s }).catch(() => null), ask(page.marks, given).catch(failed)];
    Promise.all(both).then(([wait, found]) => {
      if (asked !== span) return;
      lineTrouble = found.failed || null;
      lineWhole = wait !== null && lineTrouble === null;
      if (lineTrouble === null) marks = found.marks;
      timeline.draw(span, wait && wait.points, step_s, marks);
      happened.draw(marks, span.to_ms - span.from_ms);
      show();
    });
  }

  /* --- hands --- */

  $("play").addEventListener("click", () => play(!playing));
  $("back").addEventListener("click", () => seek(at_ms - stepMs()));
  $("forward").addEventListener("click", () => seek(at_ms + stepMs()));
  $("mark-before").addEventListener("click", () => toMark(-1));
  $("mark-after").addEventListener("click", () => toMark(1));
  $("scrub").addEventListener("input", () => seek(Number($("scrub").value)));
  $("typed").addEventListener("change", () => {
    const wanted = untyped($("typed").value, page.zone);
    if (wanted !== null) seek(wanted);
  });
  document.querySelector("form.choose").addEventListener("submit", (event) => event.preventDefault());
  for (const radio of document.querySelectorAll("[name=speed]")) {
    radio.checked = Number(radio.value) === speed;
    radio.addEventListener("change", () => { speed = Number(radio.value); addressAt = 0; show(); });
  }
  for (const radio of document.querySelectorAll("[name=zoom]")) {
    radio.checked = Number(radio.value) === zoom_h;
    radio.addEventListener("change", () => { zoom_h = Number(radio.value); frameSpan(); show(); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select, [type=datetime-local]")) return;
    const onButton = event.target.matches("button, a, summary, [type=radio], [type=range]");
    const act = {
      " ": onButton ? null : () => play(!playing),
      ArrowLeft: event.target.matches("[type=radio]") ? null : () => seek(at_ms - stepMs()),
      ArrowRight: event.target.matches("[type=radio]") ? null : () => seek(at_ms + stepMs()),
      "[": () => toMark(-1), "]": () => toMark(1),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  stage.addEventListener("load", begin);
  window.addEventListener("message", (event) => { if (event.source === stage.contentWindow) begin(); });

  function begin() {
    ready = true;
    drawnFrame = null;
    show();
  }

  if (stage.contentDocument && stage.contentDocument.readyState === "complete" && stage.contentWindow.location.href !== "about:blank") begin();
  frameSpan();
  show();
  setInterval(tick, TICK_MS);
}
