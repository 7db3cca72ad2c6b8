/* The agents of the supervisor's page as rows: who they are, what they did, in which order. DOM-free.

   In: frame.agents (who is in what state since when, live) and the API's agents (performance, a little older). Out: rows, sorted and
   filtered. A part that is not known stays null, and stands last whichever way a column is sorted.
   A board may show first names, initials or nobody at all; to whoever may see performance, the API tells full names. */

import { presence } from "./tiles.js";

export const PRESENCES = ["available", "on_call", "wrap_up", "away", "transfers_only", "offline", "unknown"];
const FIELDS = {
  calls: "calls_accepted", missed: "calls_missed", denied: "calls_denied", talk: "total_talk_time", wrap: "total_wrap_up_time",
  hold: "total_hold_time", held: "calls_put_on_hold", taken: "accepted_transfers", made: "started_transfers",
  online: "online_time", free: "available_time", break: "away_time",
};
const FIGURES = { aht: "average_handle_time", occupancy: "occupancy_ratio" };
export const SORTS = ["name", "state", "for", ...Object.keys(FIELDS), ...Object.keys(FIGURES)];
const ORDER = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

// Letters that Unicode does not take apart, as they are typed where a keyboard lacks them.
const STROKED = { ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ß: "ss", ı: "i" };

/* `performance`: Map of agent id -> entry of /api/v1/agents. Where the board names nobody, they are the rows. */
export function rowsOf(agents, performance) {
  const listed = agents.length > 0 ? agents : Array.from(performance.values());
  return listed.map((agent) => {
    const did = performance.get(agent.id) || null;
    return {
      id: agent.id, name: did === null || !did.name ? agent.name : did.name, presence: presence(agent), since_exact: Boolean(agent.since_exact),
      since_ms: agent.since === undefined || agent.since === null ? null : Date.parse(agent.since), did,
    };
  });
}

/* How many rows are in each presence; `here`: all but the offline ones. */
export function countsOf(rows) {
  const counts = { all: rows.length, here: 0 };
  for (const name of PRESENCES) counts[name] = 0;
  for (const row of rows) {
    counts[row.presence] += 1;
    if (row.presence !== "offline") counts.here += 1;
  }
  return counts;
}

/* `show`: all, here, or a presence. `text`: words that all occur in the name, whatever their case and accents. */
export function filtered(rows, show, text) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (show === "here" ? row.presence === "offline" : show !== "all" && row.presence !== show) return false;
    if (words.length === 0) return true;
    const name = plain(row.name);
    return words.every((word) => name.includes(word));
  });
}

/* A new array; equal rows stand by name, then by id, so that the order never depends on the order before. */
export function sorted(rows, key, descending) {
  const turn = descending ? -1 : 1;
  return rows.slice().sort((a, b) => {
    const left = valueOf(a, key);
    const right = valueOf(b, key);
    if (left !== right) {
      if (left === null) return 1;
      if (right === null) return -1;
      const order = typeof left === "string" ? ORDER.compare(left, right) : left - right;
      if (order !== 0) return order * turn;
    }
    return ORDER.compare(a.name, b.name) || a.id - b.id;
  });
}

/* What a column is sorted by; null: nothing is known. "for" grows with the time in state, so the earlier beginning is the larger. */
function valueOf(row, key) {
  if (key === "name") return row.name;
  if (key === "state") return PRESENCES.indexOf(row.presence);
  if (key === "for") return row.since_ms === null ? null : -row.since_ms;
  const did = row.did;
  if (did === null) return null;
  if (FIGURES[key] !== undefined) return figure(did[FIGURES[key]]);
  const value = did[FIELDS[key]];
  return value === undefined ? null : value;
}

function figure(found) {
  return found && found.state === "value" ? found.value : null;
}

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[łøđðþæœßı]/g, (letter) => STROKED[letter]);
}
