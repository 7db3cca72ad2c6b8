/* A sheet as a CSV file: RFC 4180 (commas, quotes doubled, CRLF), UTF-8 with a byte order mark, without which spreadsheets read umlauts
   wrongly. DOM-free.
   In: a sheet (sheets.js). Out: text. Numbers are plain, in the unit that their heading names; what is not known is an empty field.
   A text that a spreadsheet would take for a formula gets an apostrophe before it: names come from outside (CWE-1236). */

const BOM = "\ufeff";
const FORMULA = /^[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
const UNITS = { s: "s", ratio: "0 to 1", count: "" };

export function csvOf(sheet) {
  const head = sheet.columns.map((column) => field(column.label + (UNITS[column.unit] ? " (" + UNITS[column.unit] + ")" : "")));
  const rows = sheet.rows.map((row) => row.map((cell) => field(valueOf(cell))).join(","));
  return BOM + [head.join(","), ...rows].join("\r\n") + "\r\n";
}

function valueOf(cell) {
  if (cell === null) return "";
  if (typeof cell !== "object") return cell;
  return cell.value === undefined ? cell.text : cell.value;
}

function field(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = FORMULA.test(value) ? "'" + value : value;
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

/* "2026-11-21T14:32:07+01:00": a moment by the clock of a zone, with its distance from UTC. */
export function isoIn(ms, zone) {
  const whole = Math.floor(ms / 1000) * 1000;
  let shown = {};
  let offset_min = 0;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    for (const part of format.formatToParts(new Date(whole))) shown[part.type] = part.value;
    offset_min = Math.round((Date.UTC(+shown.year, +shown.month - 1, +shown.day, +shown.hour % 24, +shown.minute, +shown.second) - whole) / 60000);
  } catch (error) {                      // a zone that this browser does not know: UTC is right everywhere
    shown = null;
  }
  if (shown === null || offset_min === 0) return new Date(whole).toISOString().slice(0, 19) + "+00:00";
  const local = new Date(whole + offset_min * 60000).toISOString().slice(0, 19);
  const size = Math.abs(offset_min);
  return local + (offset_min < 0 ? "-" : "+") + String(Math.floor(size / 60)).padStart(2, "0") + ":" + String(size % 60).padStart(2, "0");
}

/* "queuelight-main-agents-2026-11-21-1432": a file's name without its ending. */
export function fileName(board, sheet, ms, zone) {
  const at = isoIn(ms, zone);
  return ["queuelight", board, sheet, at.slice(0, 10), at.slice(11, 16).replace(":", "")].join("-").replace(/[^\w.-]+/g, "_");
}
