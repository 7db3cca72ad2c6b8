/* The words of the wall, in the board's language.

   In:  a language and its table (dashboard/words/tables.py): flat keys to sentences with {name} in them, or to {"one": …, "other": …},
        of which `n` chooses. Out: sentences. DOM-free. One table at a time: a page that shows boards of two languages sets the one
        before it draws each, which costs nothing.
   A key that is missing is shown as it is, and said once in the console: a tile with a strange word beats a board that stands still. */

import { marked, numeral } from "./numerals.js";

const NONE = { language: "en", table: {}, rules: new Intl.PluralRules("en") };
const known = [];                        // {language, table, rules} by table: making plural rules anew at each drawing would be slow
const MOST_KNOWN = 12;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LEFT_TO_RIGHT = /[A-Za-z\u00c0-\u02b8\u0370-\u0589\u0900-\u1fff\u3040-\ud7ff]/;
const ISOLATE = "\u2068";
const END = "\u2069";
const missed = {};
let current = NONE;

/* `table`: as the page carries it (json_script "words") or /words/<language>.json answers. */
export function setWords(language, table) {
  if (current.table === table && current.language === language) return;
  let found = known.find((each) => each.table === table && each.language === language);
  if (!found) {
    found = { language, table, rules: rulesOf(table["language.tag"] || language) };
    known.push(found);
    if (known.length > MOST_KNOWN) known.shift();
  }
  current = found;
}

/* The code of the language that is spoken now, such as "zh-hans". */
export function language() {
  return current.language;
}

/* The same for `lang` attributes and Intl, such as "zh-Hans". */
export function tag() {
  return current.table["language.tag"] || current.language;
}

export function isRtl() {
  return current.table["language.direction"] === "rtl";
}

export function has(key) {
  return Object.prototype.hasOwnProperty.call(current.table, key);
}

/* The sentence of a key. A number among `values` is written as the language writes numbers; a text that runs against the sentence's
   direction is isolated, so that a name cannot turn the words around it. */
export function say(key, values) {
  if (!has(key)) {
    miss(key);
    return key;
  }
  const given = values || {};
  const entry = current.table[key];
  const sentence = typeof entry === "string" ? entry : form(entry, given.n);
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (given[name] === undefined || given[name] === null ? whole : written(given[name])));
}

/* A plain decimal ("-1234.5") with the marks of the language. */
export function digits(text) {
  return marked(text, current.table);
}

function form(entry, n) {
  const chosen = entry[current.rules.select(Number(n))];
  return chosen === undefined ? entry.other : chosen;
}

function written(value) {
  if (typeof value === "number") return numeral(value, current.table);
  const text = String(value);
  return text !== "" && runsAgainst(text) ? ISOLATE + text + END : text;
}

/* Whether a text would turn the sentence around it. From right to left that is also one without any letter, such as a time; but not one
   that begins in the sentence's own direction: isolated, a text of isolated parts has no direction left, and its parts stand reversed. */
function runsAgainst(text) {
  const right = text.search(RIGHT_TO_LEFT);
  if (!isRtl()) return right >= 0;
  const left = text.search(LEFT_TO_RIGHT);
  return right < 0 || (left >= 0 && left < right);
}

function rulesOf(name) {
  try {
    return new Intl.PluralRules(name);
  } catch (error) {                      // a tag that this browser cannot read
    return NONE.rules;
  }
}

function miss(key) {
  if (missed[current.language + " " + key]) return;
  missed[current.language + " " + key] = true;
  console.warn("Queuelight has no words for " + key + " in " + current.language + ".");
}
