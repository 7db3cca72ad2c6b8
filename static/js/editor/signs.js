/* What the editor tells: whether it is saved, questions above the canvas, what a screen reader should hear, whether data comes.

   In:  states and sentences. Out: text on the page. Must not decide anything. */

import { icon, node } from "./dom.js";

const SAVED = { saved: ["ok", "Saved"], changed: ["wrap-up", "Not saved yet; kept in this browser"], saving: ["wrap-up", "Saving …"] };

export function createSigns(root, savedNode, saidNode) {
  const questions = new Map();
  let savedShown = "";

  function say(sentence, isWarning = false) {
    saidNode.textContent = sentence;
    if (isWarning) ask("said", sentence, []);
    else clear("said");
  }

  /* A sentence with buttons, in place until one is pressed; `name` is replaced by a new one. */
  function ask(name, sentence, choices) {
    clear(name);
    const close = node("button", { type: "button", class: "icon-btn", "aria-label": "Close", onclick: () => clear(name) }, icon("close"));
    const box = node("div", { class: "told", role: "alert" }, icon("warning"), node("p", { dir: "auto", text: sentence }),
      ...choices.map(([label, act]) => node("button", { type: "button", class: "btn small", text: label, onclick: act })), close);
    questions.set(name, box);
    root.append(box);
  }

  function clear(name) {
    const box = questions.get(name);
    if (!box) return;
    const hadFocus = box.contains(document.activeElement);
    box.remove();
    questions.delete(name);
    if (hadFocus) document.getElementById("save").focus();
  }

  function saved(word) {
    if (savedShown === word) return;
    savedShown = word;
    savedNode.replaceChildren(icon(SAVED[word][0]), node("span", { text: SAVED[word][1] }));
    savedNode.dataset.state = word;
  }

  function failure({ status, message }) {
    if (status === 401 || status === 403) return "Not saved: your login has ended. Log in in another tab, then press Save again; nothing is lost.";
    if (status === 0 || status >= 500) {
      return "Not saved: the server does not answer. What you made is kept in this browser; press Save again in a moment.";
    }
    return `Not saved. ${message || "The server refused it; reload the page."}`;
  }

  /* The answer to a draft: whether the canvas shows live data. */
  function line(found) {
    if (found.status === 200) clear("line");
    else if (!questions.has("line")) ask("line", `No live data in the preview. ${reason(found)}`, []);
  }

  function reason({ status, message }) {
    if (status === 401 || status === 403) return "Your login has ended: log in in another tab.";
    return status !== 0 && message ? message : "The server does not answer.";
  }

  function count(holder, numbers, most, tiles) {
    const text = `${numbers} of ${most} numbers · ${tiles} tile${tiles === 1 ? "" : "s"}`;
    if (holder.dataset.text === text) return;
    holder.dataset.text = text;
    holder.replaceChildren(icon(numbers > most ? "warning" : "ok"), node("span", { text }));
    holder.classList.toggle("too-many", numbers > most);
  }

  function when(at_ms) {
    const at = new Date(at_ms);
    const isToday = at.toDateString() === new Date().toDateString();
    const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    return isToday ? `at ${time}` : `on ${at.toLocaleDateString()} at ${time}`;
  }

  return { say, ask, clear, saved, failure, line, count, when };
}
