/* Which words are spoken while a view draws. In: a board's language; the page's own words (json_script "words"). Out: setWords.

   The words of another language are fetched when a frame first asks for them; until they are here the view speaks on as before. So are
   those that the page left out because its first picture does not say them (`data-words`), once that is drawn. */

import { setWords } from "../live/words.js";

const RETRY_MS = 10000;
const tables = {};
const asked = {};
const lacking = {};                      // by language: whether the page has only a part of its words
let rest = false;
let ready = false;

function takePageWords() {
  ready = true;
  const node = document.getElementById("words");
  if (node === null) return;
  const table = JSON.parse(node.textContent);
  const language = (table["language.tag"] || "en").toLowerCase();
  if (table["language.tag"]) tables[language] = table;
  lacking[language] = document.documentElement.dataset.words === "part";
  setWords(language, table);
}

/* The first picture is drawn: what the page left out may come. */
export function bringRestOfWords() {
  rest = true;
}

/* `then` is called when words that were missing have come. */
export function speak(language, then) {
  if (!ready) takePageWords();
  if (!language) return;
  if (tables[language]) setWords(language, tables[language]);
  if (tables[language] && !(rest && lacking[language])) return;
  if (asked[language]) {
    asked[language].push(then);
    return;
  }
  asked[language] = [then];
  fetch("/words/" + encodeURIComponent(language) + ".json", { credentials: "same-origin" }).then((answer) => {
    if (!answer.ok) throw new Error("status " + answer.status);
    return answer.json();
  }).then((table) => {
    tables[language] = table;
    lacking[language] = false;
    for (const each of asked[language]) each();
    delete asked[language];
  }).catch((error) => {
    console.warn("Queuelight: the words of " + language + " did not come:", error.message);
    setTimeout(() => { delete asked[language]; }, RETRY_MS);
  });
}
