/* What a screen says of itself: to the server with `painted`, and to those who stand before it. Chromium 79 syntax only.

   In:  the stage's state. Out: the members of `painted` (docs/wire-protocol.md); the stage's signs. */

import { say } from "../live/words.js";

const PASSED_OVER_AFTER_MS = 15000;
const NAMES_SHOWN = 3;

/* `clock_ms` is this machine's own wall clock, wrong as it may be: the fleet page shows by how much. `heard`: of sound and voice (tv/alarm.js). */
export function paintedFacts(root, version, board, heard) {
  const facts = { width: window.innerWidth, height: window.innerHeight, ratio: window.devicePixelRatio || 1, clock_ms: Date.now() };
  if (version) facts.version = version;
  if (board !== null) facts.board = board;
  if (root.dataset.wake) facts.wake = root.dataset.wake;
  if (root.dataset.fullscreen) facts.fullscreen = root.dataset.fullscreen;
  return Object.assign(facts, heard);
}

export function sayWhatStage({ signs, screen, boards, rotation, removed, at, empty }) {
  if (screen.flash !== null && at >= screen.flash_until_ms) screen.flash = null;
  signs.showName(screen.flash === null ? null : { what: say("stage.this_is"), name: screen.flash });
  signs.say(removed ? { heading: say("stage.removed"), body: say("stage.removed_next") } : empty ? emptyPage(screen) : null);
  signs.remark(empty || removed ? "" : passedOver(boards, rotation, at));
}

function emptyPage(screen) {
  const line = screen.line === null ? null : screen.line.line;
  const lost = line !== null && !line.open;
  if (!screen.assigned) return { heading: say("stage.connecting"), body: lost ? say("stage.server_gone") : "" };
  return {
    heading: say("stage.waits_for_board"), body: screen.name ? say("stage.give_board_to", { name: screen.name }) : say("stage.give_board"),
    small: lost ? say("stage.server_gone") : "",
  };
}

/* Boards of the list that are not shown because they are not live: nobody may take their silence for calm. */
function passedOver(boards, rotation, at) {
  const names = [];
  let anyLive = false;
  for (const item of rotation.items()) {
    const board = boards.get(item.slug);
    anyLive = anyLive || board.picture.live;
    const name = board.picture.frame ? board.picture.frame.board.title : item.slug;
    if (board.dark_ms !== null && at - board.dark_ms > PASSED_OVER_AFTER_MS && names.indexOf(name) < 0) names.push(name);
  }
  if (!anyLive || !names.length) return "";
  const more = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN).join(" · ") + (more > 0 ? " +" + more : "");
  return say("stage.passed_over", { names: shown });
}
