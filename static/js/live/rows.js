/* The agents of the supervisor's page as rows: who they are, what they did, in which order. DOM-free.

   In: frame.agents (who is in what state since when, live) and the API's agents (performance, a little older). Out: rows, sorted and
   filtered. A part that is not known stays null, and stands last whichever way a column is sorted. */

import { presence } from "./tiles.js";

export const PRESENCES = ["available", "on_call", "wrap_up", "away", "transfers_only", "offline", "unknown"];
export const SORTS = ["name", "state", "for", "calls", "aht", "occupancy", "missed"];
const ORDER = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/* `performance`: Map of agent id -> entry of /api/v1/agents. */
export function rowsOf(agents, performance) {
  return agents.map((agent) => ({
    id: agent.id, name: agent.name, presence: presence(agent), since_exact: Boolean(agent.since_exact),
    since_ms: agent.since === undefined ? null : Date.parse(agent.since),
    did: performance.get(agent.id) || null,
  }));
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
  const did = row.did;
  switch (key) {
    case "name": return row.name;
    case "state": return PRESENCES.indexOf(row.presence);
    case "for": return row.since_ms === null ? null : -row.since_ms;
    case "calls": return did === null ? null : did.calls_accepted;
    case "aht": return did === null ? null : figure(did.average_handle_time);
    case "occupancy": return did === null ? null : figure(did.occupancy_ratio);
    case "missed": return did === null ? null : did.calls_missed;
    default: return null;
  }
}

function figure(found) {
  return found && found.state === "value" ? found.value : null;
}

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
