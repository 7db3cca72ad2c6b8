/* The stage: what one screen shows for months. One board, or the boards of a playlist in turn; which of them, now; and all that is the
   screen's own and no board's: sound, captions, its name, its reload.

   In:  the board that came with the page, and for a paired screen its own line (live/screen_line.js). Out: the page, live or saying why
   not; `painted` for as long as the browser really draws. Each board keeps its line open while another one is seen, so that its alert is
   known at once and its picture is ready. `data-live` on <body> is that of the board that is seen, "yes" last of all: a script that
   throws before leaves "no". Chromium 79 syntax only. */

import { follow } from "./board.js";
import { paintedFacts, sayWhatStage } from "./tv/facts.js";
import { bringLater } from "./tv/later.js";
import { createLayers } from "./tv/layers.js";
import { createSigns } from "./tv/signs.js";
import { rings } from "./live/alarm.js";
import { createQuiet } from "./live/quiet.js";
import { createRotation } from "./live/rotation.js";
import { followScreen } from "./live/screen_line.js";
import { about } from "./live/told.js";
import { language } from "./live/words.js";
import { bringRestOfCatalogue } from "./wall/catalogue.js";
import { bringRestOfWords, speak } from "./wall/languages.js";

const MOST_BOARDS = 20;
const PREPARE_MS = 5000;
const AGAIN_MS = 50;
const PAIR_AFTER_MS = 30000;
const REST_AT_LATEST_MS = 3000;
const REST_AFTER_MS = 100;               // what is drawn is also seen by then
const SILENCE = { update: () => {}, muted: () => false, facts: () => ({}) };

/* `page`: {root, place, files, version, slug ("" for none), opening, paired, guard, onStep, onFirst}. Returns {start}. */
export function createStage(page) {
  const now = () => performance.now();
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const boards = new Map();              // slug -> {slug, follower, picture, calls, dark_ms}
  const rotation = createRotation();
  const quiet = createQuiet(now());
  const layers = createLayers({ place: page.place, files: page.files, now });
  const signs = createSigns(page.place);
  const deadman = document.querySelector(".deadman");
  const screen = { line: null, name: "", assigned: !page.paired, flash: null, flash_until_ms: 0, removed_ms: null };
  const born_ms = now();
  let alarm = null;                      // null: not even asked for
  let again = null;
  let reloading = false;
  let asked = false;
  let told = "";
  if (page.slug) assign([{ slug: page.slug, seconds: 30 }], true);

  function speakAs(wanted) {
    speak(wanted, () => soon(0));
    return language() === wanted;
  }

  function speakOf(board) {
    if (board && board.picture && board.picture.frame) speak(board.picture.frame.board.language, () => soon(0));
  }

  /* What comes after the first live picture, or without one in a moment: a first paint must be light. */
  function bringRest() {
    bringRestOfWords();
    bringRestOfCatalogue();
    page.onFirst();
    bringLater(page.files.alarm.script, ({ createAlarm }) => {
      alarm = createAlarm({ root: page.root, paired: page.paired, now, speakAs, aboutOf: about, changed: () => soon(0) });
      page.place.insertBefore(alarm.node, signs.nodes[0]);
      step();
    });
  }

  function assign(items, preempts) {
    const kept = items.slice(0, MOST_BOARDS);
    for (const item of kept) if (!boards.has(item.slug)) open(item.slug);
    rotation.set(kept, { preempts, now_ms: now() });
    screen.preempts = preempts;
  }

  function open(slug) {
    const board = { slug, follower: null, picture: null, dark_ms: now(), opening: slug === page.slug ? page.opening : null };
    boards.set(slug, board);
    board.follower = follow({
      path: "/ws/boards/" + encodeURIComponent(slug) + "/", version: page.version, opening: board.opening, guard: page.guard,
      draw: () => heard(board), onReload: () => quiet.ask(now(), false),
    });
  }

  /* Something came for a board. One that is not seen is drawn only when that may change what is seen. */
  function heard(board) {
    if (board.follower === null) return;
    if (board.slug === layers.shown() || board.picture === null) {
      step();
      return;
    }
    const before = stateOf(board);
    board.picture = board.follower.look();
    const after = stateOf(board);
    if (before.state !== after.state || String(before.calls.map((each) => each.id)) !== String(after.calls.map((each) => each.id))) step();
  }

  function stateOf({ picture }) {
    if (picture.live) {
      const calls = (picture.frame.incidents || []).filter((each) => rings([each], picture.now_ms));
      return { state: "live", calls: calls.map((each) => ({ id: each.id, since_ms: Date.parse(each.since) })) };
    }
    return { state: picture.notLive && picture.notLive.cause === "refused" ? "gone" : "stale", calls: [] };
  }

  function step() {
    clearTimeout(again);
    const at = now();
    const states = {};
    let critical = false;
    for (const board of boards.values()) {
      speakOf(board);                    // why a board is not live is said in its own language
      board.picture = board.follower.look();
      states[board.slug] = stateOf(board);
      if (board.picture.live) board.dark_ms = null;
      else if (board.dark_ms === null) board.dark_ms = at;
      critical = critical || states[board.slug].calls.length > 0;
    }
    quiet.note(critical, at);
    const index = rotation.standing(at, states);
    const board = index < 0 ? null : boards.get(rotation.items()[index].slug);
    const removed = isRemoved(at);
    if (removed || board === null || !board.picture.live) document.body.dataset.live = "no";   // before the tiles: one of them may throw
    if (board !== null) perform(board, at, states);
    ring(removed);
    tell();
    speakOf(boards.get(layers.shown()));
    sayWhatStage({ signs, screen, boards, rotation, removed, at, empty: board === null });
    page.onStep();
    deadman.className = deadman.className === "deadman beat" ? "deadman beat-again" : "deadman beat";   // css/widgets/status.css
    if (removed) leave(at);
    else paint();
    if (!reloading && quiet.due(at)) {
      reloading = true;
      page.guard.reload();
    }
  }

  /* Draws the board that should be seen, brings it up when it can be shown whole, and makes the next one ready. */
  function perform(board, at, states) {
    board.picture.muted = alarm !== null && alarm.muted();
    const there = layers.show(board.slug, board.picture, board.opening);
    const seen = boards.get(layers.shown());
    if (!there) {
      if (seen !== board) layers.prepare(seen.slug, seen.picture);
      soon(AGAIN_MS);
    }
    dress(seen);
    const items = rotation.items();
    const next = items[rotation.next(states)].slug;
    if (there && next !== board.slug && rotation.left_ms(at, states) <= PREPARE_MS) layers.prepare(next, boards.get(next).picture);
    layers.tidy(items.map((item) => item.slug));
    retire(items);
  }

  /* What is around the boards, and what whoever measures this page from outside may read. */
  function dress(seen) {
    const { frame, seq } = seen.picture;
    if (frame) {
      set("theme", frame.board.theme);
      set("distance", String(frame.board.distance_m));
      set("seq", String(seq));
    }
    set("board", seen.slug);
    document.body.dataset.live = layers.root().dataset.live;
  }

  function set(name, value) {
    if (page.root.dataset[name] !== value) page.root.dataset[name] = value;
  }

  /* Ends the lines of boards that are neither on the list nor seen any more. */
  function retire(items) {
    boards.forEach((board, slug) => {
      if (slug === layers.shown() || items.some((item) => item.slug === slug)) return;
      board.follower.end();
      boards.delete(slug);
    });
  }

  function ring(removed) {
    const listed = rotation.items().map((item) => boards.get(item.slug));
    if (alarm === null) {
      if (document.body.dataset.live !== "yes" && now() - born_ms < REST_AT_LATEST_MS) return;
      alarm = SILENCE;
      setTimeout(bringRest, REST_AFTER_MS);
    }
    const heardOf = removed ? [] : screen.preempts ? listed : listed.filter((board) => board.slug === layers.shown());
    alarm.update(heardOf.filter((board, place) => heardOf.indexOf(board) === place).map((board) => board.picture));
  }

  /* For programs of the house that follow a wall from within its page (docs/operations.md). */
  function tell() {
    const seen = boards.get(layers.shown());
    const incidents = (seen && seen.picture.frame && seen.picture.frame.incidents) || [];
    const calls = Boolean(seen) && rings(incidents, seen.picture.now_ms) && seen.picture.live;
    const now_told = incidents.map((each) => each.id + each.severity + each.state).join() + calls;
    if (now_told === told) return;
    told = now_told;
    document.dispatchEvent(new CustomEvent("ql-incident", { detail: { incidents, rings: calls } }));
  }

  function isRemoved(at) {
    const refused = screen.line !== null && screen.line.line.refused;
    const removed = Boolean(refused) && refused !== "4404" && refused !== "4403";
    if (!removed) screen.removed_ms = null;
    else if (screen.removed_ms === null) screen.removed_ms = at;
    return removed;
  }

  /* A removed screen shows a code again, without anybody's hand; when the server gives that page. */
  function leave(at) {
    if (at - screen.removed_ms < PAIR_AFTER_MS || screen.leaving) return;
    screen.leaving = true;
    fetch("/pair/", { cache: "no-store", credentials: "same-origin" }).then((answer) => {
      if (answer.ok) location.replace("/pair/");
      else throw new Error("status " + answer.status);
    }).catch(() => setTimeout(() => { screen.leaving = false; }, PAIR_AFTER_MS / 3));
  }

  /* A browser that has stopped rendering runs no animation frame, and then nothing is said: silence is what the fleet page looks for. */
  function paint() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const seen = boards.get(layers.shown());
      const showsBoard = rotation.items().length > 0 && seen !== undefined;
      const facts = paintedFacts(page.root, page.version, showsBoard ? seen.slug : null, alarm === null ? {} : alarm.facts());
      const seq = showsBoard ? seen.picture.seq : 0;
      if (screen.line !== null && screen.line.painted(seq === null ? 0 : seq, facts)) return;
      if (showsBoard) seen.follower.painted(facts);
    });
  }

  function soon(wait_ms) {
    clearTimeout(again);
    again = setTimeout(step, wait_ms);
  }

  /* Once a second, just after the server's second begins, so that every wall in a room ticks together. */
  function tick() {
    step();
    const seen = boards.get(layers.shown());
    const clock_ms = seen === undefined ? null : seen.follower.now_ms();
    setTimeout(tick, clock_ms === null ? 250 : 1020 - (clock_ms % 1000));
  }

  function followOrders() {
    screen.line = followScreen({ url: scheme + "//" + location.host + "/ws/screen/", version: page.version }, {
      assigned: ({ name, items, preempts }) => {
        screen.name = name;
        screen.assigned = true;
        // The address of a board that this screen may not show any more would be refused at the next reload.
        if (location.pathname !== "/screen/" && !(items.length === 1 && items[0].slug === page.slug)) history.replaceState(null, "", "/screen/" + location.search);
        assign(items, preempts);
        step();
      },
      flash: ({ seconds, text }) => {
        screen.flash = text;
        screen.flash_until_ms = now() + seconds * 1000;
        step();
        setTimeout(step, seconds * 1000 + 20);
      },
      reload: (order) => quiet.ask(now(), order),
      changed: () => { if (screen.line !== null) step(); },
    });
  }

  function start() {
    if (page.paired) followOrders();
    window.addEventListener("resize", step);
    window.addEventListener("online", () => {
      boards.forEach((board) => board.follower.renew());
      if (screen.line !== null) screen.line.renew();
    });
    page.guard.started();
    tick();
  }

  return { start };
}
