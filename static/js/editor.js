/* The editor of a board: palette, canvas, options, undo, saving. One way: what somebody does makes a new state, the state is drawn.

   In:  the board as it is (json_script "start"), kinds and metrics ("facts"). Out: drafts with real data every 2 s, a saved board.
   The state is {widgets, distance_m}, plain JSON as the server keeps it; a tile that cannot be used any more stays in it until it is mended. */

import { createDrafts } from "./editor/drafts.js";
import { createHistory } from "./editor/history.js";
import { createInspector } from "./editor/inspector.js";
import {
  frameOf, gridOf, isOwnPortrait, remarksOf, tilesOf, withAutomaticPortrait, withNew, withOption, without, withPlace,
} from "./editor/model.js";
import { createPalette } from "./editor/palette.js";
import { pretended } from "./editor/pretend.js";
import { createSaving } from "./editor/saving.js";
import { createServer } from "./editor/server.js";
import { createSigns } from "./editor/signs.js";
import { createElsewhere, createStage } from "./editor/stage.js";

const data = (id) => JSON.parse(document.getElementById(id).textContent);
const byId = (id) => document.getElementById(id);
const start = data("start"), facts = data("facts");
const SHAPES = { wide: [1920, 1080], "4k": [3840, 2160], portrait: [1080, 1920] };
const DRAFT_EVERY_MS = 2000;
const DRAFT_AFTER_MS = 150;
const MOST_NUMBERS = 6;

const history = createHistory({ widgets: start.widgets, distance_m: start.distance_m });
let moving = null;                      // the state while somebody drags; not a step of its own
let shape = "wide", mode = "now", picked = null, isOutside = true;
let answer = null, answerAt = 0, sizes = {}, draftTimer = 0, isAsking = false;

const server = createServer(start.addresses, start.token_cookie, data("token"));
const signs = createSigns(byId("signs"), byId("saved"), byId("said"));
const saving = createSaving({
  server, signs, start, drafts: createDrafts(start.slug), state: () => history.now, changed: draw, explain,
  take: (state) => {
    isOutside = true;
    if (!state.widgets.some((each) => each && each.id === picked)) picked = null;
    commit(state);
  },
});
const stage = createStage(byId("canvas"), { address: start.addresses.preview, pick, change: changePlace, act });
const elsewhere = createElsewhere(byId("elsewhere"), start.addresses.preview);
const palette = createPalette(byId("palette"), facts, { add, hover: stage.hover });
const inspector = createInspector(byId("inspector"), facts, { set: setOption, remove, duplicate, pick, upload: server.upload, missing });

const state = () => moving || history.now;
const view = () => ({ isUpright: shape === "portrait", answer });
const tiles = () => tilesOf(state(), facts, view());
const tileOf = (id) => tiles().find((each) => each.id === id);

/* --- what can be done */

function commit(next, what = null) {
  moving = null;
  if (history.push(next, what)) changed();
  else draw();
}

function changed() {
  saving.remember();
  askSoon();
  draw();
}

function changePlace(id, place, isDone) {
  const isFirst = view().isUpright && !isOwnPortrait(state());
  const next = withPlace(state(), id, place, view());
  if (!isDone) {
    moving = next;
    draw();
    return;
  }
  commit(next, `place:${id}`);
  signs.say((isFirst ? "The upright layout is your own from now on. " : "") + tileOf(id).spoken);
}

function setOption(id, name, value) {
  commit(withOption(state(), id, name, value), `option:${id}:${name}`);
}

function add(kindName, options, place, size = null) {
  const made = withNew(state(), facts, kindName, { options, size }, place, view());
  if (made.refusal) {
    signs.say(made.refusal, true);
    return;
  }
  commit(made.state);
  pick(made.id);
  stage.focus(made.id);
  signs.say(`Added: ${tileOf(made.id).spoken}`);
}

function duplicate(id) {
  const widget = state().widgets.find((each) => each && each.id === id);
  add(widget.kind, widget.options, null, [widget.w, widget.h]);
}

function remove(id) {
  const tile = tileOf(id);
  const index = state().widgets.findIndex((each) => each && each.id === id);
  if (!tile) return;
  picked = null;
  commit(without(state(), id));
  signs.say(`${tile.label} is removed. Control Z brings it back.`);
  const next = state().widgets[Math.min(index, state().widgets.length - 1)];
  if (!next || !stage.focus(next.id)) byId("palette-search").focus();
}

function act(what, id) {
  if (what === "remove") remove(id);
  else inspector.focus();
}

function pick(id) {
  if (picked === id) return;
  picked = id;
  draw();
}

function step(how, word) {
  moving = null;
  if (!history[how]()) return;
  isOutside = true;
  if (!state().widgets.some((each) => each && each.id === picked)) picked = null;
  signs.say(word);
  changed();
}

/* --- drawing */

function missing() {
  const metrics = (answer && answer.frame.metrics) || {};
  return new Set(Object.keys(metrics).filter((name) => metrics[name].state === "not_on_plan"));
}

function draw() {
  const shown = tiles();
  const [width, height] = SHAPES[shape];
  const screen = { width, height, inches: start.screen_inches };
  const remarks = remarksOf(state(), facts, { answer, tiles: shown, sizes, screen, profile: start.profile });
  const tile = shown.find((each) => each.id === picked) || null;
  stage.show(shown, picked);
  drawPreview();
  inspector.show(tile, {
    remarks: tile ? remarks.filter((each) => each.about === tile.id).map((each) => ({ ...each, text: each.plain })) : remarks,
    sizes: tile ? sizes[tile.id] : null, screen, distance_m: state().distance_m, isOutside, count: shown.length,
  });
  isOutside = false;
  palette.show({
    kinds: new Set(shown.map((each) => each.kind)),
    metrics: new Set(shown.flatMap((each) => [each.kind === "wait" ? "longest_wait_time" : null, each.options.metric, each.options.beside])),
  }, missing());
  drawTools(shown);
}

function drawTools(shown) {
  press("distances", String(state().distance_m));
  press("shapes", shape);
  press("states", mode);
  byId("undo").disabled = !history.canUndo;
  byId("redo").disabled = !history.canRedo;
  const isOwn = isOwnPortrait(state());
  byId("portrait-note").hidden = !view().isUpright;
  byId("portrait-note").querySelector("span").textContent = isOwn ? "The upright layout is your own."
    : "The upright layout is made of the other one. Move a tile to make it your own.";
  byId("automatic").hidden = !isOwn;
  signs.count(byId("cost"), shown.reduce((sum, each) => sum + ((facts.kinds[each.kind] || {}).numbers || 0), 0), MOST_NUMBERS, shown.length);
  signs.saved(saving.word());
}

function drawPreview() {
  if (answer === null) return;
  const now_ms = answer.at_ms + performance.now() - answerAt;
  const frame = frameOf(state(), facts, answer);
  const message = (name) => ({ frame: pretended(frame, name, now_ms), at_ms: now_ms, isFrozen: name !== "now" });
  stage.draw(message(mode));
  if (moving === null) elsewhere.draw(message);
}

function press(group, value) {
  for (const button of byId(group).querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === value));
}

function setShape(name) {
  shape = name;
  const [width, height] = SHAPES[name];
  byId("canvas").dataset.shape = name;
  stage.setShape({ width, height }, gridOf(facts, name === "portrait"));
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
  draftTimer = setTimeout(ask, asked === state() ? DRAFT_EVERY_MS : DRAFT_AFTER_MS);
}

/* The server's first sentence, with a tile's name instead of its number. */
function explain(found) {
  if (answer) answer = { ...answer, problems: found.problems || [] };
  const wrong = tiles().find((each) => each.wrong);
  return wrong ? `${wrong.label}: ${wrong.wrong.replace(/\.$/, "")}.` : found.message;
}

/* --- what somebody presses */

function choose(group, then) {
  byId(group).addEventListener("click", (event) => {
    if (!event.target.value) return;
    then(event.target.value);
    draw();
  });
}

choose("shapes", setShape);
choose("states", (value) => { mode = value; });
choose("distances", (value) => commit({ ...state(), distance_m: Number(value) }));
byId("save").addEventListener("click", saving.save);
byId("undo").addEventListener("click", () => step("undo", "Undone."));
byId("redo").addEventListener("click", () => step("redo", "Done again."));
byId("theme").addEventListener("click", () => window.queuelightTheme.toggle());
byId("automatic").addEventListener("click", () => {
  commit(withAutomaticPortrait(state()));
  signs.say("The upright layout is automatic again.");
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const letter = event.key.toLowerCase();
  const isText = event.target.matches("input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea");
  if (letter === "s") saving.save();
  else if (isText) return;                 // a field has its own undo
  else if (letter === "z" && !event.shiftKey) step("undo", "Undone.");
  else if (letter === "y" || letter === "z") step("redo", "Done again.");
  else return;
  event.preventDefault();
});
byId("inspector").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && picked !== null && stage.focus(picked)) event.preventDefault();
});
window.addEventListener("beforeunload", (event) => {
  if (saving.isDirty()) event.preventDefault();
});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") askSoon(); });
stage.whenMeasured((found) => {
  sizes = found;
  draw();
});

setShape("wide");
saving.begin();
draw();
ask();
