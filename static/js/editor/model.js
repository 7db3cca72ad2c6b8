/* The board that is being made: its tiles as the canvas needs them, and what can be done to them. DOM-free, pure.

   In:  the state {widgets, distance_m} as the server keeps it, the facts, a view {isUpright, answer}: which layout is looked at, and the last
   draft (its frame, problems, warnings; null before the first). Out: new states; nothing here changes its arguments. */

import { freePlace, freshId, overlap, overlaps } from "./layout.js";
import { readingRows, tooSmall } from "./reading.js";
import { cellsOf, labelOf, ownOptions, spokenOf } from "./tiles.js";

const LEFT_OUT = "An executive's board names nobody: this tile is left out on the wall.";
const known = (state) => state.widgets.filter((each) => each && typeof each.id === "string");

/* Whether every tile has an upright place of its own; else they are made of the lying ones. */
export function isOwnPortrait(state) {
  return state.widgets.length > 0 && state.widgets.every((each) => each && each.portrait);
}

export function gridOf(facts, isUpright) {
  const { columns, rows, portrait_columns, portrait_rows } = facts.grid;
  return isUpright ? { columns: portrait_columns, rows: portrait_rows } : { columns, rows };
}

/* Where the server put a tile on an upright screen; a new one has no place there yet. */
export function flowedPlace(id, answer) {
  const found = answer && answer.frame.board.widgets.find((each) => each.id === id);
  return found ? found.portrait : { x: 0, y: 0, w: 4, h: 2 };
}

/* [{id, kind, place, options, label, problems, wrong, isLost, least, spoken}]; `wrong` is what keeps it from being saved, "" for nothing. */
export function tilesOf(state, facts, { isUpright, answer }) {
  const isOwn = isOwnPortrait(state);
  const placeOf = (widget) => (!isUpright ? cellsOf(widget) : isOwn ? cellsOf(widget.portrait) : flowedPlace(widget.id, answer));
  const widgets = known(state);
  const placed = widgets.map((widget) => ({ id: widget.id, place: placeOf(widget) }));
  const pairs = isUpright && !isOwn ? [] : overlaps(placed);
  const name = (id) => labelOf(widgets.find((each) => each.id === id), facts);
  return widgets.map((widget, index) => {
    const kind = facts.kinds[widget.kind];
    const problems = ((answer && answer.problems) || []).filter((each) => each.widget === widget.id).map((each) => each.text);
    const pair = pairs.find((each) => each.includes(widget.id));
    const tile = {
      id: widget.id, kind: widget.kind, place: placed[index].place, options: widget.options || {}, label: labelOf(widget, facts), problems,
      wrong: problems[0] || (pair ? `Lies over ${name(pair[pair[0] === widget.id ? 1 : 0])}` : ""),
      isLost: problems.length > 0, least: isUpright ? [2, 2] : kind ? kind.least : [1, 1],
    };
    return { ...tile, spoken: spokenOf(tile, facts) };
  });
}

/* The first change of an upright place makes all of them the board's own. */
export function withPlace(state, id, place, { isUpright, answer }) {
  const isOwn = isOwnPortrait(state);
  return {
    ...state,
    widgets: state.widgets.map((each) => {
      if (!each) return each;
      if (!isUpright) return each.id === id ? { ...each, ...place } : each;
      return { ...each, portrait: each.id === id ? place : isOwn ? each.portrait : flowedPlace(each.id, answer) };
    }),
  };
}

export function withAutomaticPortrait(state) {
  return { ...state, widgets: state.widgets.map(({ portrait, ...rest }) => rest) };
}

/* `value` undefined: as if it had never been chosen. Limits belong to their metric: another one begins without any of its own. */
export function withOption(state, id, name, value) {
  return {
    ...state,
    widgets: state.widgets.map((each) => {
      if (!each || each.id !== id) return each;
      const { [name]: _, ...options } = each.options || {};
      if (name === "metric") delete options.threshold;
      return { ...each, options: value === undefined ? options : { ...options, [name]: value } };
    }),
  };
}

export function without(state, id) {
  return { ...state, widgets: state.widgets.filter((each) => !each || each.id !== id) };
}

/* {state, id}, or {refusal} with one sentence. `place`: where somebody let it go on the layout that is looked at; null: the first free place. */
export function withNew(state, facts, kindName, options, place, { isUpright }) {
  const kind = facts.kinds[kindName];
  if (state.widgets.length >= facts.most_widgets) return { refusal: `A board has at most ${facts.most_widgets} tiles.` };
  const lying = gridOf(facts, false), upright = gridOf(facts, true);
  const taken = known(state).map(cellsOf);
  const size = options.size || kind.size;
  const at = place && !isUpright ? fitted(place, kind.least, taken, lying) : freePlace(size, kind.least, taken, lying);
  if (!at) return { refusal: "There is no room for it. Make another tile smaller, or remove one, then add it." };
  const id = freshId(kindName, known(state).map((each) => each.id));
  const widget = { id, kind: kindName, ...at, options: ownOptions(kind, options.options || {}, facts) };
  if (isOwnPortrait(state)) {
    const there = state.widgets.map((each) => cellsOf(each.portrait));
    widget.portrait = (isUpright && place) || freePlace([8, 4], [2, 2], there, upright) || { x: 0, y: 0, w: 4, h: 2 };
  }
  return { state: { ...state, widgets: [...state.widgets, widget] }, id };
}

/* A place where somebody let it go; smaller, down to its least size, and in any corner of it, when that spares an overlap. */
function fitted(place, least, taken, grid) {
  for (let less = 0; less <= grid.columns; less += 1) {
    const w = Math.max(least[0], place.w - less), h = Math.max(least[1], place.h - less);
    const right = place.x + place.w - w, bottom = place.y + place.h - h;
    for (const [x, y] of [[place.x, place.y], [right, place.y], [place.x, bottom], [right, bottom]]) {
      const at = { x: Math.min(x, grid.columns - w), y: Math.min(y, grid.rows - h), w, h };
      if (!taken.some((other) => overlap(at, other))) return at;
    }
  }
  return place;
}

/* What the server says of the draft, and what can be seen here at once: [{text, plain, about, isProblem}]. `text` begins with the tile's name. */
export function remarksOf(state, facts, { answer, tiles, sizes, screen, profile }) {
  const out = [];
  const names = new Map(tiles.map((each) => [each.id, each.label]));
  const tell = (plain, about, isProblem) => out.push({ text: about ? `${names.get(about) || ""}: ${plain}` : plain, plain, about, isProblem });
  for (const tile of tiles) {
    for (const problem of tile.problems) tell(problem, tile.id, true);
    if (tile.wrong && !tile.isLost) tell(`${tile.wrong}. Move one of the two; the board cannot be saved like this.`, tile.id, true);
  }
  for (const each of (answer && answer.warnings) || []) tell(each.text, each.widget, false);
  for (const tile of tiles) {
    const rows = readingRows(sizes[tile.id] || {}, screen, state.distance_m);
    for (const sentence of tooSmall(rows, state.distance_m)) tell(sentence, tile.id, false);
    const kind = facts.kinds[tile.kind];
    if (kind && kind.names_people && profile === "executive") tell(LEFT_OUT, tile.id, false);
  }
  return out;
}

/* The frame of the last draft with the tiles as they are at this moment, moved and renamed since. */
export function frameOf(state, facts, answer) {
  const isOwn = isOwnPortrait(state);
  const isWrong = (id) => answer.problems.some((problem) => problem.widget === id);
  const widgets = known(state).filter((each) => facts.kinds[each.kind] && !isWrong(each.id)).map((each) => ({
    ...each, options: ownOptions(facts.kinds[each.kind], each.options || {}, facts), portrait: isOwn ? each.portrait : flowedPlace(each.id, answer),
  }));
  return { ...answer.frame, board: { ...answer.frame.board, distance_m: state.distance_m, widgets } };
}
