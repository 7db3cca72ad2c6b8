/* The editor of a board: palette, canvas, options, undo, saving. One way: what somebody does makes a new state, the state is drawn.

   In:  the board as it is (json_script "start"), kinds and metrics ("facts"). Out: drafts with real data every 2 s, a saved board.
   The state is {widgets, distance_m}, plain JSON as the server keeps it; a tile that cannot be used any more stays in it until it is mended. */

import { createDrafts } from "./editor/drafts.js";
import { createHistory } from "./editor/history.js";
import { createInspector } from "./editor/inspector.js";
import { freePlace, freshId, overlap, overlaps } from "./editor/layout.js";
import { createPalette } from "./editor/palette.js";
import { pretended } from "./editor/pretend.js";
import { readingRows, tooSmall } from "./editor/reading.js";
import { createServer } from "./editor/server.js";
import { createSigns } from "./editor/signs.js";
import { createStage } from "./editor/stage.js";
import { cellsOf, labelOf, ownOptions, spokenOf } from "./editor/tiles.js";

const data = (id) => JSON.parse(document.getElementById(id).textContent);
const byId = (id) => document.getElementById(id);
const start = data("start"), facts = data("facts");
const server = createServer(start.addresses, data("token"));
const drafts = createDrafts(start.slug);
const SHAPES = { wide: [1920, 1080], "4k": [3840, 2160], portrait: [1080, 1920] };
const DRAFT_EVERY_MS = 2000;
const DRAFT_AFTER_MS = 150;
const MOST_NUMBERS = 6;

let revision = start.revision;
let savedState = { widgets: start.widgets, distance_m: start.distance_m };
let history = createHistory(savedState);
let moving = null;                      // the state while somebody drags; not a step of its own
let shape = "wide", mode = "now", picked = null, isOutside = true;
let answer = null, answerAt = 0, sizes = {}, draftTimer = 0, isAsking = false, isSaving = false, isGone = false;

const signs = createSigns(byId("signs"), byId("saved"), byId("said"));
const stage = createStage(byId("canvas"), { address: start.addresses.preview, pick, change: changePlace, act: (what, id) => (what === "remove" ? remove(id) : inspector.focus()) });
const palette = createPalette(byId("palette"), facts, { add, hover: stage.hover });
const inspector = createInspector(byId("inspector"), facts, { set: setOption, remove, duplicate, pick, upload: server.upload, missing });

const state = () => moving || history.now;
const isUpright = () => shape === "portrait";
const isOwnPortrait = () => state().widgets.length > 0 && state().widgets.every((each) => each && each.portrait);
const grid = () => (isUpright() ? { columns: facts.grid.portrait_columns, rows: facts.grid.portrait_rows } : { columns: facts.grid.columns, rows: facts.grid.rows });
const isDirty = () => JSON.stringify(history.now) !== JSON.stringify(savedState);

/* --- the state and its tiles */

function flowedPlace(id) {
  const found = answer && answer.frame.board.widgets.find((each) => each.id === id);
  return found ? found.portrait : { x: 0, y: 0, w: 4, h: 2 };
}

function placeOf(widget) {
  return isUpright() ? (isOwnPortrait() ? cellsOf(widget.portrait) : flowedPlace(widget.id)) : cellsOf(widget);
}

function tilesNow() {
  const problems = (answer && answer.problems) || [];
  const known = state().widgets.filter((each) => each && typeof each.id === "string");
  const placed = known.map((widget) => ({ id: widget.id, place: placeOf(widget) }));
  const pairs = overlaps(placed);
  return known.map((widget, index) => {
    const kind = facts.kinds[widget.kind];
    const own = problems.filter((each) => each.widget === widget.id).map((each) => each.text);
    const under = pairs.filter((pair) => pair.includes(widget.id)).map((pair) => labelOf(known.find((each) => each.id === pair[pair[0] === widget.id ? 1 : 0]), facts));
    const wrong = own[0] || (under.length ? `Lies over ${under[0]}` : "");
    const tile = {
      id: widget.id, kind: widget.kind, place: placed[index].place, options: widget.options || {}, label: labelOf(widget, facts), wrong, problems: own,
      isLost: own.length > 0, least: isUpright() ? [2, 2] : kind ? kind.least : [1, 1],
    };
    return { ...tile, spoken: spokenOf(tile, facts) };
  });
}

function commit(next, what = null) {
  moving = null;
  if (history.push(next, what)) changed();
  else draw();
}

function changed() {
  if (isDirty()) drafts.keep(revision, history.now);
  else drafts.drop();
  askSoon();
  draw();
}

function withWidget(id, change) {
  return { ...state(), widgets: state().widgets.map((each) => (each && each.id === id ? change(each) : each)) };
}

function changePlace(id, place, isDone) {
  let from = state();
  if (isUpright() && !isOwnPortrait()) {
    from = { ...from, widgets: from.widgets.map((each) => ({ ...each, portrait: flowedPlace(each.id) })) };
    signs.say("The upright layout is your own from now on.");
  }
  const next = { ...from, widgets: from.widgets.map((each) => (each.id !== id ? each : isUpright() ? { ...each, portrait: place } : { ...each, ...place })) };
  if (!isDone) {
    moving = next;
    draw();
    return;
  }
  commit(next, `place:${id}`);
  const tile = tilesNow().find((each) => each.id === id);
  if (tile) signs.say(tile.spoken);
}

function setOption(id, name, value) {
  const next = withWidget(id, (each) => {
    const options = { ...each.options };
    if (value === undefined) delete options[name];
    else options[name] = value;
    return { ...each, options };
  });
  commit(next, `option:${id}:${name}`);
}

function add(kindName, options, place) {
  const kind = facts.kinds[kindName];
  const { widgets } = state();
  if (widgets.length >= facts.most_widgets) return signs.say(`A board has at most ${facts.most_widgets} tiles.`);
  const lying = { columns: facts.grid.columns, rows: facts.grid.rows };
  const upright = { columns: facts.grid.portrait_columns, rows: facts.grid.portrait_rows };
  const taken = widgets.filter(Boolean).map(cellsOf);
  const free = freePlace(kind.size, kind.least, taken, lying);
  const at = !isUpright() && place ? fitted(place, kind, taken, lying) : free;
  if (!at) return signs.say("There is no room for it. Make another tile smaller, or remove one, then add it.", true);
  const id = freshId(kindName, widgets.filter(Boolean).map((each) => each.id));
  const widget = { id, kind: kindName, ...at, options: ownOptions(kind, options, facts) };
  if (isOwnPortrait()) {
    const there = widgets.map((each) => cellsOf(each.portrait));
    widget.portrait = (isUpright() && place) || freePlace([8, 4], [2, 2], there, upright) || { x: 0, y: 0, w: 4, h: 2 };
  }
  commit({ ...state(), widgets: [...widgets, widget] });
  pick(id);
  stage.focus(id);
  const tile = tilesNow().find((each) => each.id === id);
  return signs.say(`Added: ${tile.spoken}`);
}

/* Where somebody let it go; smaller, down to its least size, when that spares an overlap. */
function fitted(place, kind, taken, room) {
  const isFree = (at) => !taken.some((other) => overlap(at, other));
  for (let less = 0; less <= 24; less += 1) {
    const w = Math.max(kind.least[0], place.w - less), h = Math.max(kind.least[1], place.h - less);
    for (const [x, y] of [[place.x, place.y], [place.x + place.w - w, place.y], [place.x, place.y + place.h - h], [place.x + place.w - w, place.y + place.h - h]]) {
      const at = { x: Math.min(x, room.columns - w), y: Math.min(y, room.rows - h), w, h };
      if (isFree(at)) return at;
    }
  }
  return place;
}

function duplicate(id) {
  const widget = state().widgets.find((each) => each && each.id === id);
  const kind = facts.kinds[widget.kind];
  const free = freePlace([widget.w, widget.h], kind.least, state().widgets.filter(Boolean).map(cellsOf), { columns: facts.grid.columns, rows: facts.grid.rows });
  if (!free) return signs.say("There is no room for another one.", true);
  return add(widget.kind, widget.options, free);
}

function remove(id) {
  const label = (tilesNow().find((each) => each.id === id) || {}).label;
  const index = state().widgets.findIndex((each) => each && each.id === id);
  if (index < 0) return;
  const left = state().widgets.filter((each) => !each || each.id !== id);
  picked = null;
  commit({ ...state(), widgets: left });
  signs.say(`${label} is removed. Control Z brings it back.`);
  const next = left[Math.min(index, left.length - 1)];
  if (next) stage.focus(next.id);
  else byId("palette-search").focus();
}

function pick(id) {
  if (picked === id) return;
  picked = id;
  draw();
}

function step(how, word) {
  moving = null;
  isOutside = true;
  if (history[how]()) {
    if (picked !== null && !state().widgets.some((each) => each && each.id === picked)) picked = null;
    signs.say(word);
    changed();
  }
}

/* --- drawing */

function missing() {
  const metrics = (answer && answer.frame.metrics) || {};
  return new Set(Object.keys(metrics).filter((name) => metrics[name].state === "not_on_plan"));
}

function draw() {
  const tiles = tilesNow();
  stage.show(tiles, picked);
  drawPreview(tiles);
  const tile = tiles.find((each) => each.id === picked) || null;
  const [width, height] = SHAPES[shape];
  const screen = { width, height, inches: start.screen_inches };
  const remarks = remarksOf(tiles, screen);
  inspector.show(tile, {
    remarks: tile ? remarks.filter((each) => each.about === tile.id).map((each) => ({ ...each, text: each.plain })) : remarks,
    sizes: tile ? sizes[tile.id] : null, screen, distance_m: state().distance_m, isOutside, board: { count: tiles.length },
  });
  isOutside = false;
  palette.show({
    kinds: new Set(tiles.map((each) => each.kind)),
    metrics: new Set(tiles.flatMap((each) => [each.kind === "wait" ? "longest_wait_time" : null, each.options.metric, each.options.beside])),
  }, missing());
  press("distances", String(state().distance_m));
  press("shapes", shape);
  press("states", mode);
  byId("undo").disabled = !history.canUndo;
  byId("redo").disabled = !history.canRedo;
  byId("portrait-note").hidden = !isUpright();
  byId("portrait-note").querySelector("span").textContent = isOwnPortrait() ? "The upright layout is your own." : "The upright layout is made of the other one. Move a tile to make it your own.";
  byId("automatic").hidden = !isOwnPortrait();
  signs.count(byId("cost"), tiles.reduce((sum, each) => sum + ((facts.kinds[each.kind] || {}).numbers || 0), 0), MOST_NUMBERS, tiles.length);
  signs.saved(isSaving ? "saving" : isDirty() ? "changed" : "saved");
}

/* What the server says of the draft, and what can be seen here at once. A remark about a tile begins with its name where the board is told of. */
function remarksOf(tiles, screen) {
  const out = [];
  const label = (id) => (tiles.find((each) => each.id === id) || { label: "" }).label;
  const tell = (text, about, isProblem) => out.push({ text: about ? `${label(about)}: ${text}` : text, plain: text, about, isProblem });
  for (const tile of tiles) {
    for (const text of tile.problems) tell(text, tile.id, true);
    if (tile.wrong && !tile.isLost) tell(`${tile.wrong}. Move one of the two; the board cannot be saved like this.`, tile.id, true);
  }
  for (const each of (answer && answer.warnings) || []) tell(each.text, each.widget, false);
  for (const tile of tiles) {
    for (const text of tooSmall(readingRows(sizes[tile.id] || {}, screen, state().distance_m), state().distance_m)) tell(text, tile.id, false);
    const kind = facts.kinds[tile.kind];
    if (kind && kind.names_people && start.profile === "executive") tell("An executive's board names nobody: this tile is left out on the wall.", tile.id, false);
  }
  return out;
}

function drawPreview() {
  if (answer === null) return;
  const now_ms = answer.at_ms + performance.now() - answerAt;
  const widgets = state().widgets.filter((each) => each && facts.kinds[each.kind] && !answer.problems.some((problem) => problem.widget === each.id))
    .map((each) => ({ ...each, options: ownOptions(facts.kinds[each.kind], each.options || {}, facts), portrait: isOwnPortrait() ? each.portrait : flowedPlace(each.id) }));
  const frame = { ...answer.frame, board: { ...answer.frame.board, distance_m: state().distance_m, widgets } };
  const shown = pretended(frame, mode, now_ms);
  stage.draw({ frame: shown.frame, at_ms: now_ms, live: shown.live, notLive: shown.notLive, frozen: mode !== "now" });
}

function press(group, value) {
  for (const button of byId(group).querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === value));
}

function setShape(name) {
  shape = name;
  const [width, height] = SHAPES[name];
  stage.setShape({ width, height }, grid());
  byId("canvas").dataset.shape = name;
}

/* --- the server */

function askSoon() {
  clearTimeout(draftTimer);
  draftTimer = setTimeout(ask, DRAFT_AFTER_MS);
}

async function ask() {
  clearTimeout(draftTimer);
  if (isAsking || document.visibilityState === "hidden") {
    draftTimer = setTimeout(ask, DRAFT_EVERY_MS);
    return;
  }
  isAsking = true;
  const asked = state();
  const found = await server.draft(asked);
  isAsking = false;
  if (found.status === 200) {
    answer = found;
    answerAt = performance.now();
  }
  signs.line(found);
  draw();
  if (asked !== state()) askSoon();
  else draftTimer = setTimeout(ask, DRAFT_EVERY_MS);
}

async function save({ overwrite = null } = {}) {
  if (isSaving || isGone) return;
  isSaving = true;
  signs.clear("save");
  draw();
  const sent = history.now;
  const found = await server.save({ ...sent, revision: overwrite === null ? revision : overwrite });
  isSaving = false;
  if (found.status === 200) {
    drafts.drop();
    revision = found.revision;
    savedState = sent;
    if (isDirty()) drafts.keep(revision, history.now);
    signs.say(found.screens.length ? `Saved. It is on ${found.screens.length === 1 ? "its screen" : `its ${found.screens.length} screens`} now.` : "Saved.");
  } else if (found.status === 409) {
    signs.ask("save", `${found.theirs.by || "Somebody"} saved this board at ${found.theirs.when}, after you opened it. Nothing is lost: choose which version stays.`, [
      ["Keep mine", () => save({ overwrite: found.theirs.revision })],
      ["Take theirs", () => takeTheirs(found.theirs)],
    ]);
  } else if (found.status === 422) {
    answer = answer && { ...answer, problems: found.problems };
    signs.ask("save", `Not saved yet. ${sentenceOf(found)}`, []);
  } else signs.ask("save", signs.failure(found), []);
  if (found.status === 410) isGone = true;
  draw();
}

/* The server's first sentence, with a tile's name instead of its number. */
function sentenceOf(found) {
  const tiles = tilesNow();
  const wrong = tiles.find((each) => each.wrong);
  return wrong ? `${wrong.label}: ${wrong.wrong}.`.replace("..", ".") : found.message;
}

/* Mine stays a step of undo away. */
function takeTheirs(theirs) {
  revision = theirs.revision;
  savedState = { widgets: theirs.widgets, distance_m: theirs.distance_m };
  drafts.drop();
  isOutside = true;
  picked = null;
  signs.clear("save");
  commit(savedState);
  signs.say("This is their version now. Undo brings yours back.");
}

/* --- what somebody presses */

byId("save").addEventListener("click", () => save());
byId("undo").addEventListener("click", () => step("undo", "Undone."));
byId("redo").addEventListener("click", () => step("redo", "Done again."));
byId("theme").addEventListener("click", () => window.queuelightTheme.toggle());
byId("automatic").addEventListener("click", () => {
  commit({ ...state(), widgets: state().widgets.map(({ portrait, ...rest }) => rest) });
  signs.say("The upright layout is automatic again.");
});
byId("shapes").addEventListener("click", (event) => {
  if (!event.target.value) return;
  setShape(event.target.value);
  draw();
});
byId("states").addEventListener("click", (event) => {
  if (!event.target.value) return;
  mode = event.target.value;
  draw();
});
byId("distances").addEventListener("click", (event) => {
  if (event.target.value) commit({ ...state(), distance_m: Number(event.target.value) });
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const letter = event.key.toLowerCase();
  const isText = event.target.matches("input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea");
  if (letter === "s") save();
  else if (isText) return;
  else if (letter === "z" && !event.shiftKey) step("undo", "Undone.");
  else if (letter === "y" || (letter === "z" && event.shiftKey)) step("redo", "Done again.");
  else return;
  event.preventDefault();
});
byId("inspector").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && picked !== null && stage.focus(picked)) event.preventDefault();
});
window.addEventListener("beforeunload", (event) => {
  if (isDirty() && !isGone) event.preventDefault();
});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") askSoon(); });
stage.whenMeasured((found) => {
  sizes = found;
  draw();
});

function begin() {
  const kept = drafts.newest();
  if (kept !== null && kept.revision === revision) {
    commit(kept.state);
    signs.ask("draft", `What you had not saved ${signs.when(kept.at)} is here again.`, [["Throw it away", () => {
      isOutside = true;
      commit(savedState);
      signs.clear("draft");
    }]]);
  } else if (kept !== null) {
    signs.ask("draft", `You had changes to an earlier version of this board, ${signs.when(kept.at)}. Somebody has saved it since.`, [
      ["Take my changes", () => {
        isOutside = true;
        commit(kept.state);
        signs.clear("draft");
      }],
      ["Throw them away", () => {
        drafts.drop();
        signs.clear("draft");
      }],
    ]);
  }
  setShape("wide");
  draw();
  ask();
}

begin();
